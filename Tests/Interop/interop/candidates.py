"""The candidates of an answer (RFC 8839 section 5.1)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Candidate:
    """`transport` is udp or tcp; `kind` is host, srflx or relay."""

    transport: str
    address: str
    port: int
    kind: str


def candidates(sdp: str) -> list[Candidate]:
    lines = [line.split() for line in sdp.splitlines() if line.startswith("a=candidate:")]
    return [Candidate(fields[2].lower(), fields[4], int(fields[5]), fields[7]) for fields in lines]


def without_candidates(sdp: str) -> str:
    """A description that says nothing about where its side is."""
    hidden = ("a=candidate:", "a=end-of-candidates")
    return "".join(line for line in sdp.splitlines(keepends=True) if not line.startswith(hidden))
