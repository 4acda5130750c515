"""One client's session, whatever carries it: sends client events, and hands out server events that
passed every rule."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from .watch import Event, Watch

LIMIT_SECONDS = 12.0


class Closed(AssertionError):
    """The connection ended: `code` and `reason` of the close frame, where there was one."""

    def __init__(self, code: int | None = None, reason: str = "") -> None:
        super().__init__(f"the connection was closed: {code} {reason}".rstrip())
        self.code, self.reason = code, reason


class ServerError(AssertionError):
    """An `error` event nobody expected."""

    def __init__(self, error: Event) -> None:
        super().__init__(f"error event: {error}")
        self.error = error


class Turn:
    """The events of one response, from its creation to its end."""

    def __init__(self, events: list[Event]) -> None:
        self.events = events
        self.names = [event["type"] for event in events]
        self.response: Event = events[-1]["response"]

    @property
    def text(self) -> str:
        """What was written or said."""
        parts = [part for item in self.response["output"] for part in item.get("content", [])]
        return " ".join(part.get("text", part.get("transcript", "")) for part in parts)

    @property
    def items(self) -> list[Event]:
        return self.response["output"]

    @property
    def calls(self) -> list[Event]:
        return [item for item in self.items if item["type"] == "function_call"]

    @property
    def usage(self) -> Event:
        return self.response["usage"]

    def of(self, name: str) -> list[Event]:
        return [event for event in self.events if event["type"] == name]

    def place(self, name: str) -> int:
        assert name in self.names, f"no {name} among {self.names}"
        return self.names.index(name)


class Session:
    """What a WebSocket and a data channel have in common. Subclasses put (text, or None at the end) on `arrivals`."""

    def __init__(self, kind: str, beta: bool = False) -> None:
        self.watch = Watch(kind, beta)
        self.kind = kind
        self.arrivals: asyncio.Queue[str | Closed] = asyncio.Queue()
        self.id = ""
        self._count = 0

    async def _write(self, data: str | bytes) -> None:
        raise NotImplementedError

    async def send(self, name: str, **fields: Any) -> str:
        """Sends an event; gives it an id unless it has one, and returns that."""
        self._count += 1
        event = {"type": name, "event_id": f"client_{self._count}"} | fields
        self.watch.sent(event)
        await self._write(json.dumps(event))
        return event["event_id"]

    async def send_raw(self, data: str | bytes) -> None:
        await self._write(data)

    async def event(self, seconds: float = LIMIT_SECONDS) -> Event:
        """The next event, checked."""
        try:
            arrival = await asyncio.wait_for(self.arrivals.get(), seconds)
        except TimeoutError:
            raise AssertionError(f"no event within {seconds:g} s; last: {self._last()}") from None
        if isinstance(arrival, Closed):
            self.arrivals.put_nowait(arrival)
            raise arrival
        assert isinstance(arrival, str), "an event came as a binary frame"
        event = json.loads(arrival)
        self.watch.take(event, len(arrival.encode()))
        return event

    async def wait(self, *names: str, seconds: float = LIMIT_SECONDS, **fields: Any) -> Event:
        """Events up to the first of one of these types, with these fields; that one. An `error` not asked for fails."""
        return (await self.through(*names, seconds=seconds, **fields))[-1]

    async def through(self, *names: str, seconds: float = LIMIT_SECONDS, **fields: Any) -> list[Event]:
        """All events up to and including the first of one of these types, with these fields."""
        events, end = [], asyncio.get_running_loop().time() + seconds
        while True:
            left = end - asyncio.get_running_loop().time()
            try:
                event = await self.event(max(left, 0.001))
            except AssertionError as error:
                if type(error) is not AssertionError or "no event within" not in str(error):
                    raise
                seen = [other["type"] for other in events][-12:]
                raise AssertionError(f"not within {seconds:g} s: {' or '.join(names)}; came: {seen}") from None
            events.append(event)
            if event["type"] in names and all(event.get(name) == value for name, value in fields.items()):
                return events
            if event["type"] == "error" and "error" not in names:
                raise ServerError(event["error"])

    async def quiet(self, seconds: float) -> list[Event]:
        """All events that come within this time."""
        events, end = [], asyncio.get_running_loop().time() + seconds
        while (left := end - asyncio.get_running_loop().time()) > 0:
            try:
                events.append(await self.event(left))
            except AssertionError as error:
                if type(error) is not AssertionError or "no event within" not in str(error):
                    raise
        return events

    async def settled(self) -> list[Event]:
        """What had been sent when the server answered a question asked now: no waiting on the clock."""
        question = await self.send("conversation.item.retrieve", item_id="item_that_is_not")
        events = []
        while True:
            event = await self.event()
            if event["type"] == "error" and event["error"]["event_id"] == question:
                return events
            events.append(event)

    async def closed(self, seconds: float = LIMIT_SECONDS) -> tuple[list[Event], Closed]:
        """The events up to the end of the connection, and how it ended."""
        events = []
        while True:
            try:
                events.append(await self.event(seconds))
            except Closed as end:
                return events, end

    # What most checks do

    async def created(self) -> Event:
        session = (await self.wait("session.created"))["session"]
        self.id = session["id"]
        return session

    async def update(self, **session: Any) -> Event:
        """The session as updated."""
        await self.send("session.update", session={"type": "realtime"} | session)
        return (await self.wait("session.updated"))["session"]

    async def refused(self, code: str | None, param: str | None = None, **session: Any) -> Event:
        """The error a session.update meets; nothing was updated."""
        sent = await self.send("session.update", session={"type": "realtime"} | session)
        return await self.error(code, sent, param and f"session.{param}")

    async def error(self, code: str | None, event_id: str | None, param: str | None = None) -> Event:
        """The next event, which must be this error."""
        error = (await self.wait("error"))["error"]
        assert error["code"] == code, f"code {error['code']}, not {code}: {error}"
        assert error["event_id"] == event_id, f"event_id {error['event_id']}, not {event_id}"
        assert param is None or error["param"] == param, f"param {error['param']}, not {param}"
        assert error["message"] and error["type"], error
        return error

    async def add(self, text: str, role: str = "user", kind: str | None = None, **more: Any) -> Event:
        """Adds a text item; the item as done."""
        kind = kind or ("output_text" if role == "assistant" else "input_text")
        return await self.add_item(
            {"type": "message", "role": role, "content": [{"type": kind, "text": text}]} | more.pop("item", {}), **more
        )

    async def add_item(self, item: Event, **more: Any) -> Event:
        await self.send("conversation.item.create", item=item, **more)
        added = await self.wait("conversation.item.added")
        done = await self.event()
        assert done["type"] == "conversation.item.done", f"after added: {done['type']}"
        assert done["item"] == added["item"], "a client's item is done as it was added"
        return done["item"]

    async def respond(self, seconds: float = 20, **response: Any) -> Turn:
        """Asks for a response and waits for its end."""
        await self.send("response.create", **({"response": response} if response else {}))
        return await self.turn(seconds)

    async def turn(self, seconds: float = 20) -> Turn:
        """The next response, from its creation to its end."""
        created = await self.wait("response.created", seconds=seconds)
        return await self.rest(created, seconds)

    async def rest(self, created: Event, seconds: float = 20) -> Turn:
        """The rest of a response whose creation was seen."""
        events = [created]
        while True:
            events += await self.through("response.done", seconds=seconds)
            if events[-1]["response"]["id"] == created["response"]["id"]:
                return Turn(events)

    async def ask(self, text: str, **response: Any) -> Turn:
        """A user's text item and the response to it."""
        await self.add(text)
        return await self.respond(**response)

    async def retrieve(self, item_id: str) -> Event:
        await self.send("conversation.item.retrieve", item_id=item_id)
        return (await self.wait("conversation.item.retrieved"))["item"]

    # Sound

    async def hear(self, seconds: float, kind: str = "speech") -> None:
        """Lets the server hear this much speech, or silence."""
        raise NotImplementedError

    async def speak(self, silence: float = 1.2) -> None:
        """A spoken sentence and the silence after it."""
        await self.hear(2.9)
        await self.hear(silence, "silence")

    def _last(self) -> str:
        return ", ".join(event["type"] for event in self.watch.events[-4:]) or "none"
