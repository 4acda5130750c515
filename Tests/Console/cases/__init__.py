"""The cases, in the order they run."""

from dataclasses import dataclass

from interop.namespace import set_up_loopback
from interop.runner import Case

from . import access, costs, embedded, modules, replaying, returning, safety, set_up, suggestions, talking, tools, trouble, waterfall


@dataclass(frozen=True)
class PageCase(Case):
    """`is_short`: part of the short form, for .ci/run. `is_alone`: it measures time, so nothing runs beside it."""

    limit_seconds: int = 120
    is_short: bool = True
    is_alone: bool = False


CASES = {
    "chromium-spoken": PageCase(lambda: talking.spoken(talking.in_chromium)),
    "firefox-spoken": PageCase(lambda: talking.spoken(talking.in_firefox)),
    "chromium-interrupted": PageCase(lambda: talking.interrupted(talking.in_chromium)),
    "firefox-interrupted": PageCase(lambda: talking.interrupted(talking.in_firefox)),
    "chromium-written": PageCase(lambda: talking.written(talking.in_chromium)),
    "firefox-written": PageCase(lambda: talking.written(talking.in_firefox), is_short=False),
    "push-to-talk": PageCase(talking.push_to_talk),
    "answer-on-request": PageCase(talking.answered_on_request),
    "set-up": PageCase(set_up.changed_while_talking),
    "events": PageCase(set_up.events_inspected),
    "costs": PageCase(costs.of_a_conversation),
    "replay": PageCase(replaying.saved_and_replayed),
    "modules": PageCase(modules.by_example),
    "tools-of-servers": PageCase(tools.of_servers, is_short=False),
    "denied-microphone": PageCase(trouble.denied_microphone),
    "refused-key": PageCase(trouble.refused_key),
    "no-path": PageCase(trouble.no_path, own_network=True, set_up=set_up_loopback),
    "websocket-interrupted": PageCase(trouble.interrupted_over_websocket),
    "server-restarts": PageCase(trouble.server_restarts),
    "tab-killed": PageCase(returning.killed_tab),
    "markup": PageCase(safety.markup_everywhere),
    "accessibility": PageCase(access.audit, limit_seconds=240),
    "keyboard": PageCase(access.by_keyboard),
    "waterfall": PageCase(waterfall.against_recording, is_short=False, limit_seconds=240, is_alone=True),
    "embedded": PageCase(embedded.conversation, is_short=False, limit_seconds=300, is_alone=True),
    "suggestions": PageCase(suggestions.each_tried, is_short=False, limit_seconds=300, is_alone=True),
}
