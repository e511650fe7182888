"""The rarer traffic: fragments, extension headers, other protocols, forwarding, malformed packets, frames without IP."""

from __future__ import annotations

import struct

import build
from build import ACK, SYN
from make_model import End
from make_traffic import SECOND, Traffic


class AllTraffic(Traffic):
    """Traffic with its rarer scenes."""

    def fragments(self) -> None:
        """A datagram in pieces: in order, out of order, first one missing, pieces long after it."""
        rng = self.rng
        protocol = rng.choice(["udp", "tcp", "udp"])
        pair, high, at = self.pair(protocol), self.high(), self.when()
        roll = rng.random()
        if roll < 0.5:
            number, whole = 17, build.udp(high, pair.port, 3000)
        elif roll < 0.7:
            number, whole = 6, build.tcp(high, pair.port, rng.choice([SYN, ACK]), 3000)
        elif roll < 0.9:
            number, whole = 1, build.icmp(8, 0, high, bytes(3000))
        else:
            number, whole = 47, bytes(3000)
        six = build.is_v6(pair.a)
        if six and number == 1:
            number, whole = 58, build.icmp(128, 0, high, bytes(3000))
        ident = rng.getrandbits(32 if six else 16)
        pieces = []
        for start in range(0, len(whole), 1400):
            more = start + 1400 < len(whole)
            part = whole[start : start + 1400]
            if six:
                chain = [(44, build.fragment_header(start // 8, more, ident))]
                if rng.random() < 0.2:
                    chain.insert(0, (0, build.option_header(0)))
                pieces.append(build.ip6(pair.a, pair.b, number, part, extensions=chain))
            else:
                pieces.append(build.ip4(pair.a, pair.b, number, part, ident=ident, fragment=start // 8 | more << 13))
        order = rng.random()
        if order < 0.2:
            pieces.reverse()
        elif order < 0.35:
            pieces.pop(0)
        if rng.random() < 0.3:
            self.both(pair, at - SECOND, True, build.udp(high, pair.port, 10), 17)
        for number_of, piece in enumerate(pieces):
            wait = rng.choice([0, 0, 0, 0, 20, 29, 31]) * SECOND if number_of else 0
            self.send(at + wait, pair.client, pair.server, piece)
            at += rng.randrange(1, 400)

    def other_protocols(self) -> None:
        """SCTP, GRE, ESP, AH, IP in IP, and numbers without a name."""
        rng = self.rng
        pair, high, at = self.pair(), self.high(), self.when()
        number = rng.choice([132, 132, 47, 50, 51, 4, 41, 89, 2, 253])
        for _ in range(rng.randrange(1, 6)):
            from_client = rng.random() < 0.6
            if number == 132:
                ports = (high, pair.port) if from_client else (pair.port, high)
                payload = build.sctp(*ports, 40)
            elif number == 4:
                payload = build.ip4("192.0.2.1", "192.0.2.2", 6, build.tcp(1, 2, SYN))
            elif number == 51:
                payload = bytes([6, 4, 0, 0]) + bytes(20) + build.tcp(high, pair.port, SYN)
            else:
                payload = bytes(rng.choice([8, 40, 200]))
            self.both(pair, at, from_client, payload, number)
            at += rng.choice([1, 1, 5, 599, 601]) * SECOND

    def extensions(self) -> None:
        """IPv6 extension header chains of every kind."""
        rng = self.rng
        for _ in range(30):
            pair = self.pair()
            if build.is_v6(pair.a):
                break
        else:
            return
        high, at = self.high(), self.when()
        for _ in range(rng.randrange(1, 5)):
            chain: list[tuple[int, bytes]] = []
            if rng.random() < 0.5:
                chain.append((0, build.option_header(rng.choice([0, 1]))))
            if rng.random() < 0.4:
                chain.append((60, build.option_header(0)))
            if rng.random() < 0.4:
                chain.append((43, build.routing_header(rng.choice([0, 2]))))
            if rng.random() < 0.3:
                chain.append((44, build.fragment_header(0, False, rng.getrandbits(32))))
            if rng.random() < 0.4:
                chain.append((60, build.option_header(rng.choice([0, 3]))))
            number, payload = rng.choice([(6, build.tcp(high, pair.port, SYN)), (17, build.udp(high, pair.port, 30)),
                                          (58, build.icmp(128, 0, 9)), (51, bytes([6, 4]) + bytes(42)), (59, b""),
                                          (50, bytes(40))])
            self.send(at, pair.client, pair.server, build.ip6(pair.a, pair.b, number, payload, extensions=chain))
            at += self.gap()

    def never_logged(self) -> None:
        """What AWS does not log, and its neighbours that it does."""
        rng = self.rng
        end, at, high = rng.choice(self.world.inside), self.when(), self.high()
        a4, a6 = end.of(False, rng), end.of(True, rng)
        assert a4 is not None and end.interface is not None
        vpc = next(v for v in self.world.model["Vpcs"] if v["VpcId"] == end.interface["VpcId"])
        stem = vpc["CidrBlock"].rsplit(".", 1)[0]
        router = End([], "0e:00:00:00:00:01")
        roll = rng.randrange(7)
        if roll == 0:
            self.send(at, end, router, build.ip4("0.0.0.0", "255.255.255.255", 17, build.udp(68, 67, 250)))
            self.send(at + 900, router, end, build.ip4(f"{stem}.1", a4, 17, build.udp(67, 68, 250)))
        elif roll == 1:
            other = rng.choice([f"{stem}.2", "169.254.169.253", f"{stem}.3", "169.254.169.252"])
            self.send(at, end, router, build.ip4(a4, other, 17, build.udp(high, 53, 40)))
            self.send(at + 800, router, end, build.ip4(other, a4, 17, build.udp(53, high, 140)))
        elif roll == 2:
            port, other = rng.choice([(80, "169.254.169.254"), (123, "169.254.169.123"), (1688, "169.254.169.250"),
                                      (1688, "169.254.169.251"), (80, "169.254.170.2")])
            self.send(at, end, router, build.ip4(a4, other, 6, build.tcp(high, port, SYN)))
        elif roll == 3:
            gateway = a4.rsplit(".", 1)[0] + ".1"
            self.send(at, end, router, build.ip4(a4, gateway, 1, build.icmp(8, 0, 5)))
        elif roll == 4 and a6:
            kind = rng.choice([133, 134, 135, 136, 137, 130, 131, 132, 143, 138])
            self.send(at, end, router, build.ip6(a6, "ff02::1", 58, build.icmp(kind, 0, 0, bytes(20))))
            self.send(at, end, router, build.ip6("fe80::1234", "ff02::16", 58, build.icmp(143, 0)))
        elif roll == 5 and a6:
            other = rng.choice(["fd00:ec2::253", "fd00:ec2::254", "fd00:ec2::123", "fd00:ec2::1"])
            self.send(at, end, router, build.ip6(a6, other, 17, build.udp(high, 53, 10)))
            self.send(at, end, router, build.ip6("fe80::1", "ff02::1:2", 17, build.udp(546, 547, 60)))
        else:
            other = rng.choice(["224.0.0.251", "255.255.255.255", a4.rsplit(".", 1)[0] + ".255"])
            self.send(at, end, router, build.ip4(a4, other, 17, build.udp(5353, 5353, 60)))

    def forwarded(self) -> None:
        """Packets through interfaces that forward (the NAT's legs), and through some that may not."""
        rng = self.rng
        inside = self.world.inside
        relays = self.world.nats or [e for e in inside if e.forwards]
        relay = rng.choice(relays) if relays and rng.random() < 0.8 else rng.choice(inside)
        near = [e for e in inside if e.vpc == relay.vpc and e is not relay]
        client, host = rng.choice(near), rng.choice(self.world.outside)
        a, h, p = client.of(False, rng), host.of(False, rng), relay.of(False, rng)
        assert a and h and p
        high, at, port = self.high(), self.when(), self.port(client, "tcp")
        other = End([], "0e:00:00:00:00:02")
        for flags, back in ((SYN, SYN | ACK), (ACK, ACK)):
            self.send(at, client, relay, self.ip(a, h, 6, build.tcp(high, port, flags, 10)))
            self.send(at + 50, relay, host, self.ip(p, h, 6, build.tcp(high, port, flags, 10)))
            self.send(at + 900, host, relay, self.ip(h, p, 6, build.tcp(port, high, back, 10)))
            self.send(at + 950, relay, client, self.ip(h, a, 6, build.tcp(port, high, back, 10)))
            at += SECOND
        if rng.random() < 0.5:
            pod = f"172.16.{rng.randrange(4)}.{rng.randrange(1, 255)}"
            self.send(at, relay, other, self.ip(pod, h, 17, build.udp(high, 53, 30)))
            self.send(at, client, relay, self.ip(a, pod, 17, build.udp(high, 53, 30)))

    def strangers(self) -> None:
        """Traffic that touches no interface."""
        one, two = self.rng.sample(self.world.outside, 2)
        at, high = self.when(), self.high()
        for six in (False, True):
            a, b = one.of(six, self.rng), two.of(six, self.rng)
            if a and b:
                self.send(at, one, two, self.ip(a, b, 6, build.tcp(high, 443, ACK, 99)))

    def odd_packets(self) -> None:
        """Malformed headers, total length 0, padding that looks like ports."""
        rng = self.rng
        pair, high, at = self.pair(), self.high(), self.when()
        a, b = pair.client.of(False, rng), pair.server.of(False, rng)
        if not a or not b:
            return
        segment = build.tcp(high, pair.port, ACK, 32)
        roll = rng.randrange(6)
        if roll == 0:
            data = build.ip4(a, b, 6, segment, words=4)
        elif roll == 1:
            data = build.ip4(a, b, 6, segment, total=19)
        elif roll == 2:
            data = build.ip4(a, b, 6, segment)[: rng.choice([1, 12, 19])]
        elif roll == 3:
            data = build.ip4(a, b, 6, segment, total=0)
        elif roll == 4:
            data = build.ip4(a, b, 6, segment, total=22)
        else:
            a6, b6 = pair.client.of(True, rng), pair.server.of(True, rng)
            if not a6 or not b6:
                return
            data = build.ip6(a6, b6, 6, segment, length=0) if rng.random() < 0.5 else build.ip6(a6, b6, 6, segment)[:33]
        self.send(at, pair.client, pair.server, data)

    def no_ip(self) -> None:
        """ARP, LLDP, spanning tree, PPPoE, an empty frame."""
        rng = self.rng
        end, at = rng.choice(self.world.inside), self.when()
        other = End([], "ff:ff:ff:ff:ff:ff")
        kind, data = rng.choice([
            (0x0806, struct.pack(">HHBBH", 1, 0x0800, 6, 4, 1) + bytes(20)), (0x88CC, bytes(40)),
            (0x0026, b"\x42\x42\x03" + bytes(35)), (0x8864, bytes(30)), (0x8847, bytes(30))])
        self.send(at, end, other, data, kind)
