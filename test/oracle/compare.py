"""Compares the program's records with the second reading's, seed by seed.

    python3 compare.py --seeds 0-199 [--flowgauge bin/flowgauge] [--jobs 2] [--packets 20000] [--keep DIR] [--only model]

Each seed is read without a model, with its model, and in one more way that the seed chooses: the default format with a
traffic filter and the other interval, or FlowLogs in the model written with -w. Exit 1 when anything differs.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from explain import explain
from flow_logs import fields_of, interfaces_of, random_flow_logs, read_objects
from make_capture import make
from read_capture import Reading, read
from records import DEFAULT, WIDE, Line

Json = dict[str, Any]
COUNTED = [
    ("capture", "in"), ("capture", "out"), ("capture", "lost"), ("verdict", "in"), ("verdict", "out"),
    ("verdict", "lost"), ("observations", "in"), ("observations", "out"), ("observations", "lost"),
    ("observations", "notes"), ("aggregate", "notes"),
]


@dataclass(slots=True)
class Result:
    """What comparing one seed gave."""

    seed: int
    kind: str
    failures: list[str] = field(default_factory=list)
    tally: Counter[str] = field(default_factory=Counter)
    records: int = 0
    seconds: float = 0.0


@dataclass(slots=True)
class Seed:
    """One seed being compared."""

    folder: Path
    manifest: Json
    command: str
    result: Result
    show: int

    @property
    def capture(self) -> Path:
        """The capture file."""
        return self.folder / self.manifest["capture"]

    def model(self) -> Json:
        """The model's JSON."""
        return json.loads((self.folder / "model.json").read_text())

    def telling(self) -> list[str]:
        """Options that tie devices and VLANs."""
        told = [part for name, eni in self.manifest["devices"].items() for part in ("--device", f"{name}={eni}")]
        return told + [part for vlan, vpc in self.manifest["vlans"].items() for part in ("--vlan", f"{vlan}={vpc}")]

    def reading(self, model: Json | None, *, steps: bool = False) -> Reading:
        """The second reading."""
        vlans = {int(k): v for k, v in self.manifest["vlans"].items()}
        return read(self.capture, model, self.manifest["devices"], vlans, steps)

    def run(self, *options: str) -> str | None:
        """The program's stdout; None, with a failure noted, when it did not end well."""
        words = [self.command, "capture", "-r", str(self.capture), *options]
        done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=300, check=False)
        # What of a model is not given is told, and is no failure: some models leave their ACLs out.
        told = [line for line in done.stderr.decode(errors="replace").splitlines() if "the model: " not in line]
        if done.returncode or told:
            said = " ".join(told)[:500]
            self.result.failures.append(f"exit {done.returncode} with {' '.join(options)}: {said}")
        return done.stdout.decode() if not done.returncode else None

    def same(self, what: str, model: Json | None, fields: list[str], expected: list[Line], lines: list[str]) -> None:
        """Compares records as multisets."""
        ours, theirs = Counter(line.text for line in expected), Counter(lines)
        self.result.records += len(expected)
        missing, extra = ours - theirs, theirs - ours
        if not missing and not extra:
            return
        text = f"{what}: {sum(missing.values())} records missing, {sum(extra.values())} too many, of {len(expected)}"
        if self.show:
            reading = self.reading(model, steps=True)
            text += "\n" + explain(reading, expected, sorted(missing), sorted(extra), self.show, fields)
        self.result.failures.append(text)

    def plain(self, what: str, model: Json | None, fields: list[str], interval: int, traffic: str,
              *options: str) -> Reading:
        """One run to stdout, compared, with its counts."""
        reading = self.reading(model)
        counts = self.folder / "counts.json"
        counts.unlink(missing_ok=True)
        out = self.run("--format", " ".join(f"${{{f}}}" for f in fields), "--interval", str(interval), "--traffic",
                       traffic.lower(), "--counts", str(counts), *options)
        if out is None:
            return reading
        header, *lines = out.splitlines()
        if header != " ".join(fields):
            self.result.failures.append(f"{what}: header {header}")
        self.same(what, model, fields, reading.lines(interval, fields, traffic), lines)
        if counts.exists():
            self.counted(what, reading.counts(interval), json.loads(counts.read_text()))
        else:
            self.result.failures.append(f"{what}: no counts written")
        return reading

    def counted(self, what: str, ours: Json, theirs: Json) -> None:
        """Compares the stage counts that both have."""
        for stage, name in COUNTED:
            if stage not in ours:
                continue
            expected, got = ours[stage].get(name), theirs.get(stage, {}).get(name)
            if isinstance(expected, dict):
                expected = {k: v for k, v in expected.items() if v}
                got = {k: v for k, v in (got or {}).items() if v}
            if expected is not None and expected != got:
                self.result.failures.append(f"{what}: count {stage}.{name}: expected {expected}, got {got}")

    def with_flow_logs(self, rng: random.Random) -> None:
        """FlowLogs in the model, written as objects."""
        model = self.model()
        model["FlowLogs"] = random_flow_logs(rng, model)
        path = self.folder / "model-with-flow-logs.json"
        path.write_text(json.dumps(model))
        account = model["Vpcs"][0]["OwnerId"]
        with tempfile.TemporaryDirectory(dir=self.folder) as destination:
            if self.run("--vpc", str(path), "-w", destination, *self.telling()) is None:
                return
            found, wrong = read_objects(Path(destination), model["FlowLogs"], account)
        self.result.failures += [f"objects: {text}" for text in wrong[:5]]
        reading = self.reading(model)
        assert reading.model is not None
        for log in model["FlowLogs"]:
            expected = reading.lines(log["MaxAggregationInterval"], fields_of(log), log["TrafficType"],
                                     interfaces_of(log, reading.model))
            self.same(f"flow log {log['TrafficType']} of {log['ResourceId']}", model, fields_of(log), expected,
                      found[log["FlowLogId"]])

    def tally(self, reading: Reading) -> None:
        """Actions of observations, and flows by deciding stage."""
        tally = self.result.tally
        for _, observations in reading.seen:
            tally.update(o.action for o in observations)
        for batch in reading.batches(self.manifest["interval"])[0]:
            tally.update(f"flows {key[3]}" for key in batch.flows)
            tally["NODATA"] += len(batch.empty)
        if reading.judge:
            tally.update(reading.judge.notes)
            tally.update(reading.judge.lost)
        tally["frames"] += reading.decoded.frames


def compare_seed(number: int, command: str, packets: int, keep: str | None, show: int, only: str) -> Result:
    """Makes a seed's capture and compares all its readings."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(keep) / f"seed-{number}" if keep else Path(scratch)
        manifest = make(number, packets, folder, True)
        result = Result(number, manifest["kind"])
        seed = Seed(folder, manifest, command, result, show)
        interval = manifest["interval"]
        rng = random.Random(f"variation {number}")
        try:
            model = seed.model()
            told = ["--vpc", str(folder / "model.json"), *seed.telling()]
            if only in ("all", "plain"):
                seed.plain("no model", None, WIDE, interval, "ALL")
            if only in ("all", "model"):
                seed.tally(seed.plain("model", model, WIDE, interval, "ALL", *told))
            if only in ("all", "more"):
                if number % 4 == 3:
                    seed.with_flow_logs(rng)
                else:
                    traffic = rng.choice(["ALL", "ACCEPT", "REJECT"])
                    seed.plain(f"default format, {traffic}", model, DEFAULT, 660 - interval, traffic, *told)
        except Exception as error:  # noqa: BLE001 - a seed that breaks the reader is a failed seed
            result.failures.append(f"{type(error).__name__}: {error}")
        result.seconds = time.monotonic() - began
    return result


def seeds_of(text: str) -> list[int]:
    """`3`, `0-199` or `1,5,9-12`."""
    found: list[int] = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        found += range(int(first), int(last or first) + 1)
    return found


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", default="0-19")
    parser.add_argument("--flowgauge", default=str(Path(__file__).resolve().parents[2] / "bin" / "flowgauge"))
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--packets", type=int, default=20_000)
    parser.add_argument("--keep", help="folder for captures and models, for looking at a failure")
    parser.add_argument("--show", type=int, default=3, help="differences shown for each run")
    parser.add_argument("--only", choices=["all", "plain", "model", "more"], default="all")
    options = parser.parse_args()
    tally: Counter[str] = Counter()
    failed: list[int] = []
    seeds = seeds_of(options.seeds)
    records = 0
    with ProcessPoolExecutor(options.jobs) as pool:
        waiting = [pool.submit(compare_seed, s, options.flowgauge, options.packets, options.keep, options.show,
                               options.only) for s in seeds]
        for one in waiting:
            result = one.result()
            tally.update(result.tally)
            records += result.records
            word = "FAILED" if result.failures else "ok"
            print(f"seed {result.seed} {result.kind}: {word}, {result.records} records, {result.seconds:.1f} s", flush=True)
            for failure in result.failures:
                print("  " + failure.replace("\n", "\n  "), flush=True)
            if result.failures:
                failed.append(result.seed)
    seen = tally["ACCEPT"] + tally["REJECT"]
    for name, count in sorted(tally.items()):
        share = f" ({count / seen:.1%})" if name in ("ACCEPT", "REJECT") else ""
        print(f"  {name}: {count}{share}")
    print(f"{len(seeds) - len(failed)} passed, {len(failed)} failed; {records} records compared"
          + (f"; failed seeds: {','.join(map(str, failed))}" if failed else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
