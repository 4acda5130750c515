"""The data channel messages every client sends and gets back."""

import hashlib
import random

Message = str | bytes

SIZES = (1, 16 * 1024, 200 * 1024)


def messages() -> list[Message]:
    """Each size as binary and as text, and nothing at all as both."""
    source = random.Random(2)
    binary = [source.randbytes(size) for size in SIZES]
    text = [_text(source, size) for size in SIZES]
    return [*binary, *text, b"", ""]


def _text(source: random.Random, size: int) -> str:
    """ASCII, then as many two-byte letters as make the size in UTF-8."""
    half = size // 4
    return "".join(source.choices("abcdefghij klmnop", k=size - 2 * half)) + "\u00e9" * half


def check(sent: Message, received: Message) -> None:
    assert type(received) is type(sent), f"sent {_name(sent)}, received {_name(received)}"
    assert _digest(received) == _digest(sent), f"sent {_name(sent)}, received {_name(received)} with other content"


def _digest(message: Message) -> str:
    return hashlib.sha256(message.encode() if isinstance(message, str) else message).hexdigest()


def _name(message: Message) -> str:
    return f"{'text' if isinstance(message, str) else 'binary'} of {len(message)}"
