"""Chromium and Firefox call from the static page."""

from interop.chromium import LOOPBACK, Chromium
from interop.firefox import Firefox
from interop.namespace import ADDRESS, drop_udp
from interop.page import check_call
from interop.server import CALLS, Server
from interop.waiting import until


def chromium() -> str:
    with Server(["127.0.0.1"]) as server, Chromium(server.page(), LOOPBACK) as page:
        measured = check_call(page)
        until(lambda: server.calls() == 0, "the server having no call after the button")
        return measured


def chromium_no_flags() -> str:
    """Nothing changed about WebRTC; the server listens on all interfaces of the namespace, as it does by default."""
    with Server([]) as server, Chromium(server.page()) as page:
        return check_call(page)


def chromium_tcp() -> str:
    drop_udp()
    with Server([ADDRESS]) as server, Chromium(server.page()) as page:
        measured = check_call(page)
        assert measured.endswith("over tcp"), measured
        return measured


def firefox() -> str:
    """As it comes: its own address hidden behind an mDNS name."""
    with Server([]) as server, Firefox(server.page(source="/speech.wav")) as page:
        measured = check_call(page)
        until(lambda: server.calls() == 0, "the server having no call after the button")
        return measured


def chromium_hidden_address() -> str:
    """Without the microphone's permission Chromium offers only mDNS names, which the server cannot resolve."""
    with Server([]) as server, Chromium(server.page(source="/speech.wav"), microphone=False) as page:
        with page.page.expect_request(lambda request: request.url.endswith(CALLS)) as offered:
            measured = check_call(page)
        hosts = [line.split()[4] for line in offered.value.post_data.splitlines() if line.startswith("a=candidate:")]
        assert hosts and all(host.endswith(".local") for host in hosts), hosts
        return measured


def page_asks_for_key() -> str:
    with Server(["127.0.0.1"], auth={"keys": ["a-key-of-this-test"]}) as server:
        with Chromium(server.page(), LOOPBACK) as page:
            assert not page.page.is_visible("#key"), "the page asks for a key before it knows that one is needed"
            page.click("#call")
            page.page.wait_for_selector("#key", state="visible")
            assert page.text("#state") == "The server asks for a key.", page.text("#state")
            page.page.fill("#key", "a-key-of-this-test")
            page.call()
            page.click("#call")
            until(lambda: server.calls() == 0, "the server having no call after the button")
            return "asked, given, called, hung up"
