"""Small networks and captures for the hand-made cases of test_oracle.py."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from build import icmp, ip, tcp, udp
from read_capture import Reading, read
from verdict import Observation
from wrap import ETHERNET, RAW, Sheet, Style, pcap

Json = dict[str, Any]
A, A2, B, HOST = "10.0.1.10", "10.0.1.11", "10.0.2.20", "203.0.113.9"
START = 1_700_000_020
ROUTES: Json = {"VpcId": "vpc-1", "RouteTableId": "rtb-1", "Associations": [{"Main": True}],
                "Routes": [{"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local"},
                           {"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1"}]}


def interface(name: str, subnet: str, address: str, groups: list[str], **more: object) -> Json:
    """A network interface."""
    return {"NetworkInterfaceId": f"eni-{name}", "VpcId": "vpc-1", "SubnetId": f"subnet-{subnet}",
            "OwnerId": "123456789010", "InterfaceType": "interface", "PrivateIpAddress": address,
            "PrivateIpAddresses": [{"PrivateIpAddress": address, "Primary": True}], "SourceDestCheck": True,
            "MacAddress": f"0a:00:00:00:00:{len(name):02x}", "Groups": [{"GroupId": g} for g in groups], **more}


def rule(name: str, where: str, protocol: str, low: int, high: int, peer: str) -> Json:
    """A listed rule `sgr-NAME`; where is `b/in`: the group's letter and the direction."""
    group, direction = where.split("/")
    key = {"sg": "group", "pl": "PrefixListId"}.get(peer[:2], "CidrIpv6" if ":" in peer else "CidrIpv4")
    source: Json = {"ReferencedGroupInfo": {"GroupId": peer}} if key == "group" else {key: peer}
    return {"SecurityGroupRuleId": f"sgr-{name}", "GroupId": f"sg-{group}", "IsEgress": direction == "out",
            "IpProtocol": protocol, "FromPort": low, "ToPort": high, **source}


ALL_OUT = rule("aout", "a/out", "-1", -1, -1, "0.0.0.0/0")


def entry(number: int, egress: bool, action: str, protocol: str = "-1", cidr: str = "0.0.0.0/0", **more: object) -> Json:
    """An ACL entry."""
    return {"RuleNumber": number, "Egress": egress, "RuleAction": action, "Protocol": protocol, "CidrBlock": cidr, **more}


def network(rules: list[Json], *, entries: list[Json] | None = None, interfaces: list[Json] | None = None,
            **more: object) -> Json:
    """One VPC: eni-a and eni-aa in subnet a, eni-bbb in subnet b with the ACL of `entries`."""
    groups = sorted({"sg-a", "sg-b"} | {r["GroupId"] for r in rules})
    acls = []
    if entries is not None:
        acls.append({"NetworkAclId": "acl-b", "VpcId": "vpc-1", "IsDefault": False, "Entries": entries,
                     "Associations": [{"SubnetId": "subnet-b"}]})
    return {
        "Vpcs": [{"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16", "OwnerId": "123456789010"}],
        "Subnets": [{"SubnetId": f"subnet-{n}", "VpcId": "vpc-1", "CidrBlock": c}
                    for n, c in (("a", "10.0.1.0/24"), ("b", "10.0.2.0/24"))],
        "NetworkInterfaces": interfaces or [interface("a", "a", A, ["sg-a"]), interface("aa", "a", A2, ["sg-a"]),
                                            interface("bbb", "b", B, ["sg-b"])],
        "SecurityGroups": [{"GroupId": g, "VpcId": "vpc-1", "IpPermissions": [], "IpPermissionsEgress": []}
                           for g in groups],
        "SecurityGroupRules": rules, "NetworkAcls": acls, "RouteTables": [ROUTES], **more}


def reading(packets: list[tuple[float, bytes]], model: Json | None = None, *, link: int = RAW) -> Reading:
    """A capture of packets (seconds after START, IP bytes or whole frames), read."""
    sheets = [Sheet(START * 1_000_000 + round(at * 1_000_000), data, len(data)) for at, data in packets]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "case.pcap"
        path.write_bytes(pcap(sheets, Style(link), nanos=False, snap=65535))
        return read(path, json.loads(json.dumps(model)) if model else None, explain=True)


def seen(packets: list[tuple[float, bytes]], model: Json) -> list[list[str]]:
    """For each packet its observations as `egress ACCEPT sg-egress sgr-x`."""
    return [[shown(o) for o in observations] for _, observations in reading(packets, model).seen]


def shown(o: Observation) -> str:
    """An observation in a few words."""
    return f"{o.direction} {o.action} {o.stage} {o.rule}"


def at(packets: list[tuple[float, bytes]], model: Json, name: str) -> list[str]:
    """Only what one interface saw, as `ACCEPT sgr-x` or `REJECT stage`."""
    out = []
    for _, observations in reading(packets, model).seen:
        for o in observations:
            if o.interface and o.interface.id == f"eni-{name}":
                out.append(f"ACCEPT {o.rule}" if o.action == "ACCEPT" else f"REJECT {o.stage}")
    return out


def ethernet(data: bytes, source: str, target: str, kind: int = 0x0800) -> bytes:
    """A frame around a packet."""
    return bytes.fromhex(target.replace(":", "")) + bytes.fromhex(source.replace(":", "")) + kind.to_bytes(2, "big") + data


def segment(src: str, dst: str, sport: int, dport: int, flags: int) -> bytes:
    """A TCP packet without data."""
    return ip(src, dst, 6, tcp(sport, dport, flags))


def datagram(src: str, dst: str, sport: int, dport: int) -> bytes:
    """A UDP packet."""
    return ip(src, dst, 17, udp(sport, dport, 10))


def ping(src: str, dst: str, kind: int = 8, ident: int = 7) -> bytes:
    """An echo message of 84 bytes."""
    return ip(src, dst, 1, icmp(kind, 0, ident, bytes(56)))


__all__ = ["A", "A2", "ALL_OUT", "B", "ETHERNET", "HOST", "RAW", "START", "at", "datagram", "entry", "ethernet",
           "interface", "network", "ping", "reading", "rule", "seen", "segment", "shown"]
