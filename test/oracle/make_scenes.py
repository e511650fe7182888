"""Small networks and conversations in them, made so that every kind of rule and every stage decides often.

In:    a random generator. Out: describe-shaped JSON, and packets in their order.
Holds: rules, ACL entries and packets are drawn from few addresses and ports, so that they meet. Half of the conversations
       are made for a rule that is there. Each has replies; some end, and go on after their end.
"""

from __future__ import annotations

import ipaddress
import random
from typing import Any

Json = dict[str, Any]
Sent = tuple[int, str, str, int, int, int, int, int, int, int]

SECOND = 1_000_000
VPC, GROUPS, SUBNETS, INTERFACES = "vpc-0a", 5, 3, 6
PORTS = (22, 53, 80, 443, 5432, 8080, 33434)
OUTSIDE4 = ("198.51.100.7", "198.51.100.9", "203.0.113.200", "192.0.2.65", "10.9.0.4")
OUTSIDE6 = ("2001:db8:f::7", "2001:db8:f::9", "2001:db8:e:1::2")
BLOCKS4 = ("0.0.0.0/0", "0.0.0.0/0", "10.0.0.0/16", "10.0.1.0/24", "198.51.100.0/24", "198.51.100.7/32", "203.0.113.128/25",
           "10.0.2.11/32", "192.0.0.0/16", "10.9.0.0/30")
BLOCKS6 = ("::/0", "::/0", "2001:db8:0:1::/64", "2001:db8:f::/48", "2001:db8:f::7/128", "2001:db8::/56", "2001:db8:e::/47")
ICMP_TYPES = ((8, 0), (0, 0), (3, 1), (11, 0), (13, 0), (17, 0))
ICMP6_TYPES = ((128, 0), (129, 0), (1, 4), (3, 0), (140, 0))
FIN, SYN, RST, ACK = 1, 2, 4, 16


def make_network(rnd: random.Random) -> Json:
    """Subnets with ACLs, interfaces in groups, groups with rules of every kind."""
    groups = [f"sg-{n}" for n in range(GROUPS)]
    rules: list[Json] = []
    for group in groups:
        for egress in (False, True):
            if egress and rnd.random() < 0.35:
                for key, block in (("CidrIpv4", "0.0.0.0/0"), ("CidrIpv6", "::/0")):
                    rules.append(_rule(len(rules), group, True, "-1", {key: block}, None))
            for _ in range(rnd.randint(1, 4 if egress else 7)):
                rules.append(_random_rule(rnd, len(rules), group, egress, groups))
    return {
        "Vpcs": [{"VpcId": VPC, "CidrBlock": "10.0.0.0/16", "OwnerId": "123456789012",
                  "Ipv6CidrBlockAssociationSet": [{"Ipv6CidrBlock": "2001:db8::/56"}]}],
        "Subnets": [{"SubnetId": f"subnet-{n}", "VpcId": VPC, "CidrBlock": f"10.0.{n}.0/24",
                     "Ipv6CidrBlockAssociationSet": [{"Ipv6CidrBlock": f"2001:db8:0:{n}::/64"}]} for n in range(SUBNETS)],
        "NetworkInterfaces": [_interface(rnd, n, groups) for n in range(INTERFACES)],
        "SecurityGroups": [{"GroupId": group, "VpcId": VPC} for group in groups],
        "SecurityGroupRules": rules,
        "NetworkAcls": [_acl(rnd, n) for n in range(SUBNETS)],
        "ManagedPrefixLists": [
            {"PrefixListId": "pl-4", "Entries": [{"Cidr": "198.51.100.0/25"}, {"Cidr": "10.0.2.0/24"}, {"Cidr": "192.0.2.65/32"}]},
            {"PrefixListId": "pl-6", "Entries": [{"Cidr": "2001:db8:f::/64"}, {"Cidr": "2001:db8:0:2::/64"}]},
        ],
    }


def _interface(rnd: random.Random, n: int, groups: list[str]) -> Json:
    subnet = n % SUBNETS
    address = f"10.0.{subnet}.{10 + n // SUBNETS}"
    is_nat = n == INTERFACES - 1
    held = [] if is_nat else [{"Ipv6Address": f"2001:db8:0:{subnet}::{10 + n // SUBNETS}"}]
    return {
        "NetworkInterfaceId": f"eni-{n}", "VpcId": VPC, "SubnetId": f"subnet-{subnet}", "OwnerId": "123456789012",
        "InterfaceType": "nat_gateway" if is_nat else "interface", "SourceDestCheck": not is_nat,
        "PrivateIpAddress": address, "PrivateIpAddresses": [{"PrivateIpAddress": address, "Primary": True}],
        "Ipv6Addresses": held, "Groups": [] if is_nat else [{"GroupId": g} for g in rnd.sample(groups, rnd.randint(1, 2))],
    }


def _rule(number: int, group: str, egress: bool, protocol: str, peer: Json, ports: tuple[int, int] | None) -> Json:
    rule = {"SecurityGroupRuleId": f"sgr-{number * 7919 % 1000:03}-{number}", "GroupId": group, "IsEgress": egress,
            "IpProtocol": protocol, **peer}
    low, high = ports or (-1, -1)
    return {**rule, "FromPort": low, "ToPort": high}


def _peer(rnd: random.Random, groups: list[str]) -> Json:
    kind = rnd.random()
    if kind < 0.40:
        return {"CidrIpv4": rnd.choice(BLOCKS4)}
    if kind < 0.65:
        return {"CidrIpv6": rnd.choice(BLOCKS6)}
    if kind < 0.82:
        return {"PrefixListId": rnd.choice(("pl-4", "pl-6"))}
    return {"ReferencedGroupInfo": {"GroupId": rnd.choice(groups)}}


def _ports(rnd: random.Random) -> tuple[int, int]:
    kind = rnd.random()
    if kind < 0.6:
        port = rnd.choice(PORTS)
        return port, port
    if kind < 0.85:
        low, high = sorted((rnd.choice(PORTS), rnd.choice(PORTS)))
        return low, high
    return rnd.choice(((0, 65535), (1024, 65535), (0, 1023)))


def _random_rule(rnd: random.Random, number: int, group: str, egress: bool, groups: list[str]) -> Json:
    protocol = rnd.choice(("tcp", "tcp", "tcp", "tcp", "udp", "udp", "icmp", "icmp", "icmpv6", "icmpv6", "-1", "47"))
    peer = _peer(rnd, groups)
    if protocol == "icmpv6" and "CidrIpv4" in peer:
        peer = {"CidrIpv6": rnd.choice(BLOCKS6)}
    if protocol in ("-1", "47"):
        return _rule(number, group, egress, protocol, peer, None)
    if protocol in ("icmp", "icmpv6"):
        kind, code = rnd.choice(ICMP_TYPES if protocol == "icmp" else ICMP6_TYPES)
        ports = rnd.choice((None, (kind, -1), (kind, code)))
        return _rule(number, group, egress, protocol, peer, ports)
    return _rule(number, group, egress, protocol, peer, _ports(rnd))


def _acl(rnd: random.Random, n: int) -> Json:
    entries: list[Json] = []
    for egress in (False, True):
        for number in sorted(rnd.sample(range(1, 300), rnd.randint(1, 5))):
            entries.append(_entry(rnd, number, egress, rnd.random() < 0.5))
        if rnd.random() < 0.85:
            entries.append({"RuleNumber": 400, "Egress": egress, "Protocol": "-1", "RuleAction": "allow", "CidrBlock": "0.0.0.0/0"})
        if rnd.random() < 0.85:
            entries.append({"RuleNumber": 401, "Egress": egress, "Protocol": "-1", "RuleAction": "allow", "Ipv6CidrBlock": "::/0"})
    rnd.shuffle(entries)
    return {"NetworkAclId": f"acl-{n}", "VpcId": VPC, "IsDefault": False, "Entries": entries,
            "Associations": [{"SubnetId": f"subnet-{n}"}]}


def _entry(rnd: random.Random, number: int, egress: bool, allow: bool) -> Json:
    block = rnd.choice(BLOCKS4 + BLOCKS6)
    protocol = rnd.choice(("6", "6", "6", "17", "17", "1", "58", "-1"))
    entry: Json = {"RuleNumber": number, "Egress": egress, "Protocol": protocol, "RuleAction": "allow" if allow else "deny"}
    entry["Ipv6CidrBlock" if ":" in block else "CidrBlock"] = block
    if protocol in ("6", "17"):
        low, high = _ports(rnd)
        entry["PortRange"] = {"From": low, "To": high}
    elif protocol in ("1", "58"):
        kind, code = rnd.choice(ICMP_TYPES if protocol == "1" else ICMP6_TYPES)
        entry["IcmpTypeCode"] = {"Type": rnd.choice((-1, kind)), "Code": rnd.choice((-1, code))}
        if entry["IcmpTypeCode"]["Type"] == -1:
            entry["IcmpTypeCode"]["Code"] = -1
    return entry


class Talk:
    """Makes the packets of one network."""

    def __init__(self, rnd: random.Random, network: Json) -> None:
        self.rnd = rnd
        self.at = 1_792_000_000 * SECOND
        self.packets: list[Sent] = []
        self.four = [i["PrivateIpAddress"] for i in network["NetworkInterfaces"]]
        self.six = [a["Ipv6Address"] for i in network["NetworkInterfaces"] for a in i["Ipv6Addresses"]]
        self.rules = network["SecurityGroupRules"]
        self.interfaces = network["NetworkInterfaces"]
        self.port = 40_000

    def make(self, count: int) -> list[Sent]:
        """So many packets, the last conversation cut short."""
        while len(self.packets) < count:
            self._wait()
            self._conversation()
        return self.packets[:count]

    def _wait(self) -> None:
        self.at += int(self.rnd.choice((0.01, 0.5, 3, 20, 200)) * SECOND)

    def _ends(self, is_six: bool) -> tuple[str, str]:
        inside, outside = (self.six, OUTSIDE6) if is_six else (self.four, OUTSIDE4)
        one = self.rnd.choice(inside)
        other = self.rnd.choice(inside if self.rnd.random() < 0.5 else outside)
        if other == one:
            other = self.rnd.choice(outside)
        return (one, other) if self.rnd.random() < 0.5 else (other, one)

    def _for_rule(self) -> tuple[str, str, int, int] | None:
        """Ends, protocol and port that an ingress rule lets in, as far as that is easy to find."""
        wanted = self.rnd.random()
        fits = [r for r in self.rules if not r["IsEgress"] and (wanted > 0.3 or r["IpProtocol"].startswith("icmp"))]
        if not fits:
            return None
        rule = self.rnd.choice(fits)
        holders = [i for i in self.interfaces if {"GroupId": rule["GroupId"]} in i["Groups"]]
        if not holders:
            return None
        to = self.rnd.choice(holders)
        is_six = "CidrIpv6" in rule or rule.get("PrefixListId") == "pl-6" or rule["IpProtocol"] == "icmpv6"
        block = rule.get("CidrIpv4") or rule.get("CidrIpv6")
        pool = list(self.six + list(OUTSIDE6) if is_six else self.four + list(OUTSIDE4))
        self.rnd.shuffle(pool)
        if block:
            pool = [a for a in pool if ipaddress.ip_address(a) in ipaddress.ip_network(block)] or pool
        target = to["Ipv6Addresses"][0]["Ipv6Address"] if is_six else to["PrivateIpAddress"]
        source = next((a for a in pool if a != target), None)
        if source is None:
            return None
        protocol = {"tcp": 6, "udp": 17, "icmp": 1, "icmpv6": 58, "-1": 6, "47": 47}[rule["IpProtocol"]]
        low, high = rule["FromPort"], rule["ToPort"]
        # Of ICMP the first is the type.
        port = self.rnd.choice(PORTS) if low < 0 else low if protocol in (1, 58) else self.rnd.randint(low, high)
        return source, target, protocol, port

    def _conversation(self) -> None:
        rnd = self.rnd
        wanted = self._for_rule() if rnd.random() < 0.5 else None
        if wanted:
            source, target, protocol, port = wanted
        else:
            source, target = self._ends(rnd.random() < 0.4)
            protocol = rnd.choice((6, 6, 6, 6, 17, 17, 1, 58, 47))
            port = rnd.choice(PORTS)
        is_six = ":" in target
        if protocol in (1, 58):
            self._icmp(source, target, 58 if is_six else 1, port)
        elif protocol == 6:
            self._tcp(source, target, port)
        else:
            self._plain(source, target, protocol, port)

    def _send(self, src: str, dst: str, protocol: int, sport: int, dport: int, flags: int = 0,
              icmp: tuple[int, int] = (-1, -1), ident: int = 0) -> None:
        self.packets.append((self.at, src, dst, protocol, sport, dport, flags, *icmp, ident))
        self.at += self.rnd.choice((100, 40_000, SECOND))

    def _tcp(self, a: str, b: str, port: int) -> None:
        rnd = self.rnd
        self.port = self.port + 1 if self.port < 60_000 else 1024
        own = self.port if rnd.random() < 0.9 else rnd.choice(PORTS)
        if rnd.random() < 0.15:
            # Not from its beginning: picked up, or a scan.
            self._send(a, b, 6, own, port, rnd.choice((ACK, FIN, 0, ACK | RST, FIN | ACK)))
            self._send(b, a, 6, port, own, ACK)
            return
        self._send(a, b, 6, own, port, SYN)
        self._send(b, a, 6, port, own, SYN | ACK)
        if rnd.random() < 0.5:
            self._send(a, b, 6, own, port, ACK)
        if rnd.random() < 0.7:
            if rnd.random() < 0.5:
                self._send(a, b, 6, own, port, FIN | ACK)
                self._send(b, a, 6, port, own, FIN | ACK)
            else:
                self._send(a, b, 6, own, port, RST)
            self.at += rnd.choice((1, 12, 125, 130, 300, 500, 800)) * SECOND
            for _ in range(rnd.randint(1, 3)):
                self._send(b, a, 6, port, own, rnd.choice((ACK, ACK, FIN | ACK, SYN)))
            if rnd.random() < 0.5:
                self._send(a, b, 6, own, port, rnd.choice((ACK, SYN)))

    def _plain(self, a: str, b: str, protocol: int, port: int) -> None:
        own, other = (self.rnd.randint(1024, 65_535), port) if protocol == 17 else (0, 0)
        self._send(a, b, protocol, own, other)
        if self.rnd.random() < 0.3:
            self.at += self.rnd.choice((20, 29, 31, 181, 601)) * SECOND
        self._send(b, a, protocol, other, own)

    def _icmp(self, a: str, b: str, protocol: int, kind: int) -> None:
        rnd = self.rnd
        known = ICMP_TYPES if protocol == 1 else ICMP6_TYPES
        first = rnd.choice(known)
        if rnd.random() < 0.6:
            first = next((one for one in known if one[0] == kind), known[0])
        ident = rnd.randint(1, 9)
        self._send(a, b, protocol, 0, 0, 0, first, ident)
        answer = {8: 0, 13: 14, 128: 129}.get(first[0], first[0])
        self._send(b, a, protocol, 0, 0, 0, (answer, 0), ident)
