"""IP packets in frames, frames in capture files.

In:    events with times.  Out: the bytes of a pcap or pcapng file.
Holds: written separately from containers.py, which reads them back.
"""

from __future__ import annotations

import gzip
import random
import struct
import subprocess
from dataclasses import dataclass

ETHERNET, NULL, LOOP, RAW, COOKED1, NFLOG, COOKED2 = 1, 0, 108, 101, 113, 239, 276
NOT_IP_OVER_RAW = bytes.fromhex("450000240000000040110000c6336401c6336402") + bytes.fromhex("00350036001000000000000000000000")


@dataclass(slots=True)
class Sheet:
    """One frame to be written. `side`: epb_flags direction or 0; `nanos` is added to the time."""

    at: int
    data: bytes
    original: int
    device: int = 0
    side: int = 0
    nanos: int = 0


@dataclass(slots=True)
class Style:
    """How the frames of one capture look."""

    link: int
    little: bool = True
    tags: int = 0
    pad: bool = True
    six_family: int = 30
    nflog_times: bool = True


def mac_bytes(mac: str) -> bytes:
    """A MAC from text."""
    return bytes.fromhex(mac.replace(":", ""))


def frame(rng: random.Random, style: Style, at: int, kind: int, data: bytes, macs: tuple[str, str], vlan: int) -> bytes:
    """Link layer around a packet."""
    source, target = macs
    if style.link == ETHERNET:
        head = mac_bytes(target) + mac_bytes(source)
        if style.tags == 2:
            head += struct.pack(">HHHH", 0x88A8, 0x2000 | vlan, 0x8100, 33)
        elif style.tags == 1:
            head += struct.pack(">HH", 0x8100, vlan)
        whole = head + struct.pack(">H", kind) + data
        return whole.ljust(60, b"\0") if style.pad else whole
    if style.link in (COOKED1, COOKED2):
        protocol = 4 if kind < 1536 else kind
        packet_type = rng.choice([0, 4, 0, 4, 1, 2, 3])
        address = mac_bytes(source) + b"\0\0"
        if style.link == COOKED1:
            return struct.pack(">HHH", packet_type, 1, 6) + address + struct.pack(">H", protocol) + data
        return struct.pack(">HHIHBB", protocol, 0, 2, 1, packet_type, 6) + address + data
    if kind not in (0x0800, 0x86DD) and style.link in (RAW, NFLOG):
        kind, data = 0x0800, NOT_IP_OVER_RAW
    if style.link == RAW:
        return data
    if style.link in (NULL, LOOP):
        family = {0x0800: 2, 0x86DD: style.six_family}.get(kind, 7)
        return struct.pack("<I" if style.little and style.link == NULL else ">I", family) + data
    return _nflog(rng, style, at, kind, data)


def _nflog(rng: random.Random, style: Style, at: int, kind: int, data: bytes) -> bytes:
    order = "<" if style.little else ">"

    def item(code: int, body: bytes) -> bytes:
        return struct.pack(order + "HH", 4 + len(body), code) + body + bytes(-len(body) % 4)

    out = struct.pack(">BBH", 2 if kind == 0x0800 else 10, 0, 5)
    out += item(1, struct.pack(">HBB", kind, 2, 0)) + item(2, bytes(4))
    if style.nflog_times:
        out += item(3, struct.pack(">QQ", at // 1_000_000, at % 1_000_000))
    way = rng.choice(["in", "out", "both", "none"])
    if way in ("in", "both"):
        out += item(4, struct.pack(">I", 3))
    if way in ("out", "both"):
        out += item(5, struct.pack(">I", 4))
    return out + item(10, b"3:0:1:\0") + item(9, data)


def pcap(sheets: list[Sheet], style: Style, *, nanos: bool, snap: int) -> bytes:
    """A pcap file."""
    order = "<" if style.little else ">"
    out = [struct.pack(order + "IHHiIII", 0xA1B23C4D if nanos else 0xA1B2C3D4, 2, 4, 0, 0, snap, style.link)]
    for sheet in sheets:
        fraction = sheet.at % 1_000_000
        if nanos:
            fraction = fraction * 1000 + sheet.nanos
        out.append(struct.pack(order + "IIII", sheet.at // 1_000_000, fraction, len(sheet.data), sheet.original))
        out.append(sheet.data)
    return b"".join(out)


@dataclass(slots=True)
class Block:
    """A pcapng interface block. `resolution` is the if_tsresol byte, None for the default."""

    link: int
    name: str | None = None
    mac: str | None = None
    resolution: int | None = None
    offset: int = 0
    flags: bool = False


def _option(order: str, code: int, value: bytes) -> bytes:
    return struct.pack(order + "HH", code, len(value)) + value + bytes(-len(value) % 4)


def _block(order: str, kind: int, body: bytes) -> bytes:
    length = len(body) + 12
    return struct.pack(order + "II", kind, length) + body + struct.pack(order + "I", length)


def _ticks(at: int, nanos: int, block: Block) -> int:
    at -= block.offset * 1_000_000
    code = 6 if block.resolution is None else block.resolution
    per_second = 1 << (code & 0x7F) if code & 0x80 else 10**code
    return (at * 1000 + nanos) * per_second // 1_000_000_000


def pcapng(sheets: list[Sheet], blocks: list[Block], little: bool, snap: int, rng: random.Random) -> bytes:
    """A pcapng file with name resolution, statistics and custom blocks in between."""
    order = "<" if little else ">"
    end = _option(order, 0, b"")
    out = [_block(order, 0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1) + _option(order, 2, b"none") + end)]
    for block in blocks:
        body = struct.pack(order + "HHI", block.link, 0, snap)
        if block.name:
            body += _option(order, 2, block.name.encode())
        if block.mac:
            body += _option(order, 6, mac_bytes(block.mac))
        if block.resolution is not None:
            body += _option(order, 9, bytes([block.resolution]))
        if block.offset:
            body += _option(order, 14, struct.pack(order + "q", block.offset))
        out.append(_block(order, 1, body + end))
    for sheet in sheets:
        block = blocks[sheet.device]
        ticks = _ticks(sheet.at, sheet.nanos, block)
        body = struct.pack(order + "IIIII", sheet.device, ticks >> 32, ticks & 0xFFFFFFFF, len(sheet.data), sheet.original)
        body += sheet.data + bytes(-len(sheet.data) % 4)
        if sheet.side and block.flags:
            body += _option(order, 1, b"seen") if rng.random() < 0.1 else b""
            body += _option(order, 2, struct.pack(order + "I", sheet.side)) + end
        out.append(_block(order, 6, body))
        if rng.random() < 0.001:
            out.append(_block(order, rng.choice([4, 10, 0x40000BAD]), bytes(8)))
    out.append(_block(order, 5, struct.pack(order + "III", 0, 0, 0) + end))
    return b"".join(out)


def wrapped(data: bytes, how: str) -> bytes:
    """The file as it is, in gzip or in zstd."""
    if how == ".gz":
        return gzip.compress(data, 1, mtime=0)
    if how == ".zst":
        return subprocess.run(["zstd", "-q", "-1", "-c"], input=data, stdout=subprocess.PIPE, check=True).stdout
    return data
