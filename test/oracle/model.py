"""The network of a VPC model, read from describe-shaped JSON.

In:    the joined answers of `aws ec2 describe-*`.
Out:   VPCs, subnets, interfaces, groups with rules, ACLs, route tables, as the verdict needs them.
Holds: integers for addresses, so that no text is parsed while packets are judged.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
NO_GROUP_KINDS = ("nat_gateway", "transit_gateway", "gateway_load_balancer")
PROTOCOLS = {"tcp": 6, "udp": 17, "icmp": 1, "icmpv6": 58}
LAST_ENTRY = 32767


@dataclass(frozen=True, slots=True)
class Net:
    """A CIDR block."""

    family: int
    base: int
    length: int
    text: str

    def holds(self, family: int, address: int) -> bool:
        """Whether the address lies in the block."""
        if family != self.family:
            return False
        shift = (32 if family == 4 else 128) - self.length
        return address >> shift == self.base >> shift


def net(text: str) -> Net:
    """A CIDR block from text."""
    parsed = ipaddress.ip_network(text, strict=False)
    return Net(parsed.version, int(parsed.network_address), parsed.prefixlen, text)


def address(text: str) -> tuple[int, int]:
    """(family, integer) of an address."""
    parsed = ipaddress.ip_address(text)
    return parsed.version, int(parsed)


@dataclass(slots=True)
class Rule:
    """A security group rule. `peer` is a Net, a prefix list id or a group id."""

    id: str
    group: str
    egress: bool
    protocol: int
    low: int
    high: int
    peer: Net | str


@dataclass(slots=True)
class Entry:
    """A network ACL entry."""

    number: int
    allow: bool
    protocol: int
    cidr: Net
    ports: tuple[int, int] | None
    icmp: tuple[int, int] | None
    id: str


@dataclass(slots=True)
class Acl:
    """A network ACL: entries by direction, in order."""

    id: str
    egress: list[Entry]
    ingress: list[Entry]


@dataclass(slots=True)
class Vpc:
    """A VPC with its CIDR blocks."""

    id: str
    cidrs: list[Net]
    owner: str


@dataclass(slots=True)
class Subnet:
    """A subnet; `acl` None is the default ACL that allows all."""

    id: str
    vpc: str
    cidrs: list[Net]
    acl: Acl | None = None
    routes: list[tuple[Net | str, Json]] = field(default_factory=list)


@dataclass(slots=True)
class Interface:
    """An elastic network interface."""

    id: str
    vpc: str
    subnet: str
    kind: str
    owner: str
    mac: str | None
    primary4: int | None
    addresses: set[tuple[int, int]]
    prefixes: list[Net]
    checked: bool
    groups: list[str]
    rules: list[Rule] = field(default_factory=list)
    passes_all: bool = False

    def owns(self, family: int, value: int) -> bool:
        """Private addresses and delegated prefixes."""
        return (family, value) in self.addresses or any(p.holds(family, value) for p in self.prefixes)

    @property
    def takes_groups(self) -> bool:
        """False: judged by ACLs alone."""
        return bool(self.groups) and self.kind not in NO_GROUP_KINDS


@dataclass(slots=True)
class Model:
    """Everything a verdict asks."""

    vpcs: dict[str, Vpc]
    subnets: dict[str, Subnet]
    interfaces: list[Interface]
    members: dict[str, list[Interface]]
    prefix_lists: dict[str, list[Net]]
    nat_interfaces: dict[str, str]
    flow_logs: list[Json]

    def by_id(self, interface_id: str) -> Interface | None:
        """An interface by its id."""
        return next((i for i in self.interfaces if i.id == interface_id), None)


def _protocol(text: str) -> int:
    return PROTOCOLS[text] if text in PROTOCOLS else int(text)


def _made_id(rule: Json, group: str, egress: bool, peer: str) -> str:
    direction = "out" if egress else "in"
    protocol = rule["IpProtocol"]
    low, high = rule.get("FromPort"), rule.get("ToPort")
    ports = "all" if low is None or (low, high) == (-1, -1) else f"{low}-{'all' if high < 0 else high}"
    return f"{group}/{direction}/{'all' if protocol == '-1' else protocol}/{ports}/{peer}"


def _permission_rules(group: Json) -> list[Rule]:
    rules = []
    for egress, key in ((False, "IpPermissions"), (True, "IpPermissionsEgress")):
        for permission in group.get(key, []):
            peers: list[tuple[Net | str, str]] = []
            peers += [(net(r["CidrIp"]), r["CidrIp"]) for r in permission.get("IpRanges", [])]
            peers += [(net(r["CidrIpv6"]), r["CidrIpv6"]) for r in permission.get("Ipv6Ranges", [])]
            peers += [(r["PrefixListId"],) * 2 for r in permission.get("PrefixListIds", [])]
            peers += [(r["GroupId"],) * 2 for r in permission.get("UserIdGroupPairs", [])]
            for peer, text in peers:
                rule_id = _made_id(permission, group["GroupId"], egress, text)
                rules.append(_rule(permission, rule_id, group["GroupId"], egress, peer))
    return rules


def _rule(source: Json, rule_id: str, group: str, egress: bool, peer: Net | str) -> Rule:
    low, high = source.get("FromPort"), source.get("ToPort")
    return Rule(rule_id, group, egress, _protocol(source["IpProtocol"]), -1 if low is None else low,
                -1 if high is None else high, peer)


def _listed_rule(source: Json) -> Rule:
    peer: Net | str
    if "CidrIpv4" in source:
        peer = net(source["CidrIpv4"])
    elif "CidrIpv6" in source:
        peer = net(source["CidrIpv6"])
    elif "PrefixListId" in source:
        peer = source["PrefixListId"]
    else:
        peer = source["ReferencedGroupInfo"]["GroupId"]
    return _rule(source, source["SecurityGroupRuleId"], source["GroupId"], source["IsEgress"], peer)


def _acl(source: Json) -> Acl:
    acl = Acl(source["NetworkAclId"], [], [])
    for entry in sorted(source["Entries"], key=lambda e: e["RuleNumber"]):
        side = "out" if entry["Egress"] else "in"
        number = entry["RuleNumber"]
        shown = "*" if number >= LAST_ENTRY else str(number)
        ports, icmp = entry.get("PortRange"), entry.get("IcmpTypeCode")
        read = Entry(
            number,
            entry["RuleAction"] == "allow",
            _protocol(entry["Protocol"]),
            net(entry.get("CidrBlock") or entry["Ipv6CidrBlock"]),
            (ports["From"], ports["To"]) if ports else None,
            (icmp["Type"], icmp["Code"]) if icmp else None,
            f"{acl.id}/{side}/{shown}",
        )
        (acl.egress if entry["Egress"] else acl.ingress).append(read)
    return acl


def _interface(source: Json) -> Interface:
    addresses = {address(a["PrivateIpAddress"]) for a in source.get("PrivateIpAddresses", [])}
    primary = source.get("PrivateIpAddress")
    if primary:
        addresses.add(address(primary))
    addresses |= {address(a["Ipv6Address"]) for a in source.get("Ipv6Addresses", [])}
    prefixes = [net(p["Ipv4Prefix"]) for p in source.get("Ipv4Prefixes", [])]
    prefixes += [net(p["Ipv6Prefix"]) for p in source.get("Ipv6Prefixes", [])]
    mac = source.get("MacAddress")
    return Interface(
        source["NetworkInterfaceId"],
        source["VpcId"],
        source["SubnetId"],
        source.get("InterfaceType", "interface"),
        source["OwnerId"],
        mac.lower() if mac else None,
        address(primary)[1] if primary else None,
        addresses,
        prefixes,
        source.get("SourceDestCheck", True),
        [g["GroupId"] for g in source.get("Groups", [])],
    )


def _routes(table: Json) -> list[tuple[Net | str, Json]]:
    routes: list[tuple[Net | str, Json]] = []
    for route in table.get("Routes", []):
        text = route.get("DestinationCidrBlock") or route.get("DestinationIpv6CidrBlock")
        routes.append((net(text) if text else route["DestinationPrefixListId"], route))
    return routes


def read_model(source: Json) -> Model:
    """A model from the joined describe answers."""
    vpcs = {}
    for v in source["Vpcs"]:
        blocks = [net(a["CidrBlock"]) for a in v.get("CidrBlockAssociationSet", [])] or [net(v["CidrBlock"])]
        blocks += [net(a["Ipv6CidrBlock"]) for a in v.get("Ipv6CidrBlockAssociationSet", [])]
        vpcs[v["VpcId"]] = Vpc(v["VpcId"], blocks, v.get("OwnerId", "000000000000"))
    subnets = {}
    for s in source["Subnets"]:
        blocks = [net(s["CidrBlock"])] if s.get("CidrBlock") else []
        blocks += [net(a["Ipv6CidrBlock"]) for a in s.get("Ipv6CidrBlockAssociationSet", [])]
        subnets[s["SubnetId"]] = Subnet(s["SubnetId"], s["VpcId"], blocks)
    _join_acls(source.get("NetworkAcls", []), subnets)
    _join_routes(source.get("RouteTables", []), subnets)
    interfaces = [_interface(i) for i in source["NetworkInterfaces"]]
    members: dict[str, list[Interface]] = {}
    for interface in interfaces:
        for group in interface.groups:
            members.setdefault(group, []).append(interface)
    _join_rules(source, interfaces)
    lists = {p["PrefixListId"]: [net(e["Cidr"]) for e in p.get("Entries", [])]
             for p in source.get("ManagedPrefixLists", [])}
    nats = {}
    for gateway in source.get("NatGateways", []):
        for held in gateway.get("NatGatewayAddresses", []):
            nats.setdefault(gateway["NatGatewayId"], held["NetworkInterfaceId"])
    return Model(vpcs, subnets, interfaces, members, lists, nats, source.get("FlowLogs", []))


def _join_acls(acls: list[Json], subnets: dict[str, Subnet]) -> None:
    for source in acls:
        acl = _acl(source)
        if source.get("IsDefault"):
            for subnet in subnets.values():
                if subnet.vpc == source["VpcId"] and subnet.acl is None:
                    subnet.acl = acl
    for source in acls:
        for association in source.get("Associations", []):
            if association["SubnetId"] in subnets:
                subnets[association["SubnetId"]].acl = _acl(source)


def _join_routes(tables: list[Json], subnets: dict[str, Subnet]) -> None:
    for main in (True, False):
        for table in tables:
            for association in table.get("Associations", []):
                if association.get("Main", False) != main:
                    continue
                for subnet in subnets.values():
                    if subnet.id == association.get("SubnetId") or (main and subnet.vpc == table["VpcId"]):
                        subnet.routes = _routes(table)


def _join_rules(source: Json, interfaces: list[Interface]) -> None:
    groups = {g["GroupId"]: g for g in source.get("SecurityGroups", [])}
    listed = source.get("SecurityGroupRules")
    by_group: dict[str, list[Rule]] = {g: [] for g in groups}
    if listed:
        for rule in map(_listed_rule, listed):
            by_group.setdefault(rule.group, []).append(rule)
    else:
        for group_id, group in groups.items():
            by_group[group_id] = _permission_rules(group)
    for interface in interfaces:
        for group in interface.groups:
            interface.rules += by_group.get(group, [])
            interface.passes_all |= group not in by_group
