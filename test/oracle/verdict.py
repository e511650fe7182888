"""What an interface decides about a packet (rules V1 to V7).

In:    packets and the model. Out: an observation for each interface that saw the packet: action, stage, rule.
Holds: `steps` says why, one short line for each thing that was asked, when `explain` is on.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from headers import ACK, ICMP, ICMPV6, RST, SYN, TCP, UDP, WITH_PORTS, Packet, Upper
from model import Acl, Interface, Model, Net, Rule
from placing import EGRESS, INGRESS, Placer
from tracking import REQUEST_OF, SECOND, Connection, GuardedTime, Key, Tracking, key_of, opens

PICK_UP = {TCP: 3600 * SECOND, UDP: 180 * SECOND, ICMP: 180 * SECOND, ICMPV6: 180 * SECOND}
WIDE = 65536
DEFAULT_DENY = "default-deny"


@dataclass(slots=True)
class Observation:
    """A packet at an interface with its verdict."""

    packet: Packet
    interface: Interface | None
    direction: str | None
    action: str
    stage: str | None
    rule: str | None
    steps: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Question:
    """What a group rule or an ACL entry is asked: a direction, the far address, and the upper header."""

    egress: bool
    family: int
    protocol: int
    remote: int
    upper: Upper

    @property
    def has_icmp(self) -> bool:
        """ICMP of its own family: rules look at type and code."""
        return (self.protocol, self.family) in ((ICMP, 4), (ICMPV6, 6))


def reverse(question: Question) -> Question:
    """The packet that would go the other way; of an ICMP reply its request."""
    upper = question.upper
    icmp_type = REQUEST_OF.get((question.family, upper.icmp_type), upper.icmp_type)
    turned = Upper(upper.dport, upper.sport, upper.known, 0, icmp_type, upper.icmp_code, upper.icmp_id)
    return Question(not question.egress, question.family, question.protocol, question.remote, turned)


@dataclass(slots=True)
class Admission:
    """What the groups say of a packet."""

    passes: bool
    stage: str
    rule: str
    connection: Connection | None = None
    opened: Connection | None = None
    picked_up: bool = False


class Judge:
    """Judges the packets of one capture in their order."""

    def __init__(self, model: Model, placer: Placer, explain: bool = False) -> None:
        self.model = model
        self.placer = placer
        self.explain = explain
        self.time = GuardedTime()
        self.tracking: dict[str, Tracking] = {i.id: Tracking(self.time) for i in model.interfaces}
        self.counts: dict[str, int] = {"in": 0, "out": 0}
        self.lost: dict[str, int] = {}
        self.observed = {"in": 0, "out": 0, "not-own-source": 0}
        self.notes = {"picked-up": 0, "no-ports": 0, "tracking-evicted": 0}
        self.began: int | None = None
        self.steps: list[str] = []
        self.best: dict[tuple[object, ...], Rule | None] = {}
        self.prefix_bits: dict[tuple[str, int, int, int], int] = {}

    def judge(self, packet: Packet) -> list[Observation]:
        """The observations of a packet, none when it is counted instead."""
        if self.began is None:
            self.began = packet.at
        self.time.take(packet.at)
        self.counts["in"] += 1
        placed = self.placer.place(packet)
        if placed.lost:
            self.lost[placed.lost] = self.lost.get(placed.lost, 0) + 1
            return []
        seen = []
        if placed.egress:
            seen.append(self._at(packet, placed.egress, True))
        if placed.ingress and (not seen or seen[0].action == "ACCEPT"):
            if placed.unreached:
                self.observed["in"] += 1
                self.observed["not-own-source"] += 1
            else:
                seen.append(self._at(packet, placed.ingress, False))
        self.counts["out"] += 1
        return seen

    def _at(self, packet: Packet, interface: Interface, egress: bool) -> Observation:
        self.observed["in"] += 1
        self.observed["out"] += 1
        self.steps = []
        upper = packet.upper
        tracking = self.tracking[interface.id]
        question = Question(egress, packet.family, packet.protocol, packet.dst if egress else packet.src, upper)
        if not upper.known:
            self.notes["no-ports"] += 1
            newest = tracking.newest_between(packet.family, packet.protocol, packet.src, packet.dst, packet.at)
            if newest is not None and newest.ports is not None:
                question.upper = Upper(newest.ports[packet.src], newest.ports[packet.dst])
        key = key_of(packet.family, packet.protocol, packet.src, packet.dst, upper)
        action, stage, rule = self._decide(packet, interface, question, tracking, key)
        if key is not None:
            tracking.judged[key] = max(packet.at, tracking.judged.get(key, packet.at))
        direction = EGRESS if egress else INGRESS
        return Observation(packet, interface, direction, action, stage, rule, self.steps)

    def _say(self, text: str) -> None:
        if self.explain:
            self.steps.append(text)

    def _decide(self, packet: Packet, interface: Interface, question: Question, tracking: Tracking,
                key: Key | None) -> tuple[str, str, str]:
        egress = question.egress
        acl_stage = "nacl-egress" if egress else "nacl-ingress"
        admission: Admission | None = None
        if egress and interface.takes_groups:
            admission = self._groups(packet, interface, question, tracking, key)
            if not admission.passes:
                return "REJECT", admission.stage, admission.rule
        asked, allowed, entry = self._acl(packet, interface, question)
        if not allowed:
            return "REJECT", acl_stage, entry
        if not egress and interface.takes_groups:
            admission = self._groups(packet, interface, question, tracking, key)
            if not admission.passes:
                return "REJECT", admission.stage, admission.rule
        if admission is None:
            return ("ACCEPT", acl_stage, entry) if asked and entry != "-" else ("ACCEPT", "not-judged", "-")
        if admission.picked_up:
            self.notes["picked-up"] += 1
        connection = admission.connection
        if admission.opened is not None and key is not None:
            connection = admission.opened
            tracking.open(key, connection, packet.family, packet.protocol, packet.src, packet.dst)
            connection.last = packet.at
            if packet.protocol in WITH_PORTS:
                connection.ports = {packet.src: packet.upper.sport, packet.dst: packet.upper.dport}
        if connection is not None:
            connection.passed(packet.protocol, packet.at, egress, packet.upper.flags)
        return "ACCEPT", admission.stage, admission.rule

    # Groups

    def _groups(self, packet: Packet, interface: Interface, question: Question, tracking: Tracking,
                key: Key | None) -> Admission:
        stage = "sg-egress" if question.egress else "sg-ingress"
        if key is None:
            return self._without_ports(packet, interface, question, tracking, stage)
        if packet.is_icmp_error and packet.quote is not None:
            quote = packet.quote
            quoted = key_of(quote.family, quote.protocol, quote.src, quote.dst, quote.upper)
            known = tracking.find(quoted, quote.protocol, packet.at)
            if known is not None and not known.untracked:
                self._say(f"quotes a connection of {known.rule}")
                return Admission(True, known.stage, known.rule)
        flags = packet.upper.flags if packet.protocol == TCP else 0
        found = tracking.find(key, packet.protocol, packet.at)
        if found is not None and found.closes is not None and opens(flags):
            self._say("SYN while closing: asks the rules")
            found = None
        if found is not None and (not found.untracked or self._still(interface, question)):
            self._say(f"connection of {found.rule}")
            return Admission(True, found.stage, found.rule, connection=found)
        return self._as_new(packet, interface, question, tracking, key, stage, flags)

    def _still(self, interface: Interface, question: Question) -> bool:
        """An untracked flow passes as long as a rule of the packet's own direction admits it (V4)."""
        return self._admitting(interface, question) is not None

    def _as_new(self, packet: Packet, interface: Interface, question: Question, tracking: Tracking, key: Key,
                stage: str, flags: int) -> Admission:
        rule = self._admitting(interface, question)
        is_tcp = packet.protocol == TCP
        if rule is not None:
            if is_tcp and not flags & SYN and question.upper.dport > question.upper.sport:
                back = reverse(question)
                other = self._admitting(interface, back)
                if other is not None:
                    self._say(f"both ways admitted, opened by the other side: {other.id}")
                    return self._opened(interface, back, other)
            self._say(f"admitted as new by {rule.id}")
            return self._opened(interface, question, rule)
        if is_tcp and not flags & SYN and tracking.closed_lately(key, packet.at):
            self._say("closed not long ago")
            return Admission(False, "closed", DEFAULT_DENY)
        picked = self._picked_up(packet, interface, question, tracking, key, flags)
        if picked is not None:
            return picked
        self._say("no rule admits it")
        return Admission(False, stage, DEFAULT_DENY)

    def _opened(self, interface: Interface, question: Question, rule: Rule) -> Admission:
        """A new connection, opened by the packet of this question."""
        stage = "sg-egress" if question.egress else "sg-ingress"
        untracked = self._untracked(interface, question, rule)
        connection = Connection(0, question.egress, rule.id, stage, untracked)
        return Admission(True, stage, rule.id, opened=connection)

    def _picked_up(self, packet: Packet, interface: Interface, question: Question, tracking: Tracking, key: Key,
                   flags: int) -> Admission | None:
        limit = PICK_UP.get(packet.protocol)
        if limit is None or self.began is None or not tracking.time.reaches(packet.at, self.began + limit - 1):
            return None
        if tracking.judged_lately(key, packet.at):
            return None
        upper = question.upper
        if packet.protocol == TCP:
            here, there = (upper.sport, upper.dport) if question.egress else (upper.dport, upper.sport)
            fits = bool(flags & ACK) and not flags & (SYN | RST) and here > there
        elif packet.protocol == UDP:
            fits = upper.sport <= upper.dport
        else:
            fits = (packet.family, upper.icmp_type) in REQUEST_OF
        if not fits:
            return None
        back = reverse(question)
        other = self._admitting(interface, back)
        if other is None:
            return None
        self._say(f"picked up, the other way is admitted by {other.id}")
        picked = self._opened(interface, back, other)
        picked.picked_up = True
        return picked

    def _without_ports(self, packet: Packet, interface: Interface, question: Question, tracking: Tracking,
                       stage: str) -> Admission:
        """V6."""
        newest = tracking.newest_between(packet.family, packet.protocol, packet.src, packet.dst, packet.at)
        if newest is not None:
            self._say(f"ports not known, newest connection is of {newest.rule}")
            return Admission(True, newest.stage, newest.rule)
        rule = self._admitting(interface, question)
        if rule is None:
            return Admission(False, stage, DEFAULT_DENY)
        self._say(f"ports not known, but for them {rule.id} fits")
        return Admission(True, stage, rule.id)

    def _untracked(self, interface: Interface, question: Question, rule: Rule) -> bool:
        """V4: allowed from and to everywhere, all ports the other way."""
        if question.protocol not in (TCP, UDP) or not isinstance(rule.peer, Net) or rule.peer.length:
            return False
        for other in interface.rules:
            if (
                other.egress != rule.egress
                and other.protocol in (-1, question.protocol)
                and isinstance(other.peer, Net)
                and (other.peer.family, other.peer.length) == (rule.peer.family, 0)
                and (other.protocol == -1 or (other.low, other.high) in ((0, 65535), (-1, -1)))
            ):
                return True
        return False

    def _admitting(self, interface: Interface, question: Question) -> Rule | None:
        """The deciding one of the rules that admit a packet (V2)."""
        upper = question.upper
        detail = (upper.icmp_type, upper.icmp_code) if question.has_icmp else (
            upper.dport if question.protocol in WITH_PORTS else 0)
        ask = (interface.id, question.egress, question.family, question.protocol, question.remote, detail, upper.known)
        if ask not in self.best:
            self.best[ask] = self._find_admitting(interface, question)
        return self.best[ask]

    def _find_admitting(self, interface: Interface, question: Question) -> Rule | None:
        chosen: tuple[tuple[int, int, str], Rule] | None = None
        for rule in interface.rules:
            if rule.egress != question.egress:
                continue
            width = self._port_width(rule, question)
            if width is None:
                continue
            bits = self._peer_bits(rule.peer, question.family, question.remote)
            if bits is None:
                continue
            rank = (-bits, width, rule.id)
            if chosen is None or rank < chosen[0]:
                chosen = (rank, rule)
        return chosen[1] if chosen else None

    @staticmethod
    def _port_width(rule: Rule, question: Question) -> int | None:
        """How many ports a rule covers, all of them where there are none; None where it does not fit."""
        if rule.protocol not in (-1, question.protocol):
            return None
        if rule.protocol == -1:
            return WIDE
        upper = question.upper
        if question.protocol in (TCP, UDP):
            low, high = (0, 65535) if rule.low < 0 else (rule.low, rule.high)
            return high - low + 1 if not upper.known or low <= upper.dport <= high else None
        if question.has_icmp and rule.low >= 0:
            if upper.known and (rule.low != upper.icmp_type or rule.high not in (-1, upper.icmp_code)):
                return None
        return WIDE

    def _peer_bits(self, peer: Net | str, family: int, remote: int) -> int | None:
        """Prefix length with which a peer holds the far address."""
        if isinstance(peer, Net):
            return peer.length if peer.holds(family, remote) else None
        ask = (peer, family, remote, 0)
        if ask not in self.prefix_bits:
            bits = -1
            if peer in self.model.prefix_lists:
                bits = max((n.length for n in self.model.prefix_lists[peer] if n.holds(family, remote)), default=-1)
            elif any(i.owns(family, remote) for i in self.model.members.get(peer, [])):
                bits = 32 if family == 4 else 128
            self.prefix_bits[ask] = bits
        bits = self.prefix_bits[ask]
        return bits if bits >= 0 else None

    # ACLs

    def _acl(self, packet: Packet, interface: Interface, question: Question) -> tuple[bool, bool, str]:
        """(asked, allowed, deciding entry) of the subnet's ACL."""
        subnet = self.model.subnets[interface.subnet]
        for block in subnet.cidrs:
            if block.holds(packet.family, packet.src) and block.holds(packet.family, packet.dst):
                return False, True, "-"
        if subnet.acl is None:
            return True, True, "-"
        return (True, *self._entries(subnet.acl, question))

    def _entries(self, acl: Acl, question: Question) -> tuple[bool, str]:
        for entry in acl.egress if question.egress else acl.ingress:
            if entry.protocol not in (-1, question.protocol):
                continue
            if not entry.cidr.holds(question.family, question.remote):
                continue
            if entry.protocol != -1 and not self._entry_fits(entry.ports, entry.icmp, question, entry.allow):
                continue
            self._say(f"ACL {entry.id} {'allows' if entry.allow else 'denies'}")
            return entry.allow, entry.id
        return False, f"{acl.id}/{'out' if question.egress else 'in'}/*"

    @staticmethod
    def _entry_fits(ports: tuple[int, int] | None, icmp: tuple[int, int] | None, question: Question,
                    allow: bool) -> bool:
        """Ports or ICMP type of an entry. Of unknown ports an allow fits, a deny only where it denies all of them (V6)."""
        upper = question.upper
        if question.protocol in WITH_PORTS and ports is not None:
            if not upper.known:
                return allow or ports == (0, 65535)
            return ports[0] <= upper.dport <= ports[1]
        if question.has_icmp and icmp is not None:
            if not upper.known:
                return allow or icmp == (-1, -1)
            return icmp[0] in (-1, upper.icmp_type) and icmp[1] in (-1, upper.icmp_code)
        return True
