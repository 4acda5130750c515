import SessionEngine
import Testing

/// Addresses of tool servers, read so that nobody reads them in another way.
@Suite("Server addresses")
struct ServerURLTests {
    @Test(
        "An address is written in one way",
        arguments: [
            ("https://Tools.Example/mcp?x=1", "https://tools.example:443/mcp?x=1"), ("http://a", "http://a:80/"),
            ("http://a:8000?x", "http://a:8000/?x"), ("https://[2001:DB8::1]:9/", "https://[2001:db8::1]:9/"),
        ])
    func written(_ text: String, _ expected: String) {
        #expect(ServerURL(text)?.text == expected)
    }

    @Test(
        "What could be read in two ways is none",
        arguments: [
            "", "https://", "ftp://a/", "//a/", "https:///x", "http://user@a/", "http://a@b:80/", "http://a:0/",
            "http://a:x/",
            "http://a:65536/", "http://a b/", "http://a/\n", "http://a\\@b/", "http://a#b", "http://[::1",
            "http://[a]/",
            "http://ä/", "http://%31/", "http://-a/", "http://.a/", "http://[fe80::1%25lo]/", "http://a:80:80/",
        ])
    func refused(_ text: String) {
        #expect(ServerURL(text) == nil)
    }
}
