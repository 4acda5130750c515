"""How calls end, seen from both sides."""

from interop.chromium import LOOPBACK, Chromium
from interop.server import CALLS, Server
from interop.waiting import until


def server_hangs_up() -> str:
    with Server(["127.0.0.1"]) as server, Chromium(server.page(), LOOPBACK) as page:
        with page.page.expect_response(lambda response: response.url.endswith(CALLS)) as answered:
            page.call()
        assert server.calls() == 1, server.calls()
        server.hang_up(answered.value.headers["location"])
        until(lambda: page.text("#state") == "The server ended the call.", "the page seeing the call end", 10)
        until(lambda: server.calls() == 0, "the server having no call")
        return "the page saw it"


def server_stops() -> str:
    with Server(["127.0.0.1"]) as server, Chromium(server.page(), LOOPBACK) as page:
        page.call()
        server.ask_to_stop()
        until(lambda: page.text("#state") == "The server ended the call.", "the page seeing the call end", 10)
        status = server.stop()
        assert status == 0, f"the server ended with status {status}"
        return "the page saw it, the server ended"


def page_closes() -> str:
    with Server(["127.0.0.1"]) as server, Chromium(server.page(), LOOPBACK) as page:
        page.call()
        assert server.calls() == 1, server.calls()
        page.close_page()
        until(lambda: server.calls() == 0, "the server having no call after the page was closed", 5)
        return "the server's call ended"


def browser_killed() -> str:
    """Nobody says goodbye: the server notices that the other side no longer consents."""
    with Server(["127.0.0.1"]) as server:
        with Chromium(server.page(), LOOPBACK) as page:
            page.call()
            assert server.calls() == 1, server.calls()
            page.kill()
            until(lambda: server.calls() == 0, "the server having no call after the browser was killed", 45)
        return "the server's call ended"
