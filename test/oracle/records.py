"""Batches of flows as record lines (section 4 and 6 of the record format, rule W6)."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass

from model import Interface, Model
from verdict import Observation
from windows import Batch, Flow, FlowKey

DEFAULT = ("version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action "
           "log-status").split()
WIDE = ("interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action tcp-flags pkt-srcaddr "
        "pkt-dstaddr flow-direction type log-status x-rule-id x-verdict-stage reject-reason").split()
VERSIONS = {"vpc-id": 3, "subnet-id": 3, "tcp-flags": 3, "type": 3, "pkt-srcaddr": 3, "pkt-dstaddr": 3, "region": 4,
            "flow-direction": 5, "reject-reason": 8}
NO_ACCOUNT, NO_INTERFACE, NO_REGION = "000000000000", "eni-00000000000000000", "us-east-1"

def version_of(fields: Iterable[str]) -> int:
    """The version a format has: that of its newest field."""
    return max((VERSIONS.get(f, 2) for f in fields if not f.startswith("x-")), default=2)

def text_of(family: int, value: int) -> str:
    """An address as text."""
    return str(ipaddress.IPv4Address(value) if family == 4 else ipaddress.IPv6Address(value))

@dataclass(slots=True)
class Line:
    """A record with the flow behind it, for showing differences."""

    text: str
    end: int
    members: list[Observation]

def _shown(interface: Interface | None, direction: str | None, family: int, src: int, dst: int) -> tuple[int, int]:
    """srcaddr and dstaddr: an interface's own IPv4 side is its primary address."""
    if family == 4 and interface is not None and interface.primary4 is not None:
        if direction == "egress":
            return interface.primary4, dst
        if direction == "ingress":
            return src, interface.primary4
    return src, dst

class Printer:
    """Prints one format for one set of interfaces and one traffic filter."""

    def __init__(self, fields: list[str], model: Model | None, traffic: str = "ALL",
                 only: set[str] | None = None) -> None:
        self.fields = fields
        self.by_id = {i.id: i for i in model.interfaces} if model else {}
        self.traffic = traffic
        self.only = only
        self.version = version_of(fields)

    def lines(self, batches: list[Batch]) -> list[Line]:
        """All records, in no special order."""
        lines: list[Line] = []
        for batch in batches:
            lines += self._flows(batch)
            for interface, start, end in batch.empty:
                if self.only is None or (interface and interface.id in self.only):
                    lines.append(self._no_data(interface, start, end))
        return lines

    def _flows(self, batch: Batch) -> list[Line]:
        merged: dict[tuple[object, ...], tuple[FlowKey, Flow]] = {}
        for key, flow in batch.flows.items():
            interface_id, direction, action, stage, rule, family, src, dst, sport, dport, protocol = key
            if self.only is not None and interface_id not in self.only:
                continue
            if self.traffic not in ("ALL", action):
                continue
            interface = self.by_id.get(str(interface_id))
            shown = _shown(interface, direction, family, src, dst)  # type: ignore[arg-type]
            record = (interface_id, direction, action, family, shown, src, dst, sport, dport, protocol,
                      rule if "x-rule-id" in self.fields else "", stage if "x-verdict-stage" in self.fields else "")
            if record not in merged:
                merged[record] = (key, Flow())
            into = merged[record][1]
            if not into.packets:
                into.first, into.last = flow.first, flow.last
            into.packets += flow.packets
            into.bytes += flow.bytes
            into.first, into.last = min(into.first, flow.first), max(into.last, flow.last)
            into.flags |= flow.flags
            into.members += flow.members
        return [self._record(key, flow) for key, flow in merged.values()]

    def _record(self, key: FlowKey, flow: Flow) -> Line:
        interface_id, direction, action, stage, rule, family, src, dst, sport, dport, protocol = key
        interface = self.by_id.get(str(interface_id))
        a, b = _shown(interface, direction, family, src, dst)  # type: ignore[arg-type]
        start, end = flow.first // 1_000_000, flow.last // 1_000_000
        values: dict[str, object] = {
            **self._of_interface(interface),
            "srcaddr": text_of(family, a), "dstaddr": text_of(family, b),  # type: ignore[arg-type]
            "srcport": sport, "dstport": dport, "protocol": protocol,
            "packets": flow.packets, "bytes": flow.bytes, "start": start, "end": end,
            "action": action, "log-status": "OK", "tcp-flags": flow.flags,
            "pkt-srcaddr": text_of(family, src), "pkt-dstaddr": text_of(family, dst),  # type: ignore[arg-type]
            "flow-direction": direction or "-", "type": f"IPv{family}",
            "x-rule-id": rule or "-", "x-verdict-stage": stage if stage and stage != "not-judged" else "-",
            "reject-reason": "-",
        }
        return Line(self._text(values), end, flow.members)

    def _no_data(self, interface: Interface | None, start: int, end: int) -> Line:
        values = {**self._of_interface(interface), "start": start, "end": end, "log-status": "NODATA"}
        return Line(self._text(values), end, [])

    def _of_interface(self, interface: Interface | None) -> dict[str, object]:
        known: dict[str, object] = {"version": self.version, "account-id": NO_ACCOUNT, "interface-id": NO_INTERFACE}
        if interface is not None:
            known |= {"account-id": interface.owner, "interface-id": interface.id, "vpc-id": interface.vpc,
                      "subnet-id": interface.subnet}
        return known

    def _text(self, values: dict[str, object]) -> str:
        return " ".join(str(values.get(f, "-")) for f in self.fields)
