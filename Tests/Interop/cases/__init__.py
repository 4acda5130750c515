"""The cases, in the order they run."""

from interop.namespace import set_up_loopback
from interop.runner import Case

from . import addresses, aiortc_calls, browsers, endings, https_curl, libdatachannel, relays, resuming, roaming, strangers

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
    "stun": Case(addresses.stun, own_network=True, set_up=set_up_loopback),
    "turn-udp": Case(relays.udp, own_network=True, set_up=set_up_loopback),
    "turn-tcp": Case(relays.tcp, own_network=True, set_up=set_up_loopback),
    "chromium-turn-udp": Case(relays.chromium_udp, own_network=True, set_up=set_up_loopback),
    "chromium-turn-tcp": Case(relays.chromium_tcp, own_network=True, set_up=set_up_loopback),
    "chromium-turns": Case(relays.chromium_tls, own_network=True, set_up=set_up_loopback),
    "aiortc-moves": Case(roaming.aiortc_moves, own_network=True, set_up=set_up_loopback),
    "chromium-moves": Case(roaming.chromium_moves, own_network=True, set_up=set_up_loopback),
    "chromium-restarts": Case(roaming.chromium_restarts),
    "aiortc-blackout": Case(roaming.aiortc_blackout, own_network=True, set_up=set_up_loopback),
    "lost-and-back": Case(resuming.there_and_back),
    "aiortc-turn-kept": Case(roaming.aiortc_turn_kept, own_network=True, set_up=set_up_loopback),
    "nat": Case(addresses.nat, own_network=True, set_up=set_up_loopback),
    "port-range": Case(addresses.port_range, own_network=True, set_up=set_up_loopback),
    "ipv6-only": Case(addresses.ipv6_only, own_network=True, set_up=set_up_loopback),
    "no-interface": Case(addresses.no_interface, own_network=True, set_up=set_up_loopback),
    "strangers": Case(strangers.flooded, own_network=True, set_up=set_up_loopback),
}
