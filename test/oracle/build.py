"""IP packets as bytes, for generated captures.

In:    addresses as text or bytes, header fields.  Out: bytes from the IP header on.
Holds: IPv4 header checksums are right; checksums above IP are zero.
"""

from __future__ import annotations

import ipaddress
import struct
from functools import lru_cache

FIN, SYN, RST, PSH, ACK, URG, ECE, CWR = 1, 2, 4, 8, 16, 32, 64, 128


@lru_cache(maxsize=65536)
def packed(address: str) -> bytes:
    """An address as its 4 or 16 bytes."""
    return ipaddress.ip_address(address).packed


def is_v6(address: str) -> bool:
    """Whether a text address is IPv6."""
    return ":" in address


def _checksum(data: bytes) -> int:
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    total = (total & 0xFFFF) + (total >> 16)
    return ~(total + (total >> 16)) & 0xFFFF


def ip4(src: str, dst: str, protocol: int, payload: bytes, *, ident: int = 0, fragment: int = 0, options: bytes = b"",
        total: int | None = None, version: int = 4, words: int | None = None) -> bytes:
    """An IPv4 packet. `fragment`: flags and offset as in the header."""
    size = 20 + len(options)
    length = size + len(payload) if total is None else total
    first = version << 4 | (size // 4 if words is None else words)
    head = struct.pack(">BBHHHBBH", first, 0, length, ident, fragment, 64, protocol, 0) + packed(src) + packed(dst)
    head += options
    head = head[:10] + struct.pack(">H", _checksum(head)) + head[12:]
    return head + payload


def ip6(src: str, dst: str, protocol: int, payload: bytes, *, extensions: list[tuple[int, bytes]] | None = None,
        length: int | None = None) -> bytes:
    """An IPv6 packet with a chain of extension headers (type, body after the next-header byte)."""
    chain = extensions or []
    kinds = [kind for kind, _ in chain] + [protocol]
    body = b"".join(bytes([kinds[i + 1]]) + rest for i, (_, rest) in enumerate(chain)) + payload
    size = len(body) if length is None else length
    return struct.pack(">IHBB", 6 << 28, size, kinds[0], 64) + packed(src) + packed(dst) + body


def option_header(units: int) -> bytes:
    """Body of a hop-by-hop or destination options header of 8 * (units + 1) bytes, padded with PadN."""
    room = units * 8 + 6
    return bytes([units, 1, room - 2]) + bytes(room - 2)


def routing_header(units: int) -> bytes:
    """Body of a routing header of type 4 without segments left."""
    return bytes([units, 4, 0]) + bytes(units * 8 + 4)


def fragment_header(offset_units: int, more: bool, ident: int) -> bytes:
    """Body of a fragment header."""
    return struct.pack(">BHI", 0, offset_units << 3 | more, ident)


def ip(src: str, dst: str, protocol: int, payload: bytes, **more: object) -> bytes:
    """An IPv4 or IPv6 packet, as the addresses say."""
    return ip6(src, dst, protocol, payload, **more) if is_v6(src) else ip4(src, dst, protocol, payload, **more)  # type: ignore[arg-type]


def tcp(sport: int, dport: int, flags: int, size: int = 0, options: bytes = b"") -> bytes:
    """A TCP segment."""
    head = struct.pack(">HHIIBBHHH", sport, dport, 1, 1, (20 + len(options)) // 4 << 4, flags, 64000, 0, 0)
    return head + options + bytes(size)


def udp(sport: int, dport: int, size: int = 0) -> bytes:
    """A UDP datagram."""
    return struct.pack(">HHHH", sport, dport, 8 + size, 0) + bytes(size)


def sctp(sport: int, dport: int, size: int = 4) -> bytes:
    """An SCTP packet."""
    return struct.pack(">HHII", sport, dport, 1, 0) + bytes([3, 0, 0, 4 + size]) + bytes(size)


def icmp(kind: int, code: int, ident: int = 0, body: bytes = bytes(8)) -> bytes:
    """An ICMP or ICMPv6 message."""
    return struct.pack(">BBHHH", kind, code, 0, ident, 1) + body
