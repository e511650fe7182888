"""Flows of capture windows (rules W1 to W6 and the note's 8 and 9).

In:    every decoded packet in file order with the observations it led to.
Out:   batches: the flows of one window, or late flows, or the interfaces without a packet.
Holds: each observation is in exactly one batch.
"""

from __future__ import annotations

import bisect
from dataclasses import dataclass, field

from headers import ACK, FIN, RST, SYN, TCP, Packet
from model import Interface
from verdict import Observation

SECOND = 1_000_000
HOUR = 3600 * SECOND
AGREE = 16

FlowKey = tuple[object, ...]


@dataclass(slots=True)
class Flow:
    """Packets of one key in one window. `members` are frame numbers, for showing."""

    packets: int = 0
    bytes: int = 0
    first: int = 0
    last: int = 0
    flags: int = 0
    members: list[Observation] = field(default_factory=list)

    def add(self, observation: Observation) -> None:
        """Counts one packet."""
        packet = observation.packet
        self.first = min(self.first, packet.at) if self.packets else packet.at
        self.last = max(self.last, packet.at) if self.packets else packet.at
        self.packets += 1
        self.bytes += packet.bytes
        if packet.protocol == TCP:
            self.flags |= aws_flags(packet.upper.flags)
        self.members.append(observation)


def aws_flags(flags: int) -> int:
    """FIN, SYN, RST; ACK only beside SYN."""
    shown = flags & (FIN | SYN | RST)
    return shown | ACK if flags & SYN and flags & ACK else shown


@dataclass(slots=True)
class Batch:
    """What one closing of a window gave."""

    window: int
    flows: dict[FlowKey, Flow]
    late: bool = False
    empty: list[tuple[Interface | None, int, int]] = field(default_factory=list)


def flow_key(observation: Observation) -> FlowKey:
    """Everything in which flows differ, rule and stage included."""
    p = observation.packet
    interface = observation.interface.id if observation.interface else None
    return (interface, observation.direction, observation.action, observation.stage, observation.rule, p.family,
            p.src, p.dst, p.upper.sport, p.upper.dport, p.protocol)


class Windows:
    """Cuts one capture at one interval."""

    def __init__(self, interval_seconds: int, interfaces: list[Interface | None]) -> None:
        self.length = interval_seconds * SECOND
        self.interfaces = interfaces
        self.now: int | None = None
        self.bound = 0
        self.run: list[int] = []
        self.open: dict[int, dict[FlowKey, Flow]] = {}
        self.late: dict[int, dict[FlowKey, Flow]] = {}
        self.seen: set[tuple[str | None, int]] = set()
        self.times: list[int] = []
        self.batches: list[Batch] = []
        self.late_count = 0

    def packet(self, packet: Packet, observations: list[Observation]) -> None:
        """Takes the next packet of the file."""
        at = packet.at
        far = self._clock(at)
        window = at // self.length * self.length
        late = far or window < self.bound
        for observation in observations:
            home = (self.late if late else self.open).setdefault(window, {})
            flow = home.setdefault(flow_key(observation), Flow())
            flow.add(observation)
            self.late_count += late
            self.seen.add((observation.interface.id if observation.interface else None, window))

    def _clock(self, at: int) -> bool:
        """Moves time on; true when the packet is too far ahead of it (W3)."""
        if self.now is None:
            self.times.append(at)
            self.now = at
            self.bound = (at // self.length - 1) * self.length
            return False
        if at - self.now > HOUR:
            if self.run and max(*self.run, at) - min(*self.run, at) > HOUR:
                self.run = []
            self.run.append(at)
            if len(self.run) < AGREE:
                return True
            # Those that agreed are packets of their time, though late: an hour around them is not silent.
            for other in self.run[:-1]:
                bisect.insort(self.times, other)
        self.run = []
        bisect.insort(self.times, at)
        if at > self.now:
            self.now = at
            bound = (at // self.length - 1) * self.length
            if bound > self.bound:
                self._close(bound)
        return False

    def finish(self) -> list[Batch]:
        """The end of the file: closes what is open."""
        if self.now is not None:
            self._close((self.now // self.length + 1) * self.length)
        return self.batches

    def _close(self, bound: int) -> None:
        real = False
        for window in range(self.bound, bound, self.length):
            flows = self.open.pop(window, {})
            empty = self._empty(window)
            exists = window + self.length > self.times[0]
            real = real or exists or bool(flows)
            if flows or empty:
                self.batches.append(Batch(window, flows, empty=empty))
        self.bound = bound
        if real:
            for window, flows in self.late.items():
                self.batches.append(Batch(window, flows, late=True))
            self.late = {}

    def _empty(self, window: int) -> list[tuple[Interface | None, int, int]]:
        """Interfaces without a packet, with first and last second of the window in which the source ran (W5)."""
        if self.now is None or not self._near(window):
            return []
        start = max(window, self.times[0])
        end = min(window + self.length, self.now)
        if end - start < SECOND:
            return []
        first, last = start // SECOND, -(-end // SECOND) - 1
        return [(i, first, last) for i in self.interfaces if (i.id if i else None, window) not in self.seen]

    def _near(self, window: int) -> bool:
        """Within an hour of a packet."""
        at = bisect.bisect_left(self.times, window - HOUR)
        return at < len(self.times) and self.times[at] <= window + self.length + HOUR
