"""The cases, in the order they run."""

from collections.abc import Callable
from dataclasses import dataclass

from . import aiortc_calls, browsers, endings, https_curl, libdatachannel


@dataclass
class Case:
    """`run` returns what it measured, in words, or raises. `own_network`: in a network namespace of its own."""

    run: Callable[[], str]
    own_network: bool = False
    limit_seconds: int = 90


CASES = {
    "chromium": Case(browsers.chromium),
    "chromium-no-flags": Case(browsers.chromium_no_flags, own_network=True),
    "chromium-tcp": Case(browsers.chromium_tcp, own_network=True),
    "chromium-hidden-address": Case(browsers.chromium_hidden_address, own_network=True),
    "page-asks-for-key": Case(browsers.page_asks_for_key),
    "firefox": Case(browsers.firefox, own_network=True),
    "aiortc-dtls-client": Case(aiortc_calls.dtls_client),
    "aiortc-dtls-server": Case(aiortc_calls.dtls_server),
    "libdatachannel": Case(libdatachannel.data_only, own_network=True),
    "https-curl": Case(https_curl.signalled_by_curl),
    "server-hangs-up": Case(endings.server_hangs_up),
    "server-stops": Case(endings.server_stops),
    "page-closes": Case(endings.page_closes),
    "browser-killed": Case(endings.browser_killed),
}
