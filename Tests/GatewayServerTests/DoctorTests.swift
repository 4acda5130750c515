import Foundation
import Glibc
import Logging
import RealtimeProtocol
import Testing

@testable import GatewayServer

@Suite("What the doctor says")
struct DoctorTests {
    @Test("A processor without AVX2 is refused for the embedded engine alone, in words that name a way out")
    func processor() {
        var machine = MachineCheck(
            architecture: "x86_64", processorFlags: ["sse4_2"], cores: 4, memoryBytes: 8_000_000_000, isEmbedded: true)
        #expect(machine.findings[0].grade == .failed)
        #expect(machine.findings[0].advice?.contains("--engine-embedded false") == true)
        machine.isEmbedded = false
        #expect(machine.findings.map(\.grade) == [.good, .good])
        machine = MachineCheck(
            architecture: "x86_64", processorFlags: ["avx2"], cores: 1, memoryBytes: 1_000_000_000, isEmbedded: true)
        #expect(machine.findings.map(\.grade) == [.warning, .failed])
        #expect(machine.findings[1].advice?.contains("--llm URL") == true)
    }

    @Test(
        "A certificate is missing, unusable, over, nearly over or good",
        arguments: [
            (CertificateCheck.Files.none, DoctorFinding.Grade.warning, "make certs"),
            (.unusable("https.certificate: x.pem is no usable PEM file"), .failed, "make certs"),
            (.good(path: "x.pem", days: -3), .failed, "renews"), (.good(path: "x.pem", days: 29), .warning, "restart"),
            (.good(path: "x.pem", days: 30), .good, ""),
        ])
    func certificate(_ files: CertificateCheck.Files, _ grade: DoctorFinding.Grade, _ advice: String) {
        let finding = CertificateCheck(files: files).finding
        #expect(finding.grade == grade)
        #expect(advice.isEmpty == (finding.advice == nil))
        #expect(advice.isEmpty || finding.advice?.contains(advice) == true)
    }

    @Test("Trust of the system is good; of the authority's file alone it is told how clients get it")
    func trust() {
        let check = { TrustCheck(byAuthority: $0, bySystem: $1, authority: "/certs/ca.pem").finding }
        #expect(check(nil, true).grade == .good)
        #expect(check(true, false).grade == .warning)
        #expect(check(true, false).advice?.contains("SSL_CERT_FILE=/certs/ca.pem") == true)
        #expect(check(false, false).grade == .failed)
        #expect(check(nil, false).grade == .warning)
    }

    @Test(
        "A port that is taken or forbidden is named with its key and the flag that changes it",
        arguments: [
            (PortCheck.Use.free, DoctorFinding.Grade.good, ""), (.ours, .good, ""), (.taken, .failed, "--http-port"),
            (.refused(EACCES), .failed, "--http-port"), (.refused(EADDRNOTAVAIL), .failed, "ip address"),
            (.refused(EMFILE), .failed, "--http-port"),
        ])
    func port(_ use: PortCheck.Use, _ grade: DoctorFinding.Grade, _ advice: String) {
        let finding = PortCheck(key: "http.port", host: "::1", port: 8080, use: use).finding
        #expect(finding.grade == grade)
        #expect(finding.found.contains("::1"))
        #expect(finding.found.contains("http."))
        #expect(advice.isEmpty || finding.advice?.contains(advice) == true)
    }

    @Test("A port is found taken while somebody listens on it, and free afterwards")
    func binding() throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                _ = bind(descriptor, address, length)
                _ = getsockname(descriptor, address, &length)
            }
        }
        #expect(listen(descriptor, 1) == 0)
        let port = Int(UInt16(bigEndian: address.sin_port))
        #expect(PortCheck.bind("127.0.0.1", port) == EADDRINUSE)
        close(descriptor)
        #expect(PortCheck.bind("127.0.0.1", port) == nil)
        #expect(PortCheck.bind("203.0.113.1", port) == EADDRNOTAVAIL)
    }

    @Test("Beside a Parley that runs, the port of HTTPS that is taken is its own, and somebody else's otherwise")
    func besideParley() async throws {
        try await RunningGateway.with { gateway in
            let port = gateway.http.port
            #expect(await Doctor.check("https.port", "127.0.0.1", port, besideHTTP: port).use == .ours)
            #expect(await Doctor.check("https.port", "127.0.0.1", port, besideHTTP: 1).use == .taken)
        }
    }

    @Test("Addresses that lead nowhere fail, private ones are a warning for a server that is open to others")
    func addresses() {
        func check(_ configured: [String], shown: String? = nil, open: Bool = true) -> DoctorFinding {
            AddressCheck(
                local: ["127.0.0.1", "192.168.1.7", "fe80::1"], configured: configured, publicAddress: shown,
                hasServers: false, isOpen: open
            ).finding
        }
        #expect(check(["10.0.0.1"]).grade == .failed)
        #expect(check(["10.0.0.1"]).advice?.contains("ice.public-address") == true)
        #expect(check(["127.0.0.1"]).grade == .failed)
        #expect(check(["127.0.0.1"], open: false).grade == .good)
        #expect(check([]).grade == .warning)
        #expect(check([]).found == "media at 192.168.1.7")
        #expect(check([], shown: "203.0.113.9").grade == .good)
        #expect(check([], open: false).grade == .good)
    }

    @Test(
        "Addresses that only a private network reaches are known",
        arguments: [
            ("10.1.2.3", true), ("172.16.0.1", true), ("172.32.0.1", false), ("192.168.0.1", true),
            ("100.64.0.1", true), ("203.0.113.1", false), ("fd00::1", true), ("2001:db8::1", false),
        ])
    func privateAddresses(_ address: String, _ isPrivate: Bool) {
        #expect(AddressCheck.isPrivate(address) == isPrivate)
    }

    @Test("Models that are missing or damaged are named, with the command that brings them")
    func models() {
        let check = { ModelCheck(directory: "/models", files: $0).finding }
        #expect(check(.good(count: 8)).grade == .good)
        #expect(check(.notWanted).grade == .good)
        #expect(check(.missing(["hibari", "llama.cpp"])).found == "/models lacks hibari, llama.cpp")
        #expect(check(.missing(["hibari"])).advice?.contains("parley models fetch") == true)
        #expect(check(.wrong("/models/x has the wrong contents")).advice?.contains("parley models fetch") == true)
    }

    @Test("An engine that fails or is late says why")
    func engine() {
        #expect(EngineCheck(outcome: .ready(engine: "parley-embedded", seconds: 5.5)).finding.grade == .good)
        #expect(
            EngineCheck(outcome: .failed("the embedded engine cannot start")).finding.found.contains("cannot start"))
        #expect(EngineCheck(outcome: .late(seconds: 180, step: "loading")).finding.found.contains("loading"))
    }

    @Test("A call is judged by its sound, and by how long that took")
    func call() {
        func check(_ after: Duration?) -> DoctorFinding {
            CallCheck(outcome: .answered(question: "Q?", answer: "A.", heardAfter: after)).finding
        }
        #expect(check(.milliseconds(900)).grade == .good)
        #expect(check(.milliseconds(900)).found.contains("heard 900 ms"))
        #expect(check(.seconds(4)).grade == .warning)
        #expect(check(nil).grade == .failed)
        #expect(CallCheck(outcome: .failed("No packet came.")).finding.found == "No packet came.")
    }

    @Test("As JSON the findings keep their grades, and all is well unless one failed")
    func json() throws {
        let good = DoctorFinding("port", .good, "free")
        let bad = DoctorFinding("call", .failed, "silent", advice: "Speak.")
        #expect(
            DoctorFinding.json([good, bad])
                == #"{"ok":false,"checks":[{"check":"port","grade":"good","found":"free","advice":null},{"check":"call","grade":"failed","found":"silent","advice":"Speak."}]}"#
        )
        #expect(DoctorFinding.json([good]).hasPrefix(#"{"ok":true"#))
    }
}

/// It makes a call, and SCTP belongs to the process: among the suites that have one of their own.
extension SpokenCallTests {
    @Test("A scripted server is examined from the processor to a call, and a caller's failure is the last finding")
    func examination() async throws {
        let configuration = try GatewayConfiguration(
            arguments: ["--engine-embedded", "false", "--http-port", "0", "--https-port", "0"], environment: [:])
        var plain = configuration
        plain.https.tls = nil
        let doctor = Doctor(plain, logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })) {
            url, samples, _ in
            #expect(url.host() == "127.0.0.1")
            #expect(!samples.isEmpty)
            return .failed("Nobody is there.")
        }
        let findings = await doctor.examine { _ in }
        #expect(
            findings.map(\.check) == [
                "processor", "memory", "certificate", "addresses", "models", "engine", "call",
            ])
        #expect(findings.last?.found == "Nobody is there.")
        #expect(findings.dropLast().allSatisfy { $0.grade != .failed })
    }
}
