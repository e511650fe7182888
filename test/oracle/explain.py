"""Shows what is behind records that differ: the packets of the flow and the steps of its verdict.

In:    a reading made with steps, the records missing and those too many.  Out: text for people.
"""

from __future__ import annotations

from read_capture import Reading
from records import Line, text_of
from verdict import Observation

MOST_PACKETS = 25


def packet_line(observation: Observation) -> str:
    """One packet with its verdict, and why."""
    p = observation.packet
    u = p.upper
    ports = f"{u.sport}>{u.dport}" if u.known else "ports not known"
    icmp = f" icmp {u.icmp_type}/{u.icmp_code} id {u.icmp_id}" if u.icmp_type >= 0 else ""
    flags = f" flags {u.flags:#04x}" if p.protocol == 6 else ""
    quote = ""
    if p.quote:
        q = p.quote
        quote = f" quotes {text_of(q.family, q.src)}>{text_of(q.family, q.dst)} proto {q.protocol} {q.upper.sport}>{q.upper.dport}"
    where = f"{observation.interface.id} " if observation.interface else ""
    return (f"frame {p.frame} at {p.at / 1e6:.6f} {where}{observation.direction} {text_of(p.family, p.src)}>"
            f"{text_of(p.family, p.dst)} proto {p.protocol} {ports}{icmp}{flags}{quote} {p.bytes} bytes side {p.side} vlan {p.vlan}"
            f" => {observation.action} {observation.stage} {observation.rule}; {'; '.join(observation.steps)}")


def history(reading: Reading, observation: Observation) -> list[Observation]:
    """Everything judged at the same interface between the same addresses, with the same ports either way."""
    p = observation.packet
    found = []
    for packet, seen in reading.seen:
        if {packet.src, packet.dst} != {p.src, p.dst} or packet.family != p.family:
            continue
        same = {packet.upper.sport, packet.upper.dport} == {p.upper.sport, p.upper.dport}
        if packet.protocol not in (1, 58) and not (packet.protocol == p.protocol and (same or not packet.upper.known)):
            continue
        found += [o for o in seen if o.interface is observation.interface]
    return found


def behind(reading: Reading, line: str, fields: list[str]) -> list[Observation]:
    """The observations that a record of the other side may have come from."""
    values = dict(zip(fields, line.split(" ")))
    wanted = (values.get("interface-id"), values.get("srcport"), values.get("dstport"), values.get("protocol"))
    addresses = {values.get("pkt-srcaddr", values.get("srcaddr")), values.get("pkt-dstaddr", values.get("dstaddr"))}
    for packet, seen in reading.seen:
        for observation in seen:
            u = packet.upper
            eni = observation.interface.id if observation.interface else wanted[0]
            if (eni, str(u.sport), str(u.dport), str(packet.protocol)) != wanted:
                continue
            if addresses <= {text_of(packet.family, packet.src), text_of(packet.family, packet.dst)}:
                return history(reading, observation)
    return []


def explain(reading: Reading, expected: list[Line], missing: list[str], extra: list[str], most: int,
            fields: list[str] | None = None) -> str:
    """The first differences with the packets behind them."""
    out = []
    by_text = {line.text: line for line in expected}
    frames = {(o.packet.frame, o.direction): o for _, seen in reading.seen for o in seen}
    for text in missing[:most]:
        out.append(f"- {text}")
        close = [e for e in extra if e.split(" ")[:6] == text.split(" ")[:6]]
        out += [f"+ {e}" for e in close[:2]]
        members = by_text[text].members
        if members:
            first = frames.get((members[0].packet.frame, members[0].direction), members[0])
            numbers = {m.packet.frame for m in members}
            for observation in history(reading, first)[:MOST_PACKETS]:
                mark = "*" if observation.packet.frame in numbers else " "
                out.append(f"    {mark} {packet_line(observation)}")
    if not missing:
        for text in extra[:most]:
            out.append(f"+ {text}")
            out += [f"      {packet_line(o)}" for o in behind(reading, text, fields or [])[:MOST_PACKETS]]
    return "\n".join(out)
