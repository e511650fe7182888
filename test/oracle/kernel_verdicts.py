#!/usr/bin/env python3
"""Sends random conversations through a kernel, and says what its tables must hold.

In:    on the command line a seed, how many packets, how many networks share a process. On stdin, after the network was printed, the word
       `send NAMESPACE`, then a line for each swap of the tables: the namespace has devices `x0` … `x6`; the last one leads outside. Out: the network as a line of JSON; after
       sending what must have been counted, a line of JSON.
Holds: as `tracking.py` and `verdict.py` say, but for what the kernel does otherwise: it confirms a connection when its first
       packet passed at both ends (V8), packets that conntrack calls invalid open none, nothing is picked up, and who closed is
       forgotten (V7, V3). Time stands still: no connection ends by age.
"""

from __future__ import annotations

import copy
import ctypes
import json
import os
import random
import socket
import sys
import time
from collections import Counter
from ipaddress import ip_address
from typing import Any

import build
import verdict
from containers import Capture
from headers import ACK, FIN, ICMP, ICMPV6, RST, SYN, TCP, Packet, Upper
from make_scenes import Json, Sent, Talk, make_network
from model import address, read_model
from placing import Placer
from random_verdicts import bare_capture
from tracking import REQUEST_OF, Key, Tracking, key_of
from verdict import Admission, Judge, Question

CLONE_NEWNET = 0x40000000
REQUESTS = {(ICMP, 8), (ICMP, 13), (ICMP, 15), (ICMP, 17), (ICMPV6, 128)}
# So many packets are sent from one swap of the tables to the next, at most.
PORTION = 500
Row = tuple[Any, ...]


def is_invalid_as_new(packet: Packet) -> bool:
    """Whether conntrack makes no connection of a packet that belongs to none."""
    if packet.protocol == TCP:
        return packet.upper.flags & (SYN | ACK | FIN | RST) not in (SYN, ACK)
    if packet.protocol in (ICMP, ICMPV6):
        return (packet.protocol, packet.upper.icmp_type) not in REQUESTS
    return False


def kernel_key(family: int, protocol: int, src: int, dst: int, upper: Upper) -> Key | None:
    """As `key_of`, but both ends may ask with the same identifier: to the kernel these are two conversations."""
    key = key_of(family, protocol, src, dst, upper)
    if key is None or protocol not in (ICMP, ICMPV6) or len(key) != 6:
        return key
    return (*key, dst if (family, upper.icmp_type) in REQUEST_OF else src)


class KernelJudge(Judge):
    """The second reading, with what the kernel does otherwise."""

    def judge(self, packet: Packet) -> list[Any]:
        verdict.key_of = kernel_key
        try:
            return self._judge(packet)
        finally:
            verdict.key_of = key_of

    def _judge(self, packet: Packet) -> list[Any]:
        before = {i: dict(t.connections) for i, t in self.tracking.items()}
        self.invalid = is_invalid_as_new(packet)
        seen = super().judge(packet)
        opened = [i for i, t in self.tracking.items() if any(before[i].get(k) is not c for k, c in t.connections.items())]
        rejected = any(one.action == "REJECT" for one in seen)
        if opened and (rejected or self.invalid):
            for i in opened:
                self.tracking[i].connections = before[i]
        return seen

    def _picked_up(self, *_: Any) -> Admission | None:
        return None

    def _as_new(self, packet: Packet, interface: Any, question: Question, tracking: Tracking, key: Key, stage: str,
                flags: int) -> Admission:
        rule = self._admitting(interface, question)
        if rule is None:
            return Admission(False, stage, "default-deny")
        return self._opened(interface, question, rule)


def still(packets: list[Sent]) -> list[Sent]:
    """Packets without time, and without what ends a connection and then goes on: the kernel's own ages are not tested here."""
    closed = set()
    kept = []
    for _, src, dst, protocol, sport, dport, flags, kind, code, ident in packets:
        ends = frozenset(((src, sport), (dst, dport)))
        if protocol == TCP:
            if ends in closed:
                continue
            if flags & (FIN | RST):
                closed.add(ends)
        kept.append((1_792_000_000_000_000 + len(kept), src, dst, protocol, sport, dport, flags, kind, code, ident))
    return kept


def body_of(sent: Sent, size: int) -> bytes:
    """What follows the IP header, with sums that the kernel takes."""
    _, src, dst, protocol, sport, dport, flags, kind, code, ident = sent
    if protocol == 6:
        raw = build.tcp(sport, dport, flags, size)
        at = 16
    elif protocol == 17:
        raw = build.udp(sport, dport, size)
        at = 6
    elif protocol in (1, 58):
        raw = build.icmp(kind, code, ident, bytes(8 + size))
        at = 2
    else:
        return bytes(8 + size)
    family, source = address(src)
    width = 4 if family == 4 else 16
    pseudo = source.to_bytes(width, "big") + address(dst)[1].to_bytes(width, "big") + len(raw).to_bytes(4, "big")
    pseudo += protocol.to_bytes(4, "big")
    total = build._checksum((b"" if protocol == 1 else pseudo) + raw + bytes(len(raw) % 2))
    return raw[:at] + total.to_bytes(2, "big") + raw[at + 2:]


def main() -> None:
    """Sends and tells."""
    seed, count = sys.argv[1], int(sys.argv[2])
    rnd = random.Random(seed)
    network = make_network(rnd)
    packets = still(Talk(rnd, network).make(count))
    print(json.dumps(network), flush=True)
    word, namespace = sys.stdin.readline().split()
    assert word == "send"
    handle = os.open(f"/run/netns/{namespace}", os.O_RDONLY)
    assert ctypes.CDLL(None, use_errno=True).setns(handle, CLONE_NEWNET) == 0
    os.sched_setaffinity(0, {0})
    model = read_model(network)
    holders = {held: n for n, i in enumerate(model.interfaces) for held in i.addresses}
    outside = len(model.interfaces)
    links = []
    for n in range(outside + 1):
        link = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
        link.bind((f"x{n}", 0))
        links.append(link)
    judge = KernelJudge(model, Placer(model, bare_capture(), {}, {}))
    plain = Judge(model, Placer(model, bare_capture(), {}, {}))
    rows: Counter[Row] = Counter()
    sizes: Counter[Row] = Counter()
    seen = differing = 0
    for number, sent in enumerate(packets):
        if number > 0 and number % PORTION == 0:
            sys.stdin.readline()
        at, src, dst, protocol, sport, dport, flags, kind, code, ident = sent
        data = build.ip(src, dst, protocol, body_of(sent, rnd.randint(0, 40) * 2))
        family, source = address(src)
        upper = Upper(sport, dport, True, flags, kind, code, ident)
        packet = Packet(number, at, 0, 0, family, protocol, source, address(dst)[1], len(data), upper, 0, None, None)
        found = judge.judge(copy.copy(packet))
        other = plain.judge(copy.copy(packet))
        differing += [(o.action, o.rule) for o in found] != [(o.action, o.rule) for o in other]
        for one in found:
            key = (one.interface.id, one.direction, one.action, one.stage, one.rule, family, protocol, str(ip_address(src)), str(ip_address(dst)),
                   *((sport, dport) if protocol in (6, 17) else (0, 0)))
            rows[key] += 1
            sizes[key] += len(data)
            seen += 1
        n = holders.get((family, source), outside)
        kind_of = b"\x08\x00" if family == 4 else b"\x86\xdd"
        links[n].send(bytes.fromhex(f"0200000001{n:02x}0200000002{n:02x}") + kind_of + data)
        if number % 8 == 0:
            time.sleep(0.001)
    listed = [[*key, rows[key], sizes[key]] for key in rows]
    print(json.dumps({"packets": len(packets), "observations": seen, "differing": differing, "rows": listed}), flush=True)


if __name__ == "__main__":
    main()
