"""A capture, and a model to judge it by, from a seed.

    python3 make_capture.py --seed 7 [--packets 20000] --out DIR [--model]

DIR gets the capture, `model.json` with --model, and `manifest.json`: what the readers must be told.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
from pathlib import Path
from typing import Any

from make_model import End, ModelMaker, World
from make_oddities import AllTraffic
from make_traffic import SECOND, Event
from wrap import COOKED1, COOKED2, ETHERNET, LOOP, NFLOG, NULL, RAW, Block, Sheet, Style, frame, pcap, pcapng, wrapped

KINDS = ["ethernet", "pcapng", "vlan", "devices", "cooked1", "raw", "qinq", "devices", "mixed", "cooked2", "null",
         "nflog", "ethernet", "devices", "pcapng", "vlan", "loop"]
LINKS = {"cooked1": COOKED1, "cooked2": COOKED2, "raw": RAW, "null": NULL, "loop": LOOP, "nflog": NFLOG}
FULL_MAC = ("ethernet", "pcapng", "vlan", "qinq")
ROUTER = "0e:aa:00:00:00:01"


class Maker:
    """Everything that one seed decides."""

    def __init__(self, seed: int, packets: int) -> None:
        self.rng = rng = random.Random(f"capture {seed}")
        self.kind = KINDS[seed % len(KINDS)]
        self.packets = packets
        self.interval = 600 if seed % 5 == 4 else 60
        self.start = 1_700_000_000 * SECOND + rng.randrange(10**14)
        self.span = rng.randrange(3, 31) * self.interval * SECOND
        self.world: World = ModelMaker(rng).make(self.kind in FULL_MAC)
        self.snap = rng.choice([65535, 262144, 65535, 96, 128, 200])
        if self.kind == "nflog":
            self.snap = max(self.snap, 200)
        self.style = Style(LINKS.get(self.kind, ETHERNET), rng.random() < 0.6, {"vlan": 1, "qinq": 2}.get(self.kind, 0),
                           rng.random() < 0.7, rng.choice([24, 28, 30]), rng.random() < 0.8)
        self.routed_macs = self.kind in ("vlan", "qinq") and rng.random() < 0.4
        self.named: dict[str, str] = {}

    def events(self) -> list[tuple[int, Event]]:
        """Events in the order of the file, each with the time that is written."""
        rng = self.rng
        made = AllTraffic(rng, self.world, self.start, self.span).make(self.packets)
        jump_at = self.start + int(self.span * rng.uniform(0.3, 0.8)) if rng.random() < 0.25 else None
        jump = rng.choice([3000, 3700, 7200, 90_000, 500_000]) * SECOND
        ordered = []
        for event in made:
            roll = rng.random()
            delay = rng.randrange(3 * SECOND) if roll < 0.1 else 0
            if roll > 0.997:
                delay = rng.randrange(60, 300) * SECOND
            shown = event.at + (jump if jump_at is not None and event.at >= jump_at else 0)
            ordered.append((event.at + delay, shown, event))
        ordered.sort(key=lambda o: o[0])
        out = [(shown, event) for _, shown, event in ordered]
        if rng.random() < 0.3:
            for _ in range(rng.randrange(1, 4)):
                place = rng.randrange(20, len(out))
                out[place] = (out[place][0] + rng.choice([3605, 7200, 86_400, 31_536_000]) * SECOND, out[place][1])
        return out

    def vlan(self, event: Event) -> int:
        """The VLAN of an event: that of its VPC where two share addresses."""
        end = event.sender if event.sender.interface else event.receiver
        return 100 + end.vpc if end.vpc >= 0 else 99

    def sheet(self, at: int, event: Event, macs: tuple[str, str], style: Style, device: int = 0, side: int = 0) -> Sheet:
        """A frame of an event."""
        data = frame(self.rng, style, at, event.kind, event.data, macs, self.vlan(event))
        read_at = at + self.rng.randrange(SECOND) if style.link == NFLOG and style.nflog_times else at
        return Sheet(read_at, data[: self.snap], len(data), device, side, self.rng.randrange(1000))

    def file(self) -> tuple[bytes, str]:
        """The capture's bytes and its suffix."""
        events = self.events()
        if self.kind == "devices":
            return self._with_devices(events), ".pcapng"
        if self.kind in ("pcapng", "mixed"):
            return self._several(events), ".pcapng"
        sheets = []
        for at, event in events:
            macs = (event.sender.mac, event.receiver.mac)
            if self.routed_macs:
                macs = (ROUTER, ROUTER)
            sheets.append(self.sheet(at, event, macs, self.style))
        return pcap(sheets, self.style, nanos=self.rng.random() < 0.4, snap=self.snap), ".pcap"

    def _several(self, events: list[tuple[int, Event]]) -> bytes:
        """A pcapng file of several interfaces that are none of the model's."""
        rng = self.rng
        links = [ETHERNET] * 4 if self.kind == "pcapng" else [ETHERNET, RAW, COOKED1, COOKED2, NULL]
        blocks = [Block(links[n], f"eth{n}" if rng.random() < 0.7 else None, None, self._resolution(),
                        rng.choice([0, 0, 0, 3600, -7200]), rng.random() < 0.5) for n in range(rng.randrange(2, len(links) + 1))]
        sheets = []
        for at, event in events:
            device = rng.randrange(len(blocks))
            style = Style(blocks[device].link, self.style.little, 0, self.style.pad, self.style.six_family)
            macs = (event.sender.mac, event.receiver.mac)
            sheets.append(self.sheet(at, event, macs, style, device, rng.choice([0, 1, 2])))
        return pcapng(sheets, blocks, self.style.little, self.snap, rng)

    def _resolution(self) -> int | None:
        return self.rng.choice([None, 6, 9, 9, 3, 0x80 | 20, 0x80 | 10, 0x80 | 30])

    def _with_devices(self, events: list[tuple[int, Event]]) -> bytes:
        """A pcapng file whose interfaces are those of the model, and one that is not."""
        rng = self.rng
        blocks = [Block(ETHERNET, "uplink0", ROUTER, self._resolution(), 0, True)]
        device_of: dict[int, int] = {}
        for end in self.world.inside:
            if rng.random() < 0.75 and end.interface is not None:
                device_of[id(end)] = len(blocks)
                blocks.append(self._device(len(blocks), end))
        sheets: list[Sheet] = []
        for at, event in events:
            if len(sheets) >= self.packets:
                break
            macs = (event.sender.mac, event.receiver.mac)
            routed = rng.random() < 0.4
            for end, side in ((event.sender, 2), (event.receiver, 1)):
                device = device_of.get(id(end))
                if device is not None:
                    here = (macs[0], ROUTER if routed else macs[1]) if side == 2 else (ROUTER if routed else macs[0], macs[1])
                    sheets.append(self.sheet(at, event, here, self.style, device, side))
                    at += 40
                elif rng.random() < 0.03:
                    device = rng.randrange(len(blocks)) if end.interface is None else 0
                    sheets.append(self.sheet(at, event, macs, self.style, device, rng.choice([0, 1])))
        return pcapng(sheets[: self.packets], blocks, self.style.little, self.snap, rng)

    def _device(self, number: int, end: End) -> Block:
        rng = self.rng
        assert end.interface is not None
        eni = end.interface["NetworkInterfaceId"]
        block = Block(ETHERNET, eni, None, self._resolution(), 0, rng.random() < 0.4)
        if "MacAddress" in end.interface and rng.random() < 0.5:
            block.name, block.mac = f"veth{number}", end.mac
        elif rng.random() < 0.3:
            block.name = f"tap{number}"
            self.named[block.name] = eni
        return block


def make(seed: int, packets: int, out: Path, with_model: bool) -> dict[str, Any]:
    """Writes a capture, its model and the manifest."""
    out.mkdir(parents=True, exist_ok=True)
    maker = Maker(seed, packets)
    data, suffix = maker.file()
    wraps = ["", "", "", ".gz"] + ([".zst"] if shutil.which("zstd") else [])
    wrap = maker.rng.choice(wraps)
    name = f"capture{suffix}{wrap}"
    (out / name).write_bytes(wrapped(data, wrap))
    manifest: dict[str, Any] = {
        "seed": seed, "capture": name, "kind": maker.kind, "interval": maker.interval, "devices": maker.named,
        "vlans": {str(k): v for k, v in maker.world.vlans.items()} if maker.style.tags else {}, "model": None}
    if with_model:
        (out / "model.json").write_text(json.dumps(maker.world.model, indent=1) + "\n")
        manifest["model"] = "model.json"
    (out / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")
    return manifest


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--packets", type=int, default=20_000)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--model", action="store_true")
    options = parser.parse_args()
    print(json.dumps(make(options.seed, options.packets, options.out, options.model)))


if __name__ == "__main__":
    main()
