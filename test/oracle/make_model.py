"""Random VPC models, in the shape of `aws ec2 describe-*`.

In:    a seeded random generator.  Out: the joined JSON, and the endpoints that traffic is made between.
Holds: equal seeds give equal models.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
PORTS = [22, 53, 80, 123, 443, 3306, 3389, 5432, 6379, 8080, 8443, 9000]


@dataclass(slots=True)
class End:
    """Something with addresses that sends and receives. `interface` is None outside the model."""

    addresses: list[str]
    mac: str
    interface: Json | None = None
    vpc: int = -1
    groups: list[str] = field(default_factory=list)
    forwards: bool = False

    def of(self, six: bool, rng: random.Random) -> str | None:
        """One of its addresses of a family."""
        fitting = [a for a in self.addresses if (":" in a) == six]
        return rng.choice(fitting) if fitting else None


@dataclass(slots=True)
class World:
    """A model with the endpoints in it and around it."""

    model: Json
    inside: list[End]
    outside: list[End]
    nats: list[End]
    opened: dict[str, list[tuple[str, int]]]
    overlapping: bool
    vlans: dict[int, str]
    subnets: list[Json]


class ModelMaker:
    """Makes one world."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.model: Json = {k: [] for k in (
            "Vpcs", "Subnets", "NetworkInterfaces", "SecurityGroups", "NetworkAcls", "RouteTables",
            "VpcPeeringConnections", "ManagedPrefixLists", "InternetGateways", "NatGateways")}
        self.inside: list[End] = []
        self.nats: list[End] = []
        self.opened: dict[str, list[tuple[str, int]]] = {}
        self.account = f"{rng.randrange(10**12):012d}"
        self.used: set[str] = set()
        self.with_rules = rng.random() < 0.5
        self.counter = 0

    def id(self, kind: str) -> str:
        """A fresh id."""
        return f"{kind}-{self.rng.getrandbits(68):017x}"

    def make(self, want_macs: bool) -> World:
        """A world of one to three VPCs."""
        rng = self.rng
        count = rng.choice([1, 1, 2, 2, 3])
        overlapping = want_macs and count > 1 and rng.random() < 0.35
        self._prefix_lists()
        bases = []
        for number in range(count):
            base = "10.7" if overlapping else f"10.{rng.randrange(10, 250)}"
            while not overlapping and base in bases:
                base = f"10.{rng.randrange(10, 250)}"
            bases.append(base)
        each = max(5, rng.randrange(5, 61) // count)
        vpcs = [self._vpc(number, base, each, want_macs and overlapping) for number, base in enumerate(bases)]
        if count > 1 and not overlapping:
            self._peer(vpcs, bases)
        if self.with_rules:
            self.model["SecurityGroupRules"] = self._listed()
        outside = [self._outsider() for _ in range(25)]
        vlans = {}
        if overlapping:
            vlans = {100 + number: vpc["VpcId"] for number, vpc in enumerate(vpcs)}
        return World(self.model, self.inside, outside, self.nats, self.opened, overlapping, vlans,
                     self.model["Subnets"])

    def _outsider(self) -> End:
        rng = self.rng
        first = rng.choice([52, 54, 93, 185, 198, 203])
        addresses = [f"{first}.{rng.randrange(256)}.{rng.randrange(256)}.{rng.randrange(1, 255)}"]
        addresses.append(f"2a0{rng.randrange(10)}:{rng.randrange(1, 65535):x}::{rng.randrange(1, 65535):x}")
        return End(addresses, f"06:ff:{rng.randrange(256):02x}:00:00:01")

    def _prefix_lists(self) -> None:
        rng = self.rng
        for number in range(rng.randrange(0, 3)):
            cidrs = rng.sample(["52.0.0.0/8", "54.0.0.0/7", "10.0.0.0/8", "198.0.0.0/8", "203.0.0.0/9", "2a00::/13",
                                "93.0.0.0/8", "93.64.0.0/10"], rng.randrange(1, 5))
            self.model["ManagedPrefixLists"].append({
                "PrefixListId": self.id("pl"), "AddressFamily": "IPv4", "State": "create-complete",
                "PrefixListName": f"list-{number}", "MaxEntries": 10, "Version": 1, "OwnerId": self.account,
                "Entries": [{"Cidr": c} for c in cidrs]})

    def _vpc(self, number: int, base: str, interfaces: int, macs: bool) -> Json:
        rng = self.rng
        vpc_id = self.id("vpc")
        six = f"2600:1f{number + 1:02x}:{rng.randrange(1, 65535):x}"
        blocks = [f"{base}.0.0/16"]
        if rng.random() < 0.3:
            blocks.append(f"100.{64 + number + rng.randrange(5) * 4}.0.0/16")
        vpc = {"CidrBlock": blocks[0], "VpcId": vpc_id, "State": "available", "OwnerId": self.account,
               "InstanceTenancy": "default", "IsDefault": False,
               "CidrBlockAssociationSet": [{"AssociationId": self.id("vpc-cidr-assoc"), "CidrBlock": b,
                                            "CidrBlockState": {"State": "associated"}} for b in blocks],
               "Ipv6CidrBlockAssociationSet": [{"AssociationId": self.id("vpc-cidr-assoc"),
                                                "Ipv6CidrBlock": f"{six}::/56",
                                                "Ipv6CidrBlockState": {"State": "associated"}}]}
        self.model["Vpcs"].append(vpc)
        subnets = []
        for place in range(rng.randrange(1, 5)):
            block = rng.choice(blocks) if place else blocks[0]
            cidr = ".".join(block.split(".")[:2]) + f".{place + 1}.0/24"
            subnet = {"SubnetId": self.id("subnet"), "VpcId": vpc_id, "CidrBlock": cidr, "OwnerId": self.account,
                      "State": "available", "AvailabilityZone": "us-east-1a", "AvailabilityZoneId": "use1-az1",
                      "AvailableIpAddressCount": 200, "DefaultForAz": False, "MapPublicIpOnLaunch": False,
                      "Ipv6CidrBlockAssociationSet": []}
            if place != 3:
                subnet["Ipv6CidrBlockAssociationSet"].append({
                    "AssociationId": self.id("subnet-cidr-assoc"), "Ipv6CidrBlock": f"{six}:{place:x}::/64",
                    "Ipv6CidrBlockState": {"State": "associated"}})
            subnets.append(subnet)
        self.model["Subnets"] += subnets
        groups = self._groups(vpc_id, blocks, six)
        self._acls(vpc_id, subnets, base)
        self._interfaces(vpc, number, subnets, groups, interfaces, macs)
        self._routes(vpc, subnets, blocks)
        return vpc

    # Groups

    def _groups(self, vpc_id: str, blocks: list[str], six: str) -> list[Json]:
        rng = self.rng
        groups = [{"GroupId": self.id("sg"), "GroupName": f"g{n}", "VpcId": vpc_id, "OwnerId": self.account,
                   "Description": "made", "IpPermissions": [], "IpPermissionsEgress": []}
                  for n in range(rng.randrange(3, 11))]
        ids = [g["GroupId"] for g in groups]
        for group in groups:
            for _ in range(rng.randrange(1, 7)):
                group["IpPermissions"].append(self._permission(ids, blocks, six, ingress=True))
            if rng.random() < 0.4:
                everywhere = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}], "Ipv6Ranges": [],
                              "PrefixListIds": [], "UserIdGroupPairs": []}
                if rng.random() < 0.8:
                    everywhere["Ipv6Ranges"] = [{"CidrIpv6": "::/0"}]
                group["IpPermissionsEgress"].append(everywhere)
            for _ in range(rng.randrange(0, 4)):
                group["IpPermissionsEgress"].append(self._permission(ids, blocks, six, ingress=False))
            self._note_open(group)
        self.model["SecurityGroups"] += groups
        return groups

    def _permission(self, ids: list[str], blocks: list[str], six: str, *, ingress: bool) -> Json:
        rng = self.rng
        permission: Json = {"IpRanges": [], "Ipv6Ranges": [], "PrefixListIds": [], "UserIdGroupPairs": []}
        kind = rng.choices(["tcp", "udp", "-1", "icmp", "icmpv6", "50", "132", "47"], [45, 18, 9, 9, 6, 3, 3, 2])[0]
        permission["IpProtocol"] = kind
        if kind in ("tcp", "udp"):
            port = rng.choice(PORTS)
            low, high = rng.choice([(port, port), (port, port), (port, port), (port, port + 20), (1024, 65535),
                                    (0, 65535), (0, 65535)])
            permission |= {"FromPort": low, "ToPort": high}
        elif kind == "icmp":
            permission |= dict(zip(("FromPort", "ToPort"),
                                   rng.choice([(-1, -1), (8, -1), (8, 0), (3, 4), (3, -1), (13, -1), (0, -1)])))
        elif kind == "icmpv6":
            permission |= dict(zip(("FromPort", "ToPort"), rng.choice([(-1, -1), (128, 0), (1, -1), (2, 0)])))
        wide = 0.45 if ingress else 0.5
        for _ in range(rng.choice([1, 1, 1, 2])):
            roll = rng.random()
            if roll < wide:
                if rng.random() < 0.7:
                    permission["IpRanges"].append({"CidrIp": "0.0.0.0/0"})
                if rng.random() < 0.6:
                    permission["Ipv6Ranges"].append({"CidrIpv6": "::/0"})
            elif roll < 0.75:
                cidr = rng.choice([blocks[0], "10.0.0.0/8", ".".join(blocks[0].split(".")[:2]) + ".1.0/24",
                                   "52.0.0.0/8", "93.0.0.0/8", "203.0.0.0/8"])
                permission["IpRanges"].append({"CidrIp": cidr, "Description": "some"})
                if rng.random() < 0.4:
                    permission["Ipv6Ranges"].append({"CidrIpv6": rng.choice([f"{six}::/56", f"{six}:1::/64",
                                                                              "2a00::/12"])})
            elif roll < 0.85 and self.model["ManagedPrefixLists"]:
                chosen = rng.choice(self.model["ManagedPrefixLists"])
                permission["PrefixListIds"].append({"PrefixListId": chosen["PrefixListId"]})
            else:
                permission["UserIdGroupPairs"].append({"GroupId": rng.choice(ids), "UserId": self.account})
        for key, inner in (("IpRanges", "CidrIp"), ("Ipv6Ranges", "CidrIpv6"), ("UserIdGroupPairs", "GroupId")):
            permission[key] = list({r[inner]: r for r in permission[key]}.values())
        return permission

    def _note_open(self, group: Json) -> None:
        """Ports that traffic should aim at."""
        found = self.opened.setdefault(group["GroupId"], [])
        for permission in group["IpPermissions"]:
            if permission["IpProtocol"] in ("tcp", "udp"):
                found.append((permission["IpProtocol"], min(permission["FromPort"] + 2, permission["ToPort"])))

    def _listed(self) -> list[Json]:
        """The groups' permissions as SecurityGroupRules, one rule for each peer."""
        rules: list[Json] = []
        seen = set()
        for group in self.model["SecurityGroups"]:
            for egress, key in ((False, "IpPermissions"), (True, "IpPermissionsEgress")):
                for permission in group[key]:
                    for peer in self._peers(permission):
                        ports = (permission.get("FromPort", -1), permission.get("ToPort", -1))
                        rule = {"SecurityGroupRuleId": self.id("sgr"), "GroupId": group["GroupId"],
                                "GroupOwnerId": self.account, "IsEgress": egress,
                                "IpProtocol": permission["IpProtocol"], "FromPort": ports[0], "ToPort": ports[1],
                                **peer, "Tags": []}
                        same = (group["GroupId"], egress, permission["IpProtocol"], ports, str(peer))
                        if same not in seen:
                            seen.add(same)
                            rules.append(rule)
        return rules

    def _peers(self, permission: Json) -> list[Json]:
        peers: list[Json] = [{"CidrIpv4": r["CidrIp"]} for r in permission["IpRanges"]]
        peers += [{"CidrIpv6": r["CidrIpv6"]} for r in permission["Ipv6Ranges"]]
        peers += [{"PrefixListId": r["PrefixListId"]} for r in permission["PrefixListIds"]]
        peers += [{"ReferencedGroupInfo": {"GroupId": r["GroupId"], "UserId": r["UserId"]}}
                  for r in permission["UserIdGroupPairs"]]
        return peers

    # ACLs

    def _acls(self, vpc_id: str, subnets: list[Json], base: str) -> None:
        rng = self.rng
        own = [s for s in subnets if rng.random() < 0.6]
        if rng.random() < 0.8:
            left = [s for s in subnets if s not in own]
            entries = [self._entry(100, egress, True, "-1", cidr) for egress in (True, False)
                       for cidr in ("0.0.0.0/0",)]
            entries += [self._entry(101, egress, True, "-1", "::/0") for egress in (True, False)]
            self._acl(vpc_id, left, entries, default=True)
        for subnet in own:
            entries = []
            for egress in (True, False):
                number = 100
                for _ in range(rng.randrange(0, 5)):
                    entries.append(self._random_entry(number, egress, base))
                    number += rng.randrange(1, 30)
                if rng.random() < 0.85:
                    entries.append(self._entry(number, egress, True, "-1", "0.0.0.0/0"))
                    entries.append(self._entry(number + 1, egress, True, "-1", "::/0"))
                else:
                    for protocol in ("6", "17"):
                        ports = {"PortRange": {"From": rng.choice([0, 1024]), "To": 65535}}
                        entries.append(self._entry(number, egress, True, protocol, "0.0.0.0/0", ports))
                        number += 1
            self._acl(vpc_id, [subnet], entries, default=False)

    def _entry(self, number: int, egress: bool, allow: bool, protocol: str, cidr: str, more: Json | None = None) -> Json:
        where = "Ipv6CidrBlock" if ":" in cidr else "CidrBlock"
        return {where: cidr, "Egress": egress, "Protocol": protocol, "RuleAction": "allow" if allow else "deny",
                "RuleNumber": number, **(more or {})}

    def _random_entry(self, number: int, egress: bool, base: str) -> Json:
        rng = self.rng
        protocol = rng.choice(["6", "6", "6", "17", "17", "1", "58", "-1"])
        six = protocol == "58" or (protocol != "1" and rng.random() < 0.25)
        cidr = rng.choice(["::/0", "2a00::/13", "2600::/12"] if six else
                          ["0.0.0.0/0", "0.0.0.0/0", f"{base}.0.0/16", "52.0.0.0/8", "93.0.0.0/8", f"{base}.2.0/24"])
        more: Json = {}
        if protocol in ("6", "17"):
            low = rng.choice([*PORTS, 0, 1024, 40000, 33000])
            more = {"PortRange": {"From": low, "To": rng.choice([low, low + 100, min(low + 12000, 65535)])}}
        elif protocol == "1":
            kind, code = rng.choice([(8, -1), (0, -1), (-1, -1), (3, 4), (3, 1), (11, -1)])
            more = {"IcmpTypeCode": {"Type": kind, "Code": code}}
        elif protocol == "58":
            kind, code = rng.choice([(128, -1), (129, 0), (-1, -1), (1, -1)])
            more = {"IcmpTypeCode": {"Type": kind, "Code": code}}
        if protocol == "-1" and cidr in ("0.0.0.0/0", "::/0"):
            cidr = "2a00::/13" if six else "203.0.0.0/9"
        return self._entry(number, egress, rng.random() < 0.5, protocol, cidr, more)

    def _acl(self, vpc_id: str, subnets: list[Json], entries: list[Json], *, default: bool) -> None:
        acl_id = self.id("acl")
        for egress in (True, False):
            entries.append(self._entry(32767, egress, False, "-1", "0.0.0.0/0"))
            entries.append(self._entry(32768, egress, False, "-1", "::/0"))
        self.rng.shuffle(entries)
        self.model["NetworkAcls"].append({
            "Associations": [{"NetworkAclAssociationId": self.id("aclassoc"), "NetworkAclId": acl_id,
                              "SubnetId": s["SubnetId"]} for s in subnets],
            "Entries": entries, "IsDefault": default, "NetworkAclId": acl_id, "Tags": [], "VpcId": vpc_id,
            "OwnerId": self.account})

    # Interfaces

    def _interfaces(self, vpc: Json, number: int, subnets: list[Json], groups: list[Json], count: int,
                    macs: bool) -> None:
        rng = self.rng
        known = {a["SubnetId"] for acl in self.model["NetworkAcls"] for a in acl["Associations"]}
        for place in range(count):
            subnet = rng.choice(subnets)
            stem = subnet["CidrBlock"].rsplit(".", 1)[0]
            kind = "interface"
            judged_by_acl = subnet["SubnetId"] in known
            if place == 0 and judged_by_acl and rng.random() < 0.7:
                kind = "nat_gateway"
            elif place in (1, 2) and rng.random() < 0.3 and count > 8:
                kind = ("vpc_endpoint", "network_load_balancer")[place - 1]
            chosen = [g["GroupId"] for g in rng.sample(groups, rng.choice([1, 1, 1, 2, 3]))]
            if kind == "nat_gateway" or (judged_by_acl and rng.random() < 0.08):
                chosen = []
            forwards = kind == "nat_gateway" or rng.random() < 0.12
            self.inside.append(self._interface(vpc, number, subnet, stem, place, kind, chosen, forwards, macs))

    def _interface(self, vpc: Json, number: int, subnet: Json, stem: str, place: int, kind: str, groups: list[str],
                   forwards: bool, macs: bool) -> End:
        rng = self.rng
        self.counter += 1
        primary = f"{stem}.{10 + place}"
        private = [{"Primary": True, "PrivateIpAddress": primary}]
        if rng.random() < 0.2:
            private.append({"Primary": False, "PrivateIpAddress": f"{stem}.{100 + place}"})
        interface: Json = {
            "NetworkInterfaceId": self.id("eni"), "VpcId": vpc["VpcId"], "SubnetId": subnet["SubnetId"],
            "InterfaceType": kind, "OwnerId": self.account, "Status": "in-use", "Description": "",
            "AvailabilityZone": "us-east-1a", "RequesterManaged": kind != "interface",
            "PrivateIpAddress": primary, "PrivateIpAddresses": private, "SourceDestCheck": not forwards,
            "Groups": [{"GroupId": g, "GroupName": "g"} for g in groups], "Ipv6Addresses": [], "TagSet": []}
        addresses = [a["PrivateIpAddress"] for a in private]
        if subnet["Ipv6CidrBlockAssociationSet"] and rng.random() < 0.6 and kind != "nat_gateway":
            stem6 = subnet["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"].split("::")[0]
            for extra in range(rng.choice([1, 1, 2])):
                held = f"{stem6}::{place + 16:x}{extra}"
                interface["Ipv6Addresses"].append({"Ipv6Address": held, "IsPrimaryIpv6": False})
                addresses.append(held)
        if rng.random() < 0.1 and place < 4 and kind == "interface":
            prefix = f"{stem}.{176 + 16 * place}"
            interface["Ipv4Prefixes"] = [{"Ipv4Prefix": f"{prefix}/28"}]
            addresses += [f"{stem}.{176 + 16 * place + n}" for n in (1, 5, 9)]
        mac = f"0a:{number:02x}:{self.counter:02x}:{rng.randrange(256):02x}:{rng.randrange(256):02x}:07"
        if macs or rng.random() < 0.85:
            interface["MacAddress"] = mac
        end = End(addresses, mac, interface, number, groups, forwards)
        self.model["NetworkInterfaces"].append(interface)
        if kind == "nat_gateway":
            self.nats.append(end)
            self.model["NatGateways"].append({
                "NatGatewayId": self.id("nat"), "VpcId": vpc["VpcId"], "SubnetId": subnet["SubnetId"],
                "State": "available", "ConnectivityType": "public", "CreateTime": "2026-01-01T00:00:00+00:00",
                "NatGatewayAddresses": [{"NetworkInterfaceId": interface["NetworkInterfaceId"], "PrivateIp": primary,
                                         "IsPrimary": True, "Status": "succeeded"}]})
        return end

    # Routes

    def _routes(self, vpc: Json, subnets: list[Json], blocks: list[str]) -> None:
        rng = self.rng
        gateway = self.id("igw")
        self.model["InternetGateways"].append({
            "InternetGatewayId": gateway, "OwnerId": self.account, "Tags": [],
            "Attachments": [{"State": "available", "VpcId": vpc["VpcId"]}]})
        nats = [n for n in self.model["NatGateways"] if n["VpcId"] == vpc["VpcId"]]
        mine = [e for e in self.inside if e.interface and e.interface["VpcId"] == vpc["VpcId"]]
        for subnet in [None, *[s for s in subnets if rng.random() < 0.6]]:
            routes: list[Json] = [{"DestinationCidrBlock": b, "GatewayId": "local", "Origin": "CreateRouteTable",
                                   "State": "active"} for b in blocks]
            routes.append({"DestinationIpv6CidrBlock": vpc["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"],
                           "GatewayId": "local", "Origin": "CreateRouteTable", "State": "active"})
            default: Json = {"GatewayId": gateway}
            if subnet and nats and rng.random() < 0.6:
                default = {"NatGatewayId": nats[0]["NatGatewayId"]}
            elif subnet and rng.random() < 0.2:
                default = {"TransitGatewayId": self.id("tgw")}
            routes.append({"DestinationCidrBlock": "0.0.0.0/0", **default, "Origin": "CreateRoute", "State": "active"})
            routes.append({"DestinationIpv6CidrBlock": "::/0", "GatewayId": gateway, "Origin": "CreateRoute",
                           "State": "active"})
            if rng.random() < 0.3 and mine:
                hop = rng.choice(mine).interface
                assert hop is not None
                routes.append({"DestinationCidrBlock": "203.0.0.0/8", "Origin": "CreateRoute", "State": "active",
                               "NetworkInterfaceId": hop["NetworkInterfaceId"]})
            table = self.id("rtb")
            association = {"Main": subnet is None, "RouteTableAssociationId": self.id("rtbassoc"),
                           "RouteTableId": table, "AssociationState": {"State": "associated"}}
            if subnet:
                association["SubnetId"] = subnet["SubnetId"]
            self.model["RouteTables"].append({"Associations": [association], "RouteTableId": table, "Routes": routes,
                                              "PropagatingVgws": [], "Tags": [], "VpcId": vpc["VpcId"],
                                              "OwnerId": self.account})

    def _peer(self, vpcs: list[Json], bases: list[str]) -> None:
        peering = self.id("pcx")
        sides = [{"CidrBlock": v["CidrBlock"], "OwnerId": self.account, "VpcId": v["VpcId"], "Region": "us-east-1"}
                 for v in vpcs[:2]]
        self.model["VpcPeeringConnections"].append({
            "AccepterVpcInfo": sides[1], "RequesterVpcInfo": sides[0], "VpcPeeringConnectionId": peering,
            "Status": {"Code": "active", "Message": "Active"}, "Tags": []})
        for table in self.model["RouteTables"]:
            for mine, other in ((0, 1), (1, 0)):
                if table["VpcId"] == vpcs[mine]["VpcId"]:
                    table["Routes"].append({"DestinationCidrBlock": f"{bases[other]}.0.0/16", "Origin": "CreateRoute",
                                            "VpcPeeringConnectionId": peering, "State": "active"})
