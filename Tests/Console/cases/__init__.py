"""The cases, in the order they run."""

from collections.abc import Callable
from dataclasses import dataclass

from . import access, embedded, modules, safety, set_up, suggestions, talking, tools, trouble, waterfall


@dataclass(frozen=True)
class Case:
    """`run` returns what it measured, in words, or raises. `is_short`: part of the short form, for .ci/run.
    `own_network`: in a network namespace of its own, which it sets up. `is_alone`: it measures time, so nothing runs beside it."""

    run: Callable[[], str]
    is_short: bool = True
    limit_seconds: int = 120
    own_network: bool = False
    is_alone: bool = False


CASES = {
    "chromium-spoken": Case(lambda: talking.spoken(talking.in_chromium)),
    "firefox-spoken": Case(lambda: talking.spoken(talking.in_firefox)),
    "chromium-interrupted": Case(lambda: talking.interrupted(talking.in_chromium)),
    "firefox-interrupted": Case(lambda: talking.interrupted(talking.in_firefox)),
    "chromium-written": Case(lambda: talking.written(talking.in_chromium)),
    "firefox-written": Case(lambda: talking.written(talking.in_firefox), is_short=False),
    "push-to-talk": Case(talking.push_to_talk),
    "set-up": Case(set_up.changed_while_talking),
    "events": Case(set_up.events_inspected),
    "modules": Case(modules.by_example),
    "tools-of-servers": Case(tools.of_servers, is_short=False),
    "denied-microphone": Case(trouble.denied_microphone),
    "refused-key": Case(trouble.refused_key),
    "no-path": Case(trouble.no_path, own_network=True),
    "websocket-interrupted": Case(trouble.interrupted_over_websocket),
    "server-restarts": Case(trouble.server_restarts),
    "markup": Case(safety.markup_everywhere),
    "accessibility": Case(access.audit, limit_seconds=240),
    "keyboard": Case(access.by_keyboard),
    "waterfall": Case(waterfall.against_recording, is_short=False, limit_seconds=240, is_alone=True),
    "embedded": Case(embedded.conversation, is_short=False, limit_seconds=300, is_alone=True),
    "suggestions": Case(suggestions.each_tried, is_short=False, limit_seconds=300, is_alone=True),
}
