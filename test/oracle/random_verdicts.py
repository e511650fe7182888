#!/usr/bin/env python3
"""The verdict engine against the second reading, on conversations in random networks.

In:    how many packets, a seed. Out: how many observations agreed, and by what they were decided; exit 1 where one differs
       or where something decides too seldom for the comparison to mean anything.
Holds: both read the same JSON; nothing else is shared. A seed gives the same networks and packets anywhere.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

from containers import Capture
from headers import Packet, Upper
from make_scenes import Json, Sent, Talk, make_network
from model import Model, Net, address, read_model
from placing import Placer
from verdict import Judge

HERE = Path(__file__).parent
NODE = HERE.parent.parent / "bin" / "node"
SCENE_PACKETS = 500
ALLOWED_AT_LEAST = 0.30
DECIDES_AT_LEAST = 0.01
KINDS = ("group rule IPv4", "group rule IPv6", "group rule prefix list", "group rule group", "group rule tcp", "group rule udp",
         "group rule icmp", "group rule icmpv6", "group rule all", "ACL allows", "ACL denies", "ACL *", "default deny", "closed")
STAGES = ("ACCEPT sg-egress", "ACCEPT sg-ingress", "ACCEPT nacl-ingress", "ACCEPT nacl-egress", "REJECT sg-egress",
          "REJECT sg-ingress", "REJECT nacl-egress", "REJECT nacl-ingress", "REJECT closed")
WORDS = {6: "tcp", 17: "udp", 1: "icmp", 58: "icmpv6", -1: "all"}


def bare_capture() -> Capture:
    """A capture without devices: the network seen once."""
    capture = Capture.__new__(Capture)
    capture.devices = []
    capture.is_pcapng = False
    return capture


def packet_of(frame: int, sent: Sent) -> Packet:
    """A packet as the second reading takes it."""
    at, src, dst, protocol, sport, dport, flags, kind, code, ident = sent
    family, source = address(src)
    upper = Upper(sport, dport, True, flags, kind, code, ident)
    return Packet(frame, at, 0, 0, family, protocol, source, address(dst)[1], 40, upper, 0, None, None)


def second_reading(model: Model, packets: list[Sent]) -> list[str]:
    """What the second reading says, a line for each observation."""
    judge = Judge(model, Placer(model, bare_capture(), {}, {}))
    lines = []
    for number, sent in enumerate(packets):
        for seen in judge.judge(packet_of(number, sent)):
            at = seen.interface.id if seen.interface else "-"
            lines.append(f"{number} {at} {seen.direction} {seen.action} {seen.stage} {seen.rule}")
    return lines


def kinds_of(model: Model) -> dict[str, list[str]]:
    """By id of a group rule, what kind of rule it is."""
    kinds = {}
    for interface in model.interfaces:
        for rule in interface.rules:
            if isinstance(rule.peer, Net):
                peer = f"IPv{rule.peer.family}"
            else:
                peer = "prefix list" if rule.peer.startswith("pl-") else "group"
            kinds[rule.id] = [f"group rule {peer}", f"group rule {WORDS.get(rule.protocol, 'other')}"]
    return kinds


def count(lines: list[str], kinds: dict[str, list[str]], counts: Counter[str]) -> None:
    """Counts what decided."""
    for line in lines:
        _, _, _, action, stage, rule = line.split(" ")
        counts[action] += 1
        counts[f"{action} {stage}"] += 1
        if stage == "closed":
            counts["closed"] += 1
        elif rule == "default-deny":
            counts["default deny"] += 1
        elif rule.startswith("acl-"):
            counts["ACL *" if rule.endswith("/*") else "ACL allows" if action == "ACCEPT" else "ACL denies"] += 1
        else:
            for kind in kinds.get(rule, []):
                counts[kind] += 1


def first_difference(seed: str, packets: list[Sent], ours: list[str], theirs: list[str]) -> str:
    """The first observation that differs, with its packet."""
    both = zip(ours + ["nothing"] * len(theirs), theirs + ["nothing"] * len(ours))
    one, other = next((a, b) for a, b in both if a != b)
    number = min(int(text.split(" ")[0]) for text in (one, other) if text != "nothing")
    return f"scene {seed}, packet {packets[number]}:\n  engine          {one}\n  second reading  {other}"


class Engine:
    """The verdict engine, a process that answers scenes."""

    def __init__(self) -> None:
        command = [str(NODE), str(HERE / "answer-verdicts.ts")]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, network: Json, packets: list[Sent]) -> None:
        """Sends a scene; `answer` gives what it says, so that it works meanwhile."""
        assert self.process.stdin
        self.process.stdin.write(json.dumps({"model": network, "packets": packets}) + "\n")
        self.process.stdin.flush()

    def answer(self) -> list[str]:
        """The observations of the scene that was asked last."""
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit("the verdict engine ended early")
        return json.loads(line)

    def close(self) -> None:
        """Ends it."""
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait()


def too_seldom(counts: Counter[str]) -> list[str]:
    """What decides less often than it must."""
    total = counts["ACCEPT"] + counts["REJECT"]
    wrong = [f"{name} decides {counts[name]} of {total}" for name in (*KINDS, *STAGES)
             if counts[name] < DECIDES_AT_LEAST * total]
    if counts["ACCEPT"] < ALLOWED_AT_LEAST * total:
        wrong.append(f"{counts['ACCEPT']} of {total} are allowed")
    return wrong


def main() -> None:
    """Compares."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=20_000, help="packets, requests and replies together")
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    engine = Engine()
    counts: Counter[str] = Counter()
    differing: list[str] = []
    done = 0
    while done < asked.cases:
        seed = f"{asked.seed}/{done // SCENE_PACKETS}"
        rnd = random.Random(seed)
        network = make_network(rnd)
        packets = Talk(rnd, network).make(min(SCENE_PACKETS, asked.cases - done))
        engine.ask(network, packets)
        model = read_model(network)
        theirs = second_reading(model, packets)
        ours = engine.answer()
        done += len(packets)
        if ours != theirs:
            differing.append(first_difference(seed, packets, ours, theirs))
            if len(differing) == 5:
                break
        count(theirs, kinds_of(model), counts)
    engine.close()
    total = counts["ACCEPT"] + counts["REJECT"]
    for name in ("ACCEPT", "REJECT", *STAGES, *KINDS):
        print(f"{counts[name]:9} {100 * counts[name] / max(1, total):5.1f} %  {name}")
    seldom = too_seldom(counts)
    for text in (*differing, *seldom):
        print(text)
    print(f"{done} packets, {total} observations, {len(differing)} scenes differ")
    failed = len(differing) + len(seldom)
    print(f"{0 if failed else 1} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
