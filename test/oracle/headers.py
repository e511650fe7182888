"""Frames as packets: link layers, IP, ports, fragments, quoted headers (rules P1 to P3).

In:    frames of containers.py.  Out: packets, and a count of what was no packet, by cause.
Holds: nothing past the IP total length is read, so Ethernet padding never becomes a port.
Fails: never on bytes; what cannot be a packet is counted.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from containers import Capture, Frame

TCP, UDP, SCTP, ICMP, ICMPV6 = 6, 17, 132, 1, 58
WITH_PORTS = (TCP, UDP, SCTP)
ERRORS4 = (3, 4, 5, 11, 12)
ERRORS6 = range(128)
FIN, SYN, RST, ACK = 1, 2, 4, 16
QUERIES = (0, 8, 13, 14, 15, 16, 128, 129)
FRAGMENT_MICROS = 30_000_000
EXTENSIONS = (0, 43, 60)


@dataclass(slots=True)
class Upper:
    """What follows the IP headers. `known` is false when ports (or the ICMP type) could not be read."""

    sport: int = 0
    dport: int = 0
    known: bool = True
    flags: int = 0
    icmp_type: int = -1
    icmp_code: int = -1
    icmp_id: int = 0


@dataclass(slots=True)
class Quote:
    """The header that an ICMP error carries."""

    family: int
    protocol: int
    src: int
    dst: int
    upper: Upper


@dataclass(slots=True)
class Packet:
    """One packet: addresses are integers, times microseconds since 1970, `bytes` is rule P2's."""

    frame: int
    at: int
    device: int
    side: int
    family: int
    protocol: int
    src: int
    dst: int
    bytes: int
    upper: Upper
    vlan: int
    src_mac: str | None
    dst_mac: str | None
    quote: Quote | None = None

    @property
    def is_icmp_error(self) -> bool:
        """An ICMP message that quotes the packet it complains about."""
        if self.protocol == ICMP and self.family == 4:
            return self.upper.icmp_type in ERRORS4
        return self.protocol == ICMPV6 and self.upper.icmp_type in ERRORS6


@dataclass(slots=True)
class Decoded:
    """A capture's packets and its count of frames."""

    packets: list[Packet]
    frames: int
    lost: dict[str, int]


def _mac(data: bytes) -> str:
    return ":".join(f"{byte:02x}" for byte in data)


@dataclass(slots=True)
class Link:
    """The frame without its link layer: `kind` is an ethertype, 0 for something else."""

    kind: int
    at: int
    end: int
    side: int = 0
    vlan: int = 0
    src_mac: str | None = None
    dst_mac: str | None = None
    micros: int | None = None


def _tags(data: bytes, kind: int, at: int) -> tuple[int, int, int]:
    """Skips 802.1Q and QinQ tags; the outermost tag's id is the VLAN."""
    vlan = 0
    while kind in (0x8100, 0x88A8, 0x9100) and at + 4 <= len(data):
        tag, kind = struct.unpack_from(">HH", data, at)
        vlan = vlan or tag & 0xFFF
        at += 4
    return kind, at, vlan


def _ethernet(frame: Frame) -> Link | None:
    data = frame.data
    if len(data) < 14:
        return None
    kind, at, vlan = _tags(data, struct.unpack_from(">H", data, 12)[0], 14)
    return Link(kind, at, len(data), frame.side, vlan, _mac(data[6:12]), _mac(data[0:6]))


COOKED_SIDES = {0: 1, 1: 1, 2: 1, 4: 2}


def _cooked1(frame: Frame) -> Link | None:
    data = frame.data
    if len(data) < 16:
        return None
    packet_type, _, length = struct.unpack_from(">HHH", data, 0)
    kind, at, vlan = _tags(data, struct.unpack_from(">H", data, 14)[0], 16)
    mac = _mac(data[6:12]) if length == 6 else None
    return Link(kind, at, len(data), frame.side or COOKED_SIDES.get(packet_type, 0), vlan, mac)


def _cooked2(frame: Frame) -> Link | None:
    data = frame.data
    if len(data) < 20:
        return None
    kind, at, vlan = _tags(data, struct.unpack_from(">H", data, 0)[0], 20)
    mac = _mac(data[12:18]) if data[11] == 6 else None
    return Link(kind, at, len(data), frame.side or COOKED_SIDES.get(data[10], 0), vlan, mac)


def _raw(frame: Frame) -> Link | None:
    data = frame.data
    if not data:
        return None
    kind = {4: 0x0800, 6: 0x86DD}.get(data[0] >> 4)
    return None if kind is None else Link(kind, 0, len(data), frame.side)


def _loopback(frame: Frame) -> Link | None:
    data = frame.data
    if len(data) < 4:
        return None
    order = ">" if frame.link_type == 108 or not frame.little else "<"
    family = struct.unpack_from(order + "I", data, 0)[0]
    kind = 0x0800 if family == 2 else 0x86DD if family in (24, 28, 30) else 0
    return Link(kind, 4, len(data), frame.side)


def _nflog(frame: Frame) -> Link | None:
    data = frame.data
    if len(data) < 4:
        return None
    order = "<" if frame.little else ">"
    kind = {2: 0x0800, 10: 0x86DD}.get(data[0], 0)
    link = Link(kind, -1, 0, frame.side)
    inward = outward = 0
    at = 4
    while at + 4 <= len(data):
        length, code = struct.unpack_from(order + "HH", data, at)
        if length < 4:
            return None
        body = data[at + 4 : at + length]
        if code == 3 and len(body) >= 16:
            seconds, micros = struct.unpack_from(">QQ", body, 0)
            link.micros = seconds * 1_000_000 + micros
        elif code == 4 and len(body) >= 4:
            inward = struct.unpack_from(">I", body, 0)[0]
        elif code == 5 and len(body) >= 4:
            outward = struct.unpack_from(">I", body, 0)[0]
        elif code == 9:
            link.at, link.end = at + 4, min(at + length, len(data))
        at += length + 3 & ~3
    if not link.side and bool(inward) != bool(outward):
        link.side = 1 if inward else 2
    return None if link.at < 0 else link


LINKS = {0: _loopback, 108: _loopback, 1: _ethernet, 12: _raw, 101: _raw, 113: _cooked1, 228: _raw, 229: _raw,
         239: _nflog, 276: _cooked2}


def upper_header(protocol: int, data: bytes, at: int, end: int) -> Upper:
    """Ports, flags, ICMP type, as far as the bytes go."""
    upper = Upper()
    if protocol in WITH_PORTS:
        if at + 4 > end:
            return Upper(known=False)
        upper.sport, upper.dport = struct.unpack_from(">HH", data, at)
        if protocol == TCP and at + 14 <= end:
            upper.flags = data[at + 13]
    elif protocol in (ICMP, ICMPV6):
        if at + 2 > end:
            return Upper(known=False)
        upper.icmp_type, upper.icmp_code = data[at], data[at + 1]
        if at + 6 <= end:
            upper.icmp_id = struct.unpack_from(">H", data, at + 4)[0]
    return upper


def _identified(quote: Quote, complete: bool) -> Quote:
    """An echo whose identifier is not quoted is not known."""
    if quote.protocol in (ICMP, ICMPV6) and quote.upper.icmp_type in QUERIES and not complete:
        quote.upper.known = False
    return quote


def _quote(data: bytes, at: int, end: int) -> Quote | None:
    """The header quoted by an ICMP error, or None where too little of it is there."""
    if at >= end:
        return None
    if data[at] >> 4 == 4:
        if at + 20 > end:
            return None
        top = at + (data[at] & 15) * 4
        offset = struct.unpack_from(">H", data, at + 6)[0] & 0x1FFF
        src, dst = struct.unpack_from(">II", data, at + 12)
        protocol = data[at + 9]
        upper = upper_header(protocol, data, top, end)
        if offset and protocol in (*WITH_PORTS, ICMP):
            upper = Upper(known=False)
        return _identified(Quote(4, protocol, src, dst, upper), top + 6 <= end)
    if data[at] >> 4 == 6:
        if at + 40 > end:
            return None
        src = int.from_bytes(data[at + 8 : at + 24], "big")
        dst = int.from_bytes(data[at + 24 : at + 40], "big")
        walk = walk_extensions(data, at + 40, end, data[at + 6])
        if walk.cut:
            return None
        if walk.offset:
            return Quote(6, walk.protocol, src, dst, Upper(known=walk.protocol not in (*WITH_PORTS, ICMPV6)))
        quote = Quote(6, walk.protocol, src, dst, upper_header(walk.protocol, data, walk.at, end))
        return _identified(quote, walk.at + 6 <= end)
    return None


@dataclass(slots=True)
class Walk:
    """Where the IPv6 header chain led."""

    protocol: int
    at: int
    cut: bool = False
    fragment: bool = False
    offset: int = 0
    more: bool = False
    identification: int = 0


def walk_extensions(data: bytes, at: int, end: int, protocol: int) -> Walk:
    """First header that is not hop-by-hop, routing, fragment or destination options (P2)."""
    walk = Walk(protocol, at)
    while True:
        if walk.protocol in EXTENSIONS:
            if walk.at + 8 > end:
                walk.cut = True
                return walk
            walk.protocol, length = data[walk.at], data[walk.at + 1]
            walk.at += (length + 1) * 8
        elif walk.protocol == 44:
            if walk.at + 8 > end:
                walk.cut = True
                return walk
            word, walk.identification = struct.unpack_from(">HI", data, walk.at + 2)
            walk.protocol = data[walk.at]
            walk.fragment, walk.offset, walk.more = True, word >> 3, bool(word & 1)
            walk.at += 8
            if walk.offset:
                return walk
        else:
            return walk


class Decoder:
    """Turns frames into packets; remembers first fragments (P3)."""

    def __init__(self) -> None:
        self.first: dict[tuple[int, ...], tuple[int, Upper]] = {}

    def decode(self, frame: Frame) -> Packet | str:
        """A packet, or why the frame is none."""
        reader = LINKS.get(frame.link_type)
        if reader is None:
            return "not-ip"
        link = reader(frame)
        if link is None:
            return "malformed"
        if link.kind == 0x0800:
            return self._ip4(frame, link)
        if link.kind == 0x86DD:
            return self._ip6(frame, link)
        return "never-logged/arp" if link.kind == 0x0806 else "not-ip"

    def _ip4(self, frame: Frame, link: Link) -> Packet | str:
        data, at = frame.data, link.at
        if at < link.end and data[at] >> 4 != 4:
            return "malformed"
        if at + 20 > link.end:
            return self._short(frame)
        header = (data[at] & 15) * 4
        total, ident, fragment = struct.unpack_from(">HHH", data, at + 2)
        if header < 20 or (total and total < header):
            return "malformed"
        protocol = data[at + 9]
        src, dst = struct.unpack_from(">II", data, at + 12)
        size = total or frame.original - at
        end = min(link.end, at + size)
        top = at + header
        offset = fragment & 0x1FFF
        key = (4, src, dst, protocol, ident)
        upper = self._upper(frame, link, protocol, data, top, end, offset, bool(fragment & 0x2000), key)
        packet = self._packet(frame, link, 4, protocol, src, dst, size, upper)
        if not offset and packet.is_icmp_error:
            packet.quote = _quote(data, top + 8, end)
        return packet

    def _ip6(self, frame: Frame, link: Link) -> Packet | str:
        data, at = frame.data, link.at
        if at < link.end and data[at] >> 4 != 6:
            return "malformed"
        if at + 40 > link.end:
            return self._short(frame)
        payload = struct.unpack_from(">H", data, at + 4)[0]
        src = int.from_bytes(data[at + 8 : at + 24], "big")
        dst = int.from_bytes(data[at + 24 : at + 40], "big")
        size = payload + 40 if payload else frame.original - at
        end = min(link.end, at + size)
        walk = walk_extensions(data, at + 40, end, data[at + 6])
        if walk.cut:
            upper = Upper()
        else:
            key = (6, src, dst, walk.protocol, walk.identification)
            upper = self._upper(frame, link, walk.protocol, data, walk.at, end, walk.offset, walk.more, key)
        packet = self._packet(frame, link, 6, walk.protocol, src, dst, size, upper)
        if not walk.offset and not walk.cut and packet.is_icmp_error:
            packet.quote = _quote(data, walk.at + 8, end)
        return packet

    @staticmethod
    def _short(frame: Frame) -> str:
        """No whole IP header: cut by the snap length (or the kernel's copy range, for NFLOG), or broken."""
        return "cut" if len(frame.data) < frame.original or frame.link_type == 239 else "malformed"

    def _upper(self, frame: Frame, link: Link, protocol: int, data: bytes, top: int, end: int, offset: int,
               more: bool, key: tuple[int, ...]) -> Upper:
        at = frame.at if link.micros is None else link.micros
        if offset:
            if protocol not in (*WITH_PORTS, ICMP, ICMPV6):
                return Upper()
            seen = self.first.get(key)
            if seen is None or abs(at - seen[0]) > FRAGMENT_MICROS:
                return Upper(known=False)
            kept = seen[1]
            return Upper(kept.sport, kept.dport, kept.known, 0, kept.icmp_type, kept.icmp_code, kept.icmp_id)
        upper = upper_header(protocol, data, top, end)
        if more:
            self.first[key] = (at, upper)
        return upper

    @staticmethod
    def _packet(frame: Frame, link: Link, family: int, protocol: int, src: int, dst: int, size: int,
                upper: Upper) -> Packet:
        at = frame.at if link.micros is None else link.micros
        return Packet(frame.number, at, frame.device, link.side, family, protocol, src, dst, size, upper, link.vlan,
                      link.src_mac, link.dst_mac)


def decode_capture(capture: Capture) -> Decoded:
    """Every frame of a capture as a packet or a count."""
    decoder = Decoder()
    packets: list[Packet] = []
    lost: dict[str, int] = {}
    for frame in capture.frames:
        result = decoder.decode(frame)
        if isinstance(result, str):
            lost[result] = lost.get(result, 0) + 1
        else:
            packets.append(result)
    return Decoded(packets, len(capture.frames), lost)
