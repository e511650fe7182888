"""Connections as one interface remembers them (rules V3, V4 and the note's 12 to 14).

In:    packets that passed groups and ACL at an interface, in the order of the capture.
Out:   the live connection of a packet, or whether its conversation closed not long ago.
Holds: ages are measured from the latest passed packet; an age or a closing time that is just reached still counts. What a
       packet finds depends on its own time and on the guarded time of the capture (W3), which it may be behind.
"""

from __future__ import annotations

from dataclasses import dataclass

from headers import ACK, ERRORS4, ERRORS6, FIN, ICMP, ICMPV6, RST, SYN, TCP, UDP, WITH_PORTS, Upper

SECOND = 1_000_000
ESTABLISHED, ONE_WAY, STREAM, OTHERS = 432_000 * SECOND, 30 * SECOND, 180 * SECOND, 600 * SECOND
NOT_JUDGED_FOR = 600 * SECOND
AFTER_RST, AFTER_FIN, CLOSED = 10 * SECOND, 120 * SECOND, 600 * SECOND
HOUR = 3600 * SECOND
AGREEING = 16
QUERIES4 = {8: "echo", 0: "echo", 13: "time", 14: "time", 15: "info", 16: "info"}
QUERIES6 = {128: "echo", 129: "echo"}
REQUEST_OF = {(4, 0): 8, (4, 14): 13, (4, 16): 15, (6, 129): 128}

Key = tuple[object, ...]


def key_of(family: int, protocol: int, src: int, dst: int, upper: Upper) -> Key | None:
    """What makes packets one connection at an interface; None where ports are not known."""
    if not upper.known:
        return None
    if protocol in WITH_PORTS:
        a, b = (src, upper.sport), (dst, upper.dport)
        return (family, protocol, *((a, b) if a <= b else (b, a)))
    pair = (src, dst) if src <= dst else (dst, src)
    if (protocol, family) in ((ICMP, 4), (ICMPV6, 6)):
        query = (QUERIES4 if family == 4 else QUERIES6).get(upper.icmp_type)
        if query:
            return (family, protocol, *pair, query, upper.icmp_id)
        if upper.icmp_type in (ERRORS4 if family == 4 else ERRORS6):
            return (family, protocol, *pair)
        return (family, protocol, *pair, "type", upper.icmp_type)
    return (family, protocol, *pair)


class GuardedTime:
    """The latest packet time; more than an hour ahead counts only when 16 packets in a row agree within an hour (W3)."""

    def __init__(self) -> None:
        self.now: int | None = None
        self.ahead: list[int] = []

    def take(self, at: int) -> None:
        """The next packet of the capture."""
        if self.now is None or at <= self.now + HOUR:
            self.now = at if self.now is None else max(self.now, at)
            self.ahead = []
            return
        self.ahead.append(at)
        if max(self.ahead) - min(self.ahead) > HOUR:
            self.ahead = [at]
        if len(self.ahead) == AGREEING:
            self.now = max(self.ahead)
            self.ahead = []

    def reaches(self, at: int, end: int) -> bool:
        """Whether a packet at this time finds what lasts until `end`: in time, and not forgotten an hour after."""
        return at <= end and (self.now is None or self.now <= end + HOUR)


@dataclass(slots=True)
class Connection:
    """A conversation that was let through. `ports`: of both addresses, where the protocol has any."""

    order: int
    opened_egress: bool
    rule: str
    stage: str
    untracked: bool
    ports: dict[int, int] | None = None
    last: int = 0
    egress_passed: bool = False
    ingress_passed: bool = False
    egress_fin: bool = False
    ingress_fin: bool = False
    closes: int | None = None

    def age(self, protocol: int) -> int:
        """How long it may be idle, in microseconds."""
        both = self.egress_passed and self.ingress_passed
        if protocol == TCP:
            return ESTABLISHED if both else OTHERS
        if protocol == UDP:
            return STREAM if both else ONE_WAY
        return OTHERS

    def end(self, protocol: int) -> int:
        """The last instant at which it is one."""
        return self.closes if self.closes is not None else self.last + self.age(protocol)

    def passed(self, protocol: int, at: int, egress: bool, flags: int) -> None:
        """A packet of it passed groups and ACL."""
        self.last = max(self.last, at)
        if egress:
            self.egress_passed = True
        else:
            self.ingress_passed = True
        if protocol != TCP:
            return
        end: int | None = None
        if flags & RST:
            end = at + AFTER_RST
        if flags & FIN:
            had_both = self.egress_fin and self.ingress_fin
            if egress:
                self.egress_fin = True
            else:
                self.ingress_fin = True
            if self.egress_fin and self.ingress_fin and not had_both and end is None:
                end = at + AFTER_FIN
        if end is not None:
            self.closes = end if self.closes is None else min(self.closes, end)


class Tracking:
    """The connections of one interface."""

    def __init__(self, time: GuardedTime) -> None:
        self.time = time
        self.connections: dict[Key, Connection] = {}
        self.judged: dict[Key, int] = {}
        self.by_pair: dict[tuple[int, int, int, int], list[tuple[Key, Connection]]] = {}
        self.opened = 0

    def find(self, key: Key | None, protocol: int, at: int) -> Connection | None:
        """The live connection of a key."""
        found = self.connections.get(key) if key is not None else None
        return found if found is not None and self.time.reaches(at, found.end(protocol)) else None

    def closed_lately(self, key: Key | None, at: int) -> bool:
        """Whether the conversation closed (by RST or FINs) within the last 600 s."""
        found = self.connections.get(key) if key is not None else None
        if found is None or found.closes is None or self.time.reaches(at, found.closes):
            return False
        return self.time.reaches(at, found.closes + CLOSED)

    def judged_lately(self, key: Key, at: int) -> bool:
        """Whether the conversation was judged within the last 600 s (V7)."""
        last = self.judged.get(key)
        return last is not None and self.time.reaches(at, last + NOT_JUDGED_FOR)

    def newest_between(self, family: int, protocol: int, src: int, dst: int, at: int) -> Connection | None:
        """The tracked connection between two addresses that was opened last (V6)."""
        held = self.by_pair.get((family, protocol, min(src, dst), max(src, dst)), [])
        live = [c for key, c in held if self.connections.get(key) is c and not c.untracked
                and self.time.reaches(at, c.end(protocol))]
        return max(live, key=lambda c: c.order, default=None)

    def open(self, key: Key, connection: Connection, family: int, protocol: int, src: int, dst: int) -> None:
        """Remembers a connection, in the place of an older one with its key."""
        self.opened += 1
        connection.order = self.opened
        self.connections[key] = connection
        self.by_pair.setdefault((family, protocol, min(src, dst), max(src, dst)), []).append((key, connection))


def opens(flags: int) -> bool:
    """A SYN without ACK."""
    return bool(flags & SYN) and not flags & ACK
