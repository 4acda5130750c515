"""Many datagrams from one socket, by sendmmsg: some hundred thousand a second."""

import ctypes
import os
import socket
import time

BATCH = 100

_libc = ctypes.CDLL(None, use_errno=True)


class _Vector(ctypes.Structure):  # struct iovec
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]


class _Header(ctypes.Structure):  # struct msghdr
    _fields_ = [
        ("name", ctypes.c_void_p),
        ("name_length", ctypes.c_uint32),
        ("vectors", ctypes.POINTER(_Vector)),
        ("vector_count", ctypes.c_size_t),
        ("control", ctypes.c_void_p),
        ("control_length", ctypes.c_size_t),
        ("flags", ctypes.c_int),
    ]


class _Message(ctypes.Structure):  # struct mmsghdr
    _fields_ = [("header", _Header), ("sent", ctypes.c_uint32)]


def flood(address: str, port: int, datagrams: list[bytes], count: int, per_second: int) -> float:
    """Sends `count` datagrams, going round the given ones, at a steady pace. Returns the seconds it took."""
    buffers = [ctypes.create_string_buffer(datagram, len(datagram)) for datagram in datagrams]
    vectors = [_Vector(ctypes.addressof(buffer), len(buffer)) for buffer in buffers]
    messages = (_Message * len(vectors))(
        *(_Message(_Header(vectors=ctypes.pointer(vector), vector_count=1)) for vector in vectors))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.connect((address, port))
        start, sent = time.monotonic(), 0
        while sent < count:
            time.sleep(max(0.0, start + sent / per_second - time.monotonic()))
            place = sent % len(messages)
            size = min(BATCH, count - sent, len(messages) - place)
            sent += _send(sender, messages, place, size)
        return time.monotonic() - start


def _send(sender: socket.socket, messages: ctypes.Array, place: int, size: int) -> int:
    first = ctypes.byref(messages, place * ctypes.sizeof(_Message))
    done = _libc.sendmmsg(sender.fileno(), first, size, 0)
    if done < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return done
