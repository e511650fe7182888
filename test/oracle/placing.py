"""Where a packet is seen: at which interfaces, in which direction, or why nowhere (rules P4 to P6).

In:    packets, the model, what the command line says of devices and VLANs.
Out:   one or two sightings of a packet, or the cause of its being counted instead.
Holds: order of causes: foreign, never-logged, no-direction, not-own-source.
Fails: Ambiguous, where two VPCs hold an address and neither MAC nor VLAN tells which is meant.
"""

from __future__ import annotations

from dataclasses import dataclass

from containers import Capture
from headers import ICMPV6, UDP, Packet
from model import Interface, Model, Net, address

EGRESS, INGRESS = "egress", "ingress"
NEVER = [
    ("dns", ("169.254.169.253", "fd00:ec2::253")),
    ("metadata", ("169.254.169.254", "fd00:ec2::254")),
    ("time", ("169.254.169.123", "fd00:ec2::123")),
    ("licence", ("169.254.169.250", "169.254.169.251")),
]
FIXED = {address(text): kind for kind, texts in NEVER for text in texts}
ORDER = ("dns", "metadata", "time", "licence", "router")
MAX4 = (1 << 32) - 1


class Ambiguous(Exception):
    """Two VPCs hold an address and nothing tells them apart."""


@dataclass(slots=True)
class Placed:
    """The outcome: sightings in order, or a cause. `unreached`: the receiver failed the check."""

    egress: Interface | None = None
    ingress: Interface | None = None
    lost: str | None = None
    unreached: bool = False


def is_group_address(family: int, value: int) -> bool:
    """Multicast, and the limited broadcast of IPv4."""
    if family == 4:
        return value >> 28 == 14 or value == MAX4
    return value >> 120 == 0xFF


def is_link_local(family: int, value: int) -> bool:
    """169.254.0.0/16 and fe80::/10: never routed."""
    return value >> 16 == 0xA9FE if family == 4 else value >> 118 == 0xFE80 >> 6


class Placer:
    """Places the packets of one capture."""

    def __init__(self, model: Model, capture: Capture, named: dict[str, str], vlans: dict[int, str]) -> None:
        self.model = model
        self.vlans = vlans
        self.holders: dict[tuple[int, int], list[Interface]] = {}
        self.delegated: list[tuple[Net, Interface]] = []
        self.by_mac: dict[str, Interface] = {}
        for interface in model.interfaces:
            for held in interface.addresses:
                self.holders.setdefault(held, []).append(interface)
            self.delegated += [(prefix, interface) for prefix in interface.prefixes]
            if interface.mac:
                self.by_mac[interface.mac] = interface
        self.tied = self._tied(capture, named)
        self.with_devices = any(self.tied)
        self.kinds: dict[tuple[str, int, int], str | None] = {}
        self.cache: dict[tuple[int, int], list[Interface]] = {}

    def _tied(self, capture: Capture, named: dict[str, str]) -> list[Interface | None]:
        tied: list[Interface | None] = []
        for device in capture.devices:
            found = None
            if capture.is_pcapng:
                wanted = named.get(device.name or "", device.name or "")
                found = self.model.by_id(wanted) or self.by_mac.get(device.mac or "")
            tied.append(found)
        return tied

    def seen_interfaces(self) -> list[Interface]:
        """The interfaces of which this capture can say that nothing came."""
        if not self.with_devices:
            return self.model.interfaces
        return [i for i in self.model.interfaces if any(i is t for t in self.tied)]

    def place(self, packet: Packet) -> Placed:
        """Both sightings of a packet, one of them, or the cause of none."""
        placed = self._at_device(packet) if self.with_devices else self._in_network(packet)
        if placed.lost != "foreign":
            kind = self._never(packet, placed.egress) or self._never(packet, placed.ingress)
            kind = kind or self._endpoint(packet, placed)
            if kind:
                return Placed(lost=f"never-logged/{kind}")
        if placed.lost:
            return Placed(lost=placed.lost)
        return placed

    def _at_device(self, packet: Packet) -> Placed:
        interface = self.tied[packet.device]
        if interface is None:
            return Placed(lost="foreign")
        sent = self._sent(packet, interface)
        if sent is None:
            return Placed(None, interface, "no-direction")
        end = packet.src if sent else packet.dst
        failed = interface.checked and not interface.owns(packet.family, end)
        return Placed(interface if sent else None, None if sent else interface, "not-own-source" if failed else None)

    @staticmethod
    def _sent(packet: Packet, interface: Interface) -> bool | None:
        if packet.side:
            return packet.side == 2
        if interface.owns(packet.family, packet.src):
            return True
        if interface.owns(packet.family, packet.dst):
            return False
        if interface.mac and packet.src_mac == interface.mac:
            return True
        if interface.mac and packet.dst_mac == interface.mac:
            return False
        return None

    def _holding(self, family: int, value: int) -> list[Interface]:
        key = (family, value)
        found = self.cache.get(key)
        if found is None:
            found = list(self.holders.get(key, ()))
            found += [i for prefix, i in self.delegated if prefix.holds(family, value) and i not in found]
            self.cache[key] = found
        return found

    def _choose(self, packet: Packet, value: int, mac: str | None, sender: Interface | None) -> Interface | None:
        found = self._holding(packet.family, value)
        if len(found) < 2:
            return found[0] if found else None
        for interface in found:
            if interface.mac and interface.mac == mac:
                return interface
        vpc = self.vlans.get(packet.vlan) or (sender.vpc if sender else None)
        inside = [i for i in found if i.vpc == vpc]
        if len(inside) != 1:
            raise Ambiguous(" ".join(i.id for i in found))
        return inside[0]

    def _in_network(self, packet: Packet) -> Placed:
        sender = self._choose(packet, packet.src, packet.src_mac, None)
        by_mac = False
        if sender is None and packet.src_mac:
            sender = self.by_mac.get(packet.src_mac)
            by_mac = sender is not None
        receiver = None
        routed = False
        if not is_group_address(packet.family, packet.dst):
            receiver = self._choose(packet, packet.dst, packet.dst_mac, sender)
            if receiver is None and sender is not None and not is_link_local(packet.family, packet.dst):
                receiver = self._next_hop(sender, packet)
                receiver = None if receiver is sender else receiver
                routed = receiver is not None
        if sender is None and receiver is None:
            return Placed(lost="foreign")
        placed = Placed(sender, receiver)
        if by_mac and sender is not None and sender.checked:
            placed.lost = "not-own-source"
        if routed and receiver is not None and receiver.checked:
            placed.unreached = True
        return placed

    def _next_hop(self, sender: Interface, packet: Packet) -> Interface | None:
        best: tuple[int, str | None] | None = None
        for destination, route in self.model.subnets[sender.subnet].routes:
            nets = self.model.prefix_lists.get(destination, []) if isinstance(destination, str) else [destination]
            for block in nets:
                if block.holds(packet.family, packet.dst) and (best is None or block.length > best[0]):
                    hop = route.get("NetworkInterfaceId")
                    if "NatGatewayId" in route:
                        hop = self.model.nat_interfaces.get(route["NatGatewayId"])
                    best = (block.length, hop)
        return self.model.by_id(best[1]) if best and best[1] else None

    def _never(self, packet: Packet, interface: Interface | None) -> str | None:
        """What AWS never logs, at one interface (P6)."""
        if interface is None:
            return None
        ports = {packet.upper.sport, packet.upper.dport}
        if packet.protocol == UDP and packet.upper.known and (ports <= {67, 68} or ports <= {546, 547}):
            return "dhcp"
        if packet.protocol == ICMPV6 and packet.family == 6:
            if 133 <= packet.upper.icmp_type <= 137:
                return "nd"
            if packet.upper.icmp_type in (130, 131, 132, 143):
                return "mld"
        kinds = [k for k in (self._kind(interface, packet.family, packet.src),
                             self._kind(interface, packet.family, packet.dst)) if k]
        return min(kinds, key=ORDER.index) if kinds else None

    def _kind(self, interface: Interface, family: int, value: int) -> str | None:
        key = (interface.id, family, value)
        if key not in self.kinds:
            self.kinds[key] = self._find_kind(interface, family, value)
        return self.kinds[key]

    def _find_kind(self, interface: Interface, family: int, value: int) -> str | None:
        if (family, value) in FIXED:
            return FIXED[(family, value)]
        if family == 4:
            if any(c.family == 4 and value == c.base + 2 for c in self.model.vpcs[interface.vpc].cidrs):
                return "dns"
            if any(c.family == 4 and value == c.base + 1 for c in self.model.subnets[interface.subnet].cidrs):
                return "router"
        return None

    def _endpoint(self, packet: Packet, placed: Placed) -> str | None:
        kinds = {i.kind for i in (placed.egress, placed.ingress) if i}
        here = placed.egress or placed.ingress
        if here and not (placed.egress and placed.ingress):
            far = packet.dst if placed.egress else packet.src
            kinds |= {i.kind for i in self._holding(packet.family, far) if i.vpc == here.vpc}
        return "endpoint-nlb" if kinds == {"vpc_endpoint", "network_load_balancer"} else None
