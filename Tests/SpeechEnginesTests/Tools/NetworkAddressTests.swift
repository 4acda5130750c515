import Testing

@testable import SpeechEngines

/// Which addresses a tool server may have.
@Suite("Network addresses")
struct NetworkAddressTests {
    @Test(
        "What is no host of the public Internet is told apart",
        arguments: [
            "0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1",
            "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.168.1.1", "198.18.0.1", "198.51.100.7", "203.0.113.9",
            "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "::", "::1", "::127.0.0.1",
            "::ffff:127.0.0.1", "::ffff:8.8.8.8", "64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::1", "100::1",
            "fc00::1", "fd12:3456::1", "fe80::1", "febf::1", "ff02::1", "2001::1", "2001:db8::1", "2002:7f00:1::1",
            "3fff::1",
        ])
    func privateOnes(_ text: String) throws {
        #expect(try #require(NetworkAddress(text)).isPublic == false)
    }

    @Test(
        "A host of the public Internet may be connected to",
        arguments: [
            "8.8.8.8", "1.1.1.1", "172.15.255.255", "172.32.0.1", "100.128.0.1", "192.167.255.255", "2606:4700::1111",
            "2a00:1450:4001::1", "2001:4860:4860::8888",
        ])
    func publicOnes(_ text: String) throws {
        let address = try #require(NetworkAddress(text))
        #expect(address.isPublic)
        #expect(address.text == text)
    }

    @Test(
        "What the system's resolver takes for a number is no number here",
        arguments: ["127.1", "0x7f000001", "2130706433", "017700000001", "localhost", "", "::1%lo", "1.2.3.4.5"])
    func noNumbers(_ text: String) {
        #expect(NetworkAddress(text) == nil)
    }
}
