/// Whether clients on this machine take the certificate, by handshakes with the running server.
struct TrustCheck {
    /// By the authority's file of the configuration; nil where there is no such file.
    var byAuthority: Bool?
    /// By what the system trusts.
    var bySystem: Bool
    var authority: String

    var finding: DoctorFinding {
        if bySystem { return DoctorFinding("trust", .good, "the system trusts the certificate for localhost") }
        switch byAuthority {
        case true?:
            return DoctorFinding(
                "trust", .warning, "the certificate is good for who trusts \(authority), which the system does not",
                advice:
                    "A client on this machine takes it with SSL_CERT_FILE=\(authority) (Node: NODE_EXTRA_CA_CERTS); a browser "
                    + "imports that file; a phone opens /parley-ca.pem.")
        case false?:
            return DoctorFinding(
                "trust", .failed, "the certificate is not from \(authority), or not for localhost",
                advice: "Clients that trust the authority refuse it. `make certs` makes both anew.")
        case nil:
            return DoctorFinding(
                "trust", .warning, "the system does not trust the certificate for localhost",
                advice:
                    "Right where it names a public host and clients use that name; else `make certs` makes one with an authority "
                    + "that clients can import.")
        }
    }
}
