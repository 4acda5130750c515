import Foundation
import NIOSSL

/// The certificate's files: whether there are any, and for how long.
struct CertificateCheck {
    /// As `make certs` renews it.
    private static let renewDays = 30

    enum Files: Equatable {
        case none
        case unusable(String)
        case good(path: String, days: Int)
    }

    var files: Files

    var finding: DoctorFinding {
        switch files {
        case .none:
            DoctorFinding(
                "certificate", .warning, "there is none: HTTPS is off",
                advice: "Browsers on other machines give no microphone to a page without HTTPS. `make certs` makes one."
            )
        case .unusable(let reason):
            DoctorFinding(
                "certificate", .failed, reason,
                advice: "The server would not start. `make certs` makes a certificate and its key anew.")
        case .good(let path, let days) where days < 0:
            DoctorFinding(
                "certificate", .failed, "\(path) ended \(-days) days ago",
                advice: "No client takes it. `make certs` renews it.")
        case .good(let path, let days) where days < Self.renewDays:
            DoctorFinding(
                "certificate", .warning, "\(path) ends in \(days) days",
                advice: "`make certs` renews it; restart the server.")
        case .good(let path, let days):
            DoctorFinding("certificate", .good, "\(path), for \(days) more days")
        }
    }
}

extension CertificateCheck {
    init(_ tls: GatewayConfiguration.HTTPS.TLS?, now: Date) {
        guard let tls else {
            files = .none
            return
        }
        do {
            let configuration = try GatewayServer.tlsConfiguration(tls)
            // Finds a key that belongs to another certificate.
            _ = try NIOSSLContext(configuration: configuration)
            let end = try NIOSSLCertificate.fromPEMFile(tls.certificate).map(\.notValidAfter).min() ?? 0
            let days = (Double(end) - now.timeIntervalSince1970) / 86_400
            files = .good(path: tls.certificate, days: Int(days.rounded(.down)))
        } catch {
            files = .unusable("\(error)")
        }
    }
}
