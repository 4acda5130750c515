"""HTTP beside the sockets."""

import asyncio
import re
import time

from conformance.http import Reply, multipart, request
from conformance.lab import KEY, Lab
from conformance.paths import ROOT
from conformance.registry import HTTP, check

SDP = {"Content-Type": "application/sdp"}
CALL = re.compile(r"/v1/realtime/calls/rtc_[^/?]+")
OFFERS = ROOT / "Tests/WireTests/Fixtures/offers"
ALLOWED_HEADERS = ("authorization", "content-type", "x-openai-agents-sdk", "openai-beta", "openai-safety-identifier")
ROUTES = [
    "/v1/realtime/calls",
    "/v1/realtime/calls/rtc_x/hangup",
    "/v1/realtime/client_secrets",
    "/v1/realtime/sessions",
    "/v1/realtime/transcription_sessions",
    "/v1/realtime",
    "/v1/models",
    "/v1/models/parley-scripted",
]


def _answered(reply: Reply) -> None:
    """A call's answer as it has to be (RT-001, RT-004, RT-005)."""
    assert reply.status == 201, f"{reply.status}: {reply.body!r}"
    assert CALL.fullmatch(reply.headers["location"]), reply.headers.get("location")
    assert reply.headers["content-type"].split(";")[0] == "application/sdp", reply.headers
    lines = reply.body.decode().split("\r\n")
    assert lines[0] == "v=0" and lines[-1] == "" and not any("\n" in line for line in lines), lines[:2]


def _place(lab: Lab, key: str | None, path: str = "/v1/realtime/calls"):
    async def post(sdp: str) -> Reply:
        return await request(lab.servers.keyed().url + path, "POST", sdp, key, SDP)

    return post


@check("RT-001", "RT-004", "RT-005", "RT-034", over=HTTP)
async def secret_places_a_call(lab: Lab) -> None:
    """A raw SDP offer with a client secret: 201, Location, SDP answer, the secret's session."""
    secret = await lab.secret(
        KEY, lab.servers.keyed().url, session={"type": "realtime", "instructions": "From the secret."}
    )
    async with lab.call(place=_place(lab, secret["value"])) as call:
        _answered(call.reply)
        assert call.session["instructions"] == "From the secret."


@check("RT-002", "RT-004", "RT-005", over=HTTP)
async def form_places_a_call(lab: Lab) -> None:
    """A form of sdp and session without file names."""
    async with lab.call(session={"instructions": "From the form."}) as call:
        _answered(call.reply)
        assert call.session["instructions"] == "From the form."


@check("RT-003", over=HTTP)
async def form_without_session(lab: Lab) -> None:
    """A form of sdp alone: defaults with a key, the secret's session with a secret."""
    keyed = lab.servers.keyed().url
    secret = await lab.secret(KEY, keyed, session={"type": "realtime", "instructions": "From the secret."})

    def place(key: str):
        async def post(sdp: str) -> Reply:
            body, headers = multipart(("sdp", "application/sdp", sdp))
            return await request(keyed + "/v1/realtime/calls", "POST", body, key, headers)

        return post

    async with lab.call(place=place(KEY)) as call:
        _answered(call.reply)
        assert call.session["audio"]["input"]["turn_detection"]["type"] == "server_vad"
    async with lab.call(place=place(secret["value"])) as call:
        assert call.session["instructions"] == "From the secret."


@check("RT-006", over=HTTP)
async def key_and_model_place_a_call(lab: Lab) -> None:
    """A raw SDP offer with a normal key and ?model=."""
    async with lab.call(place=_place(lab, KEY, "/v1/realtime/calls?model=gpt-realtime")) as call:
        _answered(call.reply)
        assert call.session["model"] == "gpt-realtime"


@check("RT-007", over=HTTP)
async def legacy_place(lab: Lab) -> None:
    """POST /realtime?model= with SDP is the same as /realtime/calls."""
    async with lab.call(place=_place(lab, KEY, "/v1/realtime?model=gpt-4o-realtime-preview"), wait=False) as call:
        assert call.reply.status in (200, 201) and call.reply.body.startswith(b"v=0\r\n")
        await call.event()


@check("RT-008", "RT-026", over=HTTP)
async def bad_offer(lab: Lab) -> None:
    """Bad SDP, an empty body and a form without sdp: 400 with the JSON error body."""
    for body in ("not sdp at all", "v=0\r\n", ""):
        reply = await lab.request("/v1/realtime/calls", "POST", body, None, SDP)
        assert reply.status == 400, f"{reply.status} for {body!r}"
        assert reply.error["type"] == "invalid_request_error"
    body, headers = multipart(("session", "application/json", '{"type": "realtime"}'))
    assert (await lab.request("/v1/realtime/calls", "POST", body, None, headers)).error


@check("RT-009", over=HTTP)
async def preflight(lab: Lab) -> None:
    """CORS preflight on every route, and Location exposed."""
    headers = {
        "Origin": "https://app.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": ",".join(ALLOWED_HEADERS),
    }
    keyed = lab.servers.keyed().url
    for route in ROUTES:
        reply = await request(keyed + route, "OPTIONS", headers=headers)
        assert reply.status in (200, 204), f"{route}: {reply.status}"
        assert reply.headers["access-control-allow-origin"] in ("*", "https://app.example"), route
        allowed = reply.headers["access-control-allow-headers"].lower()
        for name in ALLOWED_HEADERS:
            assert name in allowed or allowed == "*", f"{route}: {name} is not allowed"
    reply = await request(keyed + "/v1/realtime/calls", "POST", "x", KEY, SDP | {"Origin": "https://app.example"})
    assert "location" in reply.headers["access-control-expose-headers"].lower()
    assert reply.headers["access-control-allow-origin"] in ("*", "https://app.example")


@check("RT-010", over=HTTP)
async def client_secret(lab: Lab) -> None:
    """A secret: ek_, expires_at, the whole session with expires_at 0."""
    before = int(time.time())
    secret = await lab.secret(session={"type": "realtime", "model": "gpt-realtime", "instructions": "Be brief."})
    assert secret["value"].startswith("ek_") and before + 590 <= secret["expires_at"] <= before + 620, secret
    session = secret["session"]
    assert session["id"].startswith("sess_") and session["object"] == "realtime.session" and session["expires_at"] == 0
    assert session["instructions"] == "Be brief." and session["model"] == "gpt-realtime"
    assert session["audio"]["output"]["voice"] and session["tools"] == [] and session["tool_choice"] == "auto"


@check("RT-011", "RT-026", over=HTTP)
async def expiry_bounds(lab: Lab) -> None:
    """expires_after.seconds from 10 to 7200."""
    for seconds in (10, 600, 7200):
        secret = await lab.secret(expires_after={"anchor": "created_at", "seconds": seconds})
        assert abs(secret["expires_at"] - time.time() - seconds) < 10, secret["expires_at"]
    for seconds in (9, 7201, -1, "600", 10.5):
        body = {"expires_after": {"anchor": "created_at", "seconds": seconds}}
        reply = await lab.request("/v1/realtime/client_secrets", "POST", body)
        assert reply.status == 400, f"{reply.status} for {seconds!r}"
        assert reply.error["param"] == "expires_after.seconds", reply.error


@check("RT-012", "RT-015", over=HTTP)
async def secret_serves_until_expiry(lab: Lab) -> None:
    """A secret opens many sessions until it expires; those go on, new ones get 401 invalid_api_key."""
    keyed = lab.servers.keyed().url
    secret = await lab.secret(KEY, keyed, expires_after={"anchor": "created_at", "seconds": 10})
    value = secret["value"]
    async with lab.socket(base=keyed, key=value) as first, lab.socket(base=keyed, key=value) as second:
        assert first.id != second.id
        # Expiry is by the clock: there is nothing else to wait for.
        await asyncio.sleep(secret["expires_at"] - time.time() + 1.5)
        await first.ask("hello")
        async with lab.socket(base=keyed, key=value, wait=False) as late:
            events, end = await late.closed()
            assert [event["error"]["code"] for event in events] == ["invalid_api_key"], events
            assert end.code in (3000, 4000), end.code
    reply = await request(keyed + "/v1/realtime/calls", "POST", "v=0\r\n", value, SDP)
    assert reply.status == 401 and reply.error["code"] == "invalid_api_key", reply
    for unknown in ("ek_unknown", value[:-4] + "AAAA"):
        reply = await request(keyed + "/v1/realtime/calls", "POST", "v=0\r\n", unknown, SDP)
        assert reply.status == 401 and reply.error["code"] == "invalid_api_key", reply


@check("RT-013", over=HTTP)
async def transcription_secret(lab: Lab) -> None:
    """A secret of a transcription session opens one."""
    keyed = lab.servers.keyed().url
    wanted = {"type": "transcription", "audio": {"input": {"transcription": {"model": "whisper-1"}}}}
    secret = await lab.secret(KEY, keyed, session=wanted)
    assert secret["session"]["type"] == "transcription", secret
    async with lab.socket("intent=transcription", base=keyed, key=secret["value"]) as session:
        assert session.session["audio"]["input"]["transcription"]["model"] == "whisper-1"


@check("RT-014", over=HTTP)
async def empty_secret_requests(lab: Lab) -> None:
    """No body, an empty object, no session."""
    for body in (None, b"", {}, {"expires_after": {"anchor": "created_at", "seconds": 60}}):
        reply = await lab.request("/v1/realtime/client_secrets", "POST", body)
        assert reply.status == 200 and reply.json["value"].startswith("ek_"), f"{reply.status} for {body!r}"
        assert reply.json["session"]["type"] == "realtime"


@check("RT-018", over=HTTP)
async def legacy_session(lab: Lab) -> None:
    """POST /realtime/sessions: a flat session with client_secret, which works."""
    keyed = lab.servers.keyed().url
    body = {
        "model": "gpt-4o-realtime-preview",
        "voice": "verse",
        "modalities": ["audio", "text"],
        "instructions": "Flat.",
    }
    reply = await request(keyed + "/v1/realtime/sessions", "POST", body, KEY)
    assert reply.status == 200, f"{reply.status}: {reply.body!r}"
    session = reply.json
    assert session["client_secret"]["value"].startswith("ek_")
    assert 30 <= session["client_secret"]["expires_at"] - time.time() <= 65
    assert session["model"] == "gpt-4o-realtime-preview" and session["voice"] == "verse"
    assert session["instructions"] == "Flat." and "audio" in session["modalities"]
    async with lab.socket("model=gpt-4o-realtime-preview", base=keyed, key=session["client_secret"]["value"]) as opened:
        assert opened.session["instructions"] == "Flat."


@check("RT-019", over=HTTP)
async def legacy_transcription_session(lab: Lab) -> None:
    """POST /realtime/transcription_sessions: flat, with client_secret."""
    body = {"input_audio_format": "pcm16", "input_audio_transcription": {"model": "whisper-1"}}
    reply = await lab.request("/v1/realtime/transcription_sessions", "POST", body)
    assert reply.status == 200, f"{reply.status}: {reply.body!r}"
    assert reply.json["client_secret"]["value"].startswith("ek_")
    assert reply.json["input_audio_transcription"]["model"] == "whisper-1"


@check("RT-020", "RT-028", over=HTTP)
async def hang_up(lab: Lab) -> None:
    """Hang-up with an empty body ends the call; the same request again does no harm."""
    async with lab.call() as call:
        headers = {"Content-Type": "application/json", "Content-Length": "0", "x-stainless-retry-count": "0"}
        reply = await lab.request(f"{call.location}/hangup", "POST", None, None, headers)
        assert reply.status == 200, f"{reply.status}: {reply.body!r}"
        await call.closed()
        again = await lab.request(f"{call.location}/hangup", "POST", None, None, headers)
        assert again.status in (200, 404), again.status
        assert (await lab.request("/ready")).status == 200


@check("RT-024", "RT-026", over=HTTP)
async def hang_up_unknown(lab: Lab) -> None:
    """Hang-up of a call that is not: 404 with the error body."""
    reply = await lab.request("/v1/realtime/calls/rtc_unknown/hangup", "POST", b"")
    assert reply.status == 404 and reply.error["message"]


@check("RT-025", over=HTTP)
async def models(lab: Lab) -> None:
    """The list of models, and each of them."""
    listed = (await lab.request("/v1/models")).json
    assert listed["object"] == "list" and listed["data"]
    names = [model["id"] for model in listed["data"]]
    assert {"parley-scripted", "parley-loopback"} <= set(names), names
    for model in listed["data"]:
        assert model["object"] == "model" and isinstance(model["created"], int) and model["owned_by"], model
        one = await lab.request(f"/v1/models/{model['id']}")
        assert one.status == 200 and one.json["id"] == model["id"]
    missing = await lab.request("/v1/models/no-such-model-here")
    assert missing.status == 404 and missing.error["code"] == "model_not_found", missing.body


@check("RT-026", "RT-015", over=HTTP)
async def error_bodies(lab: Lab) -> None:
    """Wrong key, unknown path, bad JSON: the four keys of the error body."""
    keyed = lab.servers.keyed().url
    for key in (None, "sk-wrong"):
        reply = await request(keyed + "/v1/models", "GET", key=key)
        assert reply.status == 401 and reply.error["code"] == "invalid_api_key"
    assert (await lab.request("/v1/nowhere")).status == 404
    assert (await lab.request("/v1/nowhere")).error
    bad = await lab.request("/v1/realtime/client_secrets", "POST", "{", None, {"Content-Type": "application/json"})
    assert bad.status == 400 and bad.error["type"] == "invalid_request_error"
    wrong = await lab.request(
        "/v1/realtime/client_secrets", "POST", {"session": {"type": "realtime", "tool_choice": 7}}
    )
    assert wrong.status == 400 and wrong.error["param"] == "session.tool_choice", wrong.body


@check("RT-027", over=HTTP)
async def unknown_headers(lab: Lab) -> None:
    """Headers of SDKs and headers nobody knows are ignored."""
    headers = {
        "X-Stainless-Lang": "python",
        "X-Stainless-Retry-Count": "1",
        "OpenAI-Beta": "assistants=v2",
        "OpenAI-Safety-Identifier": "user",
        "OpenAI-Organization": "org",
        "OpenAI-Project": "proj",
        "X-Whatever": "yes",
    }
    reply = await lab.request("/v1/realtime/client_secrets", "POST", {}, None, headers)
    assert reply.status == 200 and reply.json["session"]["type"] == "realtime"
    async with lab.socket(headers=headers) as session:
        assert session.session["type"] == "realtime"


@check("RT-191", "RT-192", "RT-204", over=HTTP)
async def recorded_offers(lab: Lab) -> None:
    """Offers of browsers and libraries get an answer: bundled, multiplexed, in a role that fits, with candidates."""
    offers = sorted(OFFERS.glob("*.sdp"))
    assert len(offers) >= 8
    for file in offers:
        reply = await request(
            lab.servers.keyed().url + "/v1/realtime/calls?model=gpt-realtime", "POST", file.read_bytes(), KEY, SDP
        )
        _answered(reply)
        answer = reply.body.decode()
        assert "a=group:BUNDLE" in answer and "a=candidate:" in answer, f"{file.name}: {answer}"
        assert re.search(r"a=setup:(active|passive)\r\n", answer), file.name
        if "m=audio" in file.read_text():
            assert "a=rtcp-mux" in answer and "opus/48000/2" in answer.lower(), f"{file.name}: {answer}"
        await request(lab.servers.keyed().url + reply.headers["location"] + "/hangup", "POST", b"", KEY)


@check("RT-012", over=HTTP)
async def secret_is_bound(lab: Lab) -> None:
    """A secret attaches only to calls it made, and makes no further secrets."""
    keyed = lab.servers.keyed().url
    mine, other = [await lab.secret(KEY, keyed) for _ in range(2)]
    async with lab.call(place=_place(lab, mine["value"])) as call:
        async with lab.sideband(call, base=keyed, key=mine["value"]) as own:
            assert own.id == call.id
        async with lab.sideband(call, base=keyed, key=other["value"], wait=False) as foreign:
            events, _ = await foreign.closed()
            assert [event["type"] for event in events] == ["error"], events
    reply = await request(keyed + "/v1/realtime/client_secrets", "POST", {}, mine["value"])
    assert reply.status in (401, 403), reply.status
