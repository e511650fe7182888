"""What a capture means: reads it, judges it, prints its records and counts.

    python3 read_capture.py FILE [--vpc MODEL] [--interval 60] [--format 'a b c'] [--traffic ALL] [--counts PATH]
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from containers import read_container
from headers import Decoded, Packet, decode_capture
from model import Interface, Model, read_model
from placing import Placer
from records import WIDE, Line, Printer
from verdict import Judge, Observation
from windows import Batch, Windows

SIDES = {0: None, 1: "ingress", 2: "egress"}


@dataclass(slots=True)
class Reading:
    """Everything that was found in a capture."""

    decoded: Decoded
    model: Model | None
    interfaces: list[Interface | None]
    seen: list[tuple[Packet, list[Observation]]] = field(default_factory=list)
    judge: Judge | None = None

    def batches(self, interval: int) -> tuple[list[Batch], int]:
        """Flows at an interval, and how many observations were late."""
        windows = Windows(interval, self.interfaces)
        for packet, observations in self.seen:
            windows.packet(packet, observations)
        return windows.finish(), windows.late_count

    def lines(self, interval: int, fields: list[str], traffic: str = "ALL", only: set[str] | None = None) -> list[Line]:
        """Records at an interval in a format."""
        return Printer(fields, self.model, traffic, only).lines(self.batches(interval)[0])

    def counts(self, interval: int) -> dict[str, Any]:
        """The stage counts in the shape the program prints."""
        capture = {"in": self.decoded.frames, "out": len(self.decoded.packets), "held": 0, "lost": self.decoded.lost}
        late = self.batches(interval)[1]
        if self.judge is None:
            return {"capture": capture, "aggregate": {"notes": {"late": late}}}
        judge = self.judge
        lost = {"not-own-source": judge.observed["not-own-source"]} if judge.observed["not-own-source"] else {}
        return {
            "capture": capture,
            "verdict": {**judge.counts, "held": 0, "lost": judge.lost},
            "observations": {"in": judge.observed["in"], "out": judge.observed["out"], "held": 0, "lost": lost,
                             "notes": judge.notes},
            "aggregate": {"notes": {"late": late}},
        }


def read(path: Path, model_json: dict[str, Any] | None = None, named: dict[str, str] | None = None,
         vlans: dict[int, str] | None = None, explain: bool = False) -> Reading:
    """Reads and judges a capture, without a model if none is given."""
    capture = read_container(path)
    decoded = decode_capture(capture)
    if model_json is None:
        reading = Reading(decoded, None, [None])
        for packet in decoded.packets:
            seen = Observation(packet, None, SIDES[packet.side], "ACCEPT", None, None)
            reading.seen.append((packet, [seen]))
        return reading
    model = read_model(model_json)
    placer = Placer(model, capture, named or {}, vlans or {})
    judge = Judge(model, placer, explain)
    reading = Reading(decoded, model, list(placer.seen_interfaces()), judge=judge)
    for packet in decoded.packets:
        reading.seen.append((packet, judge.judge(packet)))
    return reading


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--vpc", type=Path)
    parser.add_argument("--interval", type=int, default=60)
    parser.add_argument("--format", default=" ".join(WIDE))
    parser.add_argument("--traffic", default="all")
    parser.add_argument("--counts", type=Path)
    parser.add_argument("--device", action="append", default=[], help="NAME=eni-...")
    parser.add_argument("--vlan", action="append", default=[], help="ID=vpc-...")
    options = parser.parse_args()
    model = json.loads(options.vpc.read_text()) if options.vpc else None
    named = dict(d.split("=", 1) for d in options.device)
    vlans = {int(v.split("=", 1)[0]): v.split("=", 1)[1] for v in options.vlan}
    reading = read(options.file, model, named, vlans)
    fields = options.format.replace("${", "").replace("}", "").split()
    lines = sorted(line.text for line in reading.lines(options.interval, fields, options.traffic.upper()))
    print(" ".join(fields))
    for line in lines:
        print(line)
    if options.counts:
        options.counts.write_text(json.dumps(reading.counts(options.interval), indent=1, sort_keys=True) + "\n")
    else:
        print(json.dumps(reading.counts(options.interval), sort_keys=True), file=sys.stderr)


if __name__ == "__main__":
    main()
