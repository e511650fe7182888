"""Capture files as frames.

In:    a path to a pcap or pcapng file, plain or wrapped in gzip or zstd.
Out:   the frames in file order, each with its time in whole microseconds, and the interfaces of a pcapng file.
Holds: written from the file formats' public descriptions; shares nothing with the program under test.
Fails: ValueError for a container it does not know.
"""

from __future__ import annotations

import gzip
import struct
import subprocess
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(slots=True)
class Device:
    """One pcapng interface block; a pcap file has one without name and MAC."""

    link_type: int
    name: str | None = None
    mac: str | None = None
    ticks: int = 1_000_000
    offset_seconds: int = 0


@dataclass(slots=True)
class Frame:
    """One captured frame. `side`: 0 not known, 1 received, 2 sent (epb_flags only)."""

    number: int
    at: int
    device: int
    link_type: int
    data: bytes
    original: int
    side: int = 0
    little: bool = True


@dataclass(slots=True)
class Capture:
    """A whole file, read."""

    frames: list[Frame] = field(default_factory=list)
    devices: list[Device] = field(default_factory=list)
    is_pcapng: bool = False


def unwrapped(path: Path) -> bytes:
    """The bytes of a file without gzip or zstd around them."""
    data = path.read_bytes()
    if data[:2] == b"\x1f\x8b":
        return gzip.decompress(data)
    if data[:4] == b"\x28\xb5\x2f\xfd":
        return subprocess.run(["zstd", "-dc", str(path)], stdout=subprocess.PIPE, check=True).stdout
    return data


def read_container(path: Path) -> Capture:
    """All frames of a capture file."""
    data = unwrapped(path)
    magic = data[:4]
    if magic in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1"):
        return _pcap(data, "<", 1_000_000 if magic[0] == 0xD4 else 1_000_000_000)
    if magic in (b"\xa1\xb2\xc3\xd4", b"\xa1\xb2\x3c\x4d"):
        return _pcap(data, ">", 1_000_000 if magic[3] == 0xD4 else 1_000_000_000)
    if magic == b"\x0a\x0d\x0d\x0a":
        return _pcapng(data)
    raise ValueError(f"not a capture: first bytes {magic.hex()}")


def _pcap(data: bytes, order: str, ticks: int) -> Capture:
    link_type = struct.unpack_from(order + "I", data, 20)[0] & 0xFFFF
    capture = Capture(devices=[Device(link_type)])
    head = struct.Struct(order + "IIII")
    at = 24
    number = 0
    little = order == "<"
    while at + 16 <= len(data):
        seconds, fraction, captured, original = head.unpack_from(data, at)
        at += 16
        if at + captured > len(data):
            break
        number += 1
        micros = seconds * 1_000_000 + fraction * 1_000_000 // ticks
        capture.frames.append(Frame(number, micros, 0, link_type, data[at : at + captured], original, 0, little))
        at += captured
    return capture


def _options(data: bytes, at: int, end: int, order: str) -> list[tuple[int, bytes]]:
    found = []
    while at + 4 <= end:
        code, length = struct.unpack_from(order + "HH", data, at)
        if code == 0:
            break
        found.append((code, data[at + 4 : at + 4 + length]))
        at += 4 + (length + 3 & ~3)
    return found


def _interface(data: bytes, at: int, end: int, order: str) -> Device:
    device = Device(struct.unpack_from(order + "H", data, at)[0])
    for code, value in _options(data, at + 8, end, order):
        if code == 2:
            device.name = value.decode("utf-8").rstrip("\0")
        elif code == 6:
            device.mac = ":".join(f"{byte:02x}" for byte in value[:6])
        elif code == 9:
            device.ticks = 1 << (value[0] & 0x7F) if value[0] & 0x80 else 10 ** value[0]
        elif code == 14:
            device.offset_seconds = struct.unpack(order + "q", value)[0]
    return device


def _pcapng(data: bytes) -> Capture:
    capture = Capture(is_pcapng=True)
    at = 0
    number = 0
    order = "<"
    first = 0
    while at + 12 <= len(data):
        if data[at : at + 4] == b"\x0a\x0d\x0d\x0a":
            order = "<" if data[at + 8 : at + 12] == b"\x4d\x3c\x2b\x1a" else ">"
            first = len(capture.devices)
        kind, length = struct.unpack_from(order + "II", data, at)
        end = at + length - 4
        if length < 12 or at + length > len(data):
            break
        if kind == 1:
            capture.devices.append(_interface(data, at + 8, end, order))
        elif kind == 6:
            index, high, low, captured, original = struct.unpack_from(order + "IIIII", data, at + 8)
            index += first
            device = capture.devices[index]
            ticks = high << 32 | low
            micros = ticks * 1_000_000 // device.ticks + device.offset_seconds * 1_000_000
            body = at + 28
            side = 0
            for code, value in _options(data, body + (captured + 3 & ~3), end, order):
                if code == 2:
                    side = struct.unpack(order + "I", value)[0] & 3
            number += 1
            frame = Frame(number, micros, index, device.link_type, data[body : body + captured], original,
                          side if side in (1, 2) else 0, order == "<")
            capture.frames.append(frame)
        at += length
    return capture
