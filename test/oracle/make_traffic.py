"""Random traffic between the endpoints of a world.

In:    a seeded random generator, a world, a span of time.  Out: events: a time, who sends, who receives, an IP packet.
Holds: events lie inside the span; idle times and closings are aimed at the ages of rule V3, just before and after.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

import build
from build import ACK, ECE, FIN, PSH, RST, SYN, URG
from make_model import PORTS, End, World

SECOND = 1_000_000


@dataclass(slots=True)
class Event:
    """One packet on the wire. `kind` is an ethertype."""

    at: int
    sender: End
    receiver: End
    data: bytes
    kind: int = 0x0800


@dataclass(slots=True)
class Pair:
    """Two endpoints with the addresses they use, and the server's port."""

    client: End
    server: End
    a: str
    b: str
    port: int
    protocol: str


class Traffic:
    """Makes scenes until there are packets enough."""

    def __init__(self, rng: random.Random, world: World, start: int, span: int) -> None:
        self.rng = rng
        self.world = world
        self.start = start
        self.end = start + span
        self.events: list[Event] = []
        self.ident = rng.randrange(65536)
        quiet = rng.choice([0, len(world.inside) // 5])
        self.quiet = {id(end) for end in rng.sample(world.inside, quiet)}

    def make(self, packets: int) -> list[Event]:
        """Exactly that many events, in order of time."""
        scenes: list[tuple[int, Callable[[], None]]] = [
            (34, self.tcp), (12, self.tcp_middle), (5, self.scan), (16, self.udp), (3, self.udp_middle),
            (7, self.ping), (8, self.icmp_error), (4, self.fragments), (5, self.other_protocols), (3, self.extensions),
            (3, self.never_logged), (4, self.forwarded), (2, self.strangers), (2, self.odd_packets), (3, self.icmp_misc),
            (2, self.no_ip), (1, self.bulk),
        ]
        weights = [w for w, _ in scenes]
        while len(self.events) < packets:
            self.rng.choices(scenes, weights)[0][1]()
        self.events = self.rng.sample(self.events, packets)
        self.events.sort(key=lambda e: e.at)
        return self.events

    # Helpers

    def when(self) -> int:
        """A time in the span; sometimes exactly on a full minute."""
        at = self.rng.randrange(self.start, self.end)
        if self.rng.random() < 0.05:
            at = -(-at // (60 * SECOND)) * 60 * SECOND
        return at

    def send(self, at: int, sender: End, receiver: End, data: bytes, kind: int | None = None) -> None:
        """Adds a packet if it lies in the span."""
        if self.start <= at < self.end:
            self.events.append(Event(at, sender, receiver, data, kind or (0x0800 if data[0] >> 4 == 4 else 0x86DD)))

    def ip(self, src: str, dst: str, protocol: int, payload: bytes) -> bytes:
        """A packet, at times with IPv4 options, an extension header, or total length 0."""
        roll = self.rng.random()
        if build.is_v6(src):
            if roll < 0.04:
                return build.ip6(src, dst, protocol, payload, extensions=[(0, build.option_header(0))])
            return build.ip6(src, dst, protocol, payload)
        self.ident = self.ident + 1 & 0xFFFF
        if roll < 0.03:
            return build.ip4(src, dst, protocol, payload, ident=self.ident, options=bytes([1] * self.rng.choice([4, 8, 40])))
        return build.ip4(src, dst, protocol, payload, ident=self.ident)

    def pair(self, protocol: str = "tcp") -> Pair:
        """A client and a server that share a family; the port is often one the server's groups open."""
        rng = self.rng
        world = self.world
        while True:
            server = rng.choice(world.inside)
            roll = rng.random()
            if roll < 0.5:
                near = [e for e in world.inside if e.vpc == server.vpc and e is not server]
                client = rng.choice(near)
            elif roll < 0.58 and not world.overlapping:
                client = rng.choice(world.inside)
            else:
                client = rng.choice(world.outside)
                if roll > 0.8:
                    client, server = server, client
            if client is server or ((id(client) in self.quiet or id(server) in self.quiet) and rng.random() < 0.98):
                continue
            six = rng.random() < 0.3
            a, b = client.of(six, rng), server.of(six, rng)
            if a and b:
                return Pair(client, server, a, b, self.port(server, protocol), protocol)

    def port(self, server: End, protocol: str) -> int:
        """A server port."""
        rng = self.rng
        fitting = [p for g in server.groups for kind, p in self.world.opened.get(g, []) if kind == protocol]
        if fitting and rng.random() < 0.42:
            return rng.choice(fitting)
        return rng.choice(PORTS) if rng.random() < 0.8 else rng.randrange(1, 65536)

    def high(self) -> int:
        """An ephemeral port."""
        return self.rng.randrange(32768, 61000) if self.rng.random() < 0.9 else self.rng.randrange(1024, 65536)

    def gap(self) -> int:
        """Time between two packets of a conversation."""
        return int(self.rng.expovariate(1 / 200_000)) + 20

    # TCP

    def both(self, pair: Pair, at: int, from_client: bool, payload: bytes, protocol: int) -> None:
        """Sends in one direction of a pair."""
        if from_client:
            self.send(at, pair.client, pair.server, self.ip(pair.a, pair.b, protocol, payload))
        else:
            self.send(at, pair.server, pair.client, self.ip(pair.b, pair.a, protocol, payload))

    def segment(self, pair: Pair, high: int, at: int, from_client: bool, flags: int, size: int = 0) -> None:
        """One TCP segment of a pair."""
        ports = (high, pair.port) if from_client else (pair.port, high)
        options = bytes([1] * 12) if flags & SYN and self.rng.random() < 0.5 else b""
        self.both(pair, at, from_client, build.tcp(*ports, flags, size, options), 6)

    def tcp(self) -> None:
        """A connection from handshake to its end, and what comes after."""
        rng = self.rng
        pair, high, at = self.pair(), self.high(), self.when()
        self.segment(pair, high, at, True, SYN | (ECE if rng.random() < 0.1 else 0))
        roll = rng.random()
        if roll < 0.18:
            for wait in (1, 3, 7)[: rng.randrange(4)]:
                self.segment(pair, high, at + wait * SECOND, True, SYN)
            if roll < 0.05:
                at += rng.choice([590, 598, 602, 640]) * SECOND
                self.segment(pair, high, at, False, SYN | ACK)
            return
        if roll < 0.22:
            self.segment(pair, high, at, False, SYN)
        at += self.gap()
        if roll < 0.3:
            self.segment(pair, high, at, False, RST | ACK)
            self.after(pair, high, at, [1, 5, 9.9, 10.2, 60, 300, 609, 612, 700])
            return
        self.segment(pair, high, at, False, SYN | ACK)
        at += self.gap()
        self.segment(pair, high, at, True, ACK)
        at = self.data(pair, high, at, rng.randrange(0, 14))
        if rng.random() < 0.12:
            at += rng.choice([31, 179, 181, 599, 601, 700, 3000]) * SECOND
            at = self.data(pair, high, at, 3)
        self.ending(pair, high, at)

    def data(self, pair: Pair, high: int, at: int, count: int) -> int:
        """Data in both directions, with retransmits and packets at the same time."""
        for _ in range(count):
            at += 0 if self.rng.random() < 0.08 else self.gap()
            flags = ACK | (PSH if self.rng.random() < 0.5 else 0)
            size = self.rng.choice([0, 0, 1, 100, 536, 1448])
            from_client = self.rng.random() < 0.5
            for _ in range(2 if self.rng.random() < 0.05 else 1):
                self.segment(pair, high, at, from_client, flags, size)
        return at

    def ending(self, pair: Pair, high: int, at: int) -> None:
        """FINs, a RST, or nothing; then packets around the ages of rule V3."""
        rng = self.rng
        roll = rng.random()
        at += self.gap()
        first = rng.random() < 0.6
        if roll < 0.45:
            self.segment(pair, high, at, first, FIN | ACK)
            if rng.random() < 0.15:
                return
            at += self.gap()
            self.segment(pair, high, at, not first, FIN | ACK)
            if rng.random() < 0.7:
                self.segment(pair, high, at + self.gap(), first, ACK)
            self.after(pair, high, at, [2, 60, 119, 121.5, 200, 500, 719, 722, 800])
        elif roll < 0.75:
            self.segment(pair, high, at, first, RST | (ACK if rng.random() < 0.5 else 0))
            self.after(pair, high, at, [1, 9.8, 10.3, 11, 60, 400, 608, 613, 650])

    def after(self, pair: Pair, high: int, at: int, waits: list[float]) -> None:
        """Packets after the end, of all kinds and from both sides."""
        rng = self.rng
        if rng.random() < 0.4:
            return
        for wait in sorted(rng.sample(waits, rng.randrange(1, 4))):
            flags = rng.choice([ACK, ACK, FIN | ACK, RST, PSH | ACK, 0, SYN, SYN, SYN | ACK])
            from_client = rng.random() < (0.7 if flags == SYN else 0.45)
            self.segment(pair, high, at + int(wait * SECOND) + rng.randrange(1000), from_client, flags)

    def tcp_middle(self) -> None:
        """A connection whose beginning was not seen."""
        pair, high, at = self.pair(), self.high(), self.when()
        if self.rng.random() < 0.3:
            pair.port, high = high, pair.port
        at = self.data(pair, high, at, self.rng.randrange(1, 12))
        if self.rng.random() < 0.4:
            self.ending(pair, high, at)

    def scan(self) -> None:
        """One source tries many ports with odd flags."""
        rng = self.rng
        pair, at = self.pair(), self.when()
        flags = rng.choice([SYN, FIN, 0, FIN | PSH | URG, ACK, SYN | FIN, SYN | ACK, RST])
        source = self.high()
        for _ in range(rng.randrange(3, 40)):
            pair.port = self.port(pair.server, "tcp") if rng.random() < 0.4 else rng.randrange(1, 65536)
            self.segment(pair, source, at, True, flags)
            at += rng.randrange(1, 300_000)

    def bulk(self) -> None:
        """A long transfer."""
        pair, high, at = self.pair(), self.high(), self.when()
        self.segment(pair, high, at, True, SYN)
        for step in range(self.rng.randrange(50, 300)):
            at += self.gap() // 4
            self.segment(pair, high, at, step % 3 == 0, ACK, 0 if step % 3 == 0 else 1448)

    # UDP and ICMP

    def udp(self) -> None:
        """Requests and replies, one-way streams, with pauses around 30 and 180 s."""
        rng = self.rng
        pair, high, at = self.pair("udp"), self.high(), self.when()
        if rng.random() < 0.1:
            high = pair.port
        answers = rng.random() < 0.75
        for _ in range(rng.randrange(1, 8)):
            for from_client in (True, False)[: 2 if answers else 1]:
                ports = (high, pair.port) if from_client else (pair.port, high)
                self.both(pair, at, from_client, build.udp(*ports, rng.choice([0, 12, 48, 200, 1200])), 17)
                at += self.gap()
                if rng.random() < 0.06:
                    at += int(rng.choice([28, 29.5, 30.5, 33, 100]) * SECOND)
            if rng.random() < 0.12:
                at += int(rng.choice([29, 31, 178, 179.5, 180.5, 182, 400, 610]) * SECOND)

    def udp_middle(self) -> None:
        """A reply whose request was not seen; half of them early, where they are picked up."""
        pair, high = self.pair("udp"), self.high()
        at = self.when() if self.rng.random() < 0.5 else self.start + self.rng.randrange(200 * SECOND)
        for _ in range(self.rng.randrange(1, 4)):
            self.both(pair, at, False, build.udp(pair.port, high, 80), 17)
            at += self.gap()
        if self.rng.random() < 0.5:
            self.both(pair, at, True, build.udp(high, pair.port, 40), 17)

    def ping(self) -> None:
        """Echo, timestamp and information queries with replies; some replies first."""
        rng = self.rng
        pair, at = self.pair(), self.when()
        six = build.is_v6(pair.a)
        ident = rng.randrange(65536)
        request, reply = (128, 129) if six else rng.choice([(8, 0)] * 6 + [(13, 14), (15, 16), (17, 18)])
        protocol = 58 if six else 1
        early = rng.random() < 0.2
        if early:
            at = self.start + rng.randrange(190 * SECOND)
        for number in range(rng.randrange(1, 6)):
            if not (early and number == 0):
                self.both(pair, at, True, build.icmp(request, 0, ident, bytes(56)), protocol)
                at += self.gap() // 10
            if rng.random() < 0.85:
                self.both(pair, at, False, build.icmp(reply, 0, ident, bytes(56)), protocol)
            at += rng.choice([1, 1, 1, 1, 20, 599, 602]) * SECOND

    def quoted(self, pair: Pair, high: int) -> bytes:
        """The start of a packet that the client sent, as an error quotes it."""
        rng = self.rng
        roll = rng.random()
        if roll < 0.55:
            data = self.ip(pair.a, pair.b, 6, build.tcp(high, pair.port, ACK, 100))
        elif roll < 0.8:
            data = self.ip(pair.a, pair.b, 17, build.udp(high, pair.port, 100))
        elif roll < 0.9:
            six = build.is_v6(pair.a)
            data = self.ip(pair.a, pair.b, 58 if six else 1, build.icmp(128 if six else 8, 0, high))
        else:
            data = self.ip(pair.a, pair.b, 47, bytes(20))
        head = 40 if build.is_v6(pair.a) else 20
        return data[: rng.choice([head - 6, head, head + 3, head + 4, head + 8, head + 8, head + 8, len(data)])]

    def icmp_error(self) -> None:
        """Errors that quote a connection that was seen, or none."""
        rng = self.rng
        pair, high, at = self.pair(rng.choice(["tcp", "udp"])), self.high(), self.when()
        six = build.is_v6(pair.a)
        if rng.random() < 0.75:
            if pair.protocol == "tcp":
                self.segment(pair, high, at, True, SYN)
                at += self.gap()
                self.segment(pair, high, at, False, SYN | ACK)
            else:
                self.both(pair, at, True, build.udp(high, pair.port, 100), 17)
            at += self.gap()
        quoted = self.quoted(pair, high)
        if rng.random() < 0.3:
            proto, body = (6, build.tcp(high, pair.port, ACK)) if pair.protocol == "tcp" else (
                17, build.udp(high, pair.port, 20))
            quoted = self.ip(pair.a, pair.b, proto, body)
        kind, code = rng.choice([(1, 4), (2, 0), (3, 0), (4, 1)] if six else
                                [(3, 1), (3, 3), (3, 4), (11, 0), (12, 0), (4, 0), (5, 1)])
        body = build.icmp(kind, code, 0, quoted)
        protocol = 58 if six else 1
        for _ in range(rng.choice([1, 1, 2])):
            if rng.random() < 0.6:
                self.both(pair, at, False, body, protocol)
            else:
                router = rng.choice(self.world.outside)
                source = router.of(six, rng)
                if source and pair.client.interface:
                    self.send(at, router, pair.client, self.ip(source, pair.a, protocol, body))
            at += int(rng.choice([0.2, 3, 31, 181]) * SECOND)

    def icmp_misc(self) -> None:
        """ICMP that is neither query nor error."""
        rng = self.rng
        pair, at = self.pair(), self.when()
        six = build.is_v6(pair.a)
        kind = rng.choice([200, 144, 127] if six else [9, 10, 30, 40])
        for _ in range(rng.randrange(1, 4)):
            self.both(pair, at, rng.random() < 0.6, build.icmp(kind, rng.randrange(3), 7), 58 if six else 1)
            at += self.gap()

    # The rarer scenes, which make_oddities.py fills in

    def fragments(self) -> None:
        """Datagrams in pieces."""

    def other_protocols(self) -> None:
        """Neither TCP, UDP nor ICMP."""

    def extensions(self) -> None:
        """IPv6 extension headers."""

    def never_logged(self) -> None:
        """What AWS does not log."""

    def forwarded(self) -> None:
        """Through interfaces that forward."""

    def strangers(self) -> None:
        """Packets that touch no interface."""

    def odd_packets(self) -> None:
        """Malformed and nearly so."""

    def no_ip(self) -> None:
        """Frames without IP."""
