"""Hand-made cases for the second reading, each from a line of the rules: `python3 -m unittest` in this folder."""

from __future__ import annotations

import unittest

import build
from build import ACK, FIN, RST, SYN
from cases import (A, A2, ALL_OUT, B, ETHERNET, HOST, START, at, datagram, entry, ethernet, interface, network, ping,
                   reading, rule, seen, segment)
from headers import Decoder
from records import DEFAULT, WIDE

HTTP_IN = rule("web", "b/in", "tcp", 80, 80, "0.0.0.0/0")
SYN_ACK = SYN | ACK


class Packets(unittest.TestCase):
    """P1 to P3."""

    def packet(self, data: bytes, link: int = 101):
        return reading([(0, data)], link=link).decoded.packets[0]

    def test_bytes_are_the_total_length_without_padding(self) -> None:
        frame = ethernet(segment(A, B, 1, 2, SYN), "02:00:00:00:00:01", "02:00:00:00:00:02").ljust(60, b"\0")
        self.assertEqual(self.packet(frame, ETHERNET).bytes, 40)

    def test_total_length_zero_counts_the_frame_less_the_link_header(self) -> None:
        frame = ethernet(build.ip4(A, B, 6, build.tcp(1, 2, ACK, 100), total=0), "02:00:00:00:00:01", "02:00:00:00:00:02")
        self.assertEqual(self.packet(frame, ETHERNET).bytes, 140)

    def test_ports_are_not_read_past_the_total_length(self) -> None:
        packet = self.packet(build.ip4(A, B, 6, build.tcp(7, 8, ACK), total=22))
        self.assertFalse(packet.upper.known)

    def test_options_move_the_ports(self) -> None:
        packet = self.packet(build.ip4(A, B, 17, build.udp(7, 8), options=bytes([1] * 40)))
        self.assertEqual((packet.upper.sport, packet.upper.dport), (7, 8))

    def test_extension_headers_are_walked_and_ah_ends_the_walk(self) -> None:
        chain = [(0, build.option_header(0)), (43, build.routing_header(2)), (60, build.option_header(1))]
        packet = self.packet(build.ip6("fd00::1", "fd00::2", 17, build.udp(7, 8), extensions=chain))
        self.assertEqual((packet.protocol, packet.upper.dport, packet.bytes), (17, 8, 40 + 8 + 24 + 16 + 8))
        self.assertEqual(self.packet(build.ip6("fd00::1", "fd00::2", 51, bytes(44), extensions=chain)).protocol, 51)

    def test_a_later_fragment_takes_the_ports_of_the_first(self) -> None:
        first = build.ip4(A, B, 17, build.udp(7, 8, 100), ident=5, fragment=0x2000)
        later = build.ip4(A, B, 17, bytes(50), ident=5, fragment=20)
        packets = reading([(0, later), (1, first), (2, later), (31, later), (31.5, later)]).decoded.packets
        self.assertEqual([p.upper.dport for p in packets], [0, 8, 8, 8, 0])
        self.assertEqual([p.upper.known for p in packets], [False, True, True, True, False])

    def test_arp_and_lldp_are_no_packets(self) -> None:
        frames = [(0.0, ethernet(bytes(28), "02:00:00:00:00:01", "ff:ff:ff:ff:ff:ff", kind)) for kind in (0x0806, 0x88CC)]
        self.assertEqual(reading(frames, link=ETHERNET).decoded.lost, {"never-logged/arp": 1, "not-ip": 1})

    def test_broken_headers_are_malformed(self) -> None:
        good = segment(A, B, 1, 2, SYN)
        bad = [build.ip4(A, B, 6, b"", words=4), build.ip4(A, B, 6, bytes(20), total=19), good[:19]]
        self.assertEqual(reading([(0.0, d) for d in bad]).decoded.lost, {"malformed": 3})

    def test_a_qinq_frame_has_the_outer_vlan(self) -> None:
        data = bytes(12) + bytes.fromhex("88a80064810000210800") + segment(A, B, 1, 2, SYN)
        self.assertEqual(self.packet(data, ETHERNET).vlan, 100)

    def test_a_short_quote_is_no_quote(self) -> None:
        for length, known in ((19, None), (23, False), (24, True)):
            error = build.ip4(B, A, 1, build.icmp(3, 3, 0, segment(A, B, 7, 8, ACK)[:length]))
            quote = self.packet(error).quote
            self.assertEqual(None if quote is None else quote.upper.known, known)

    def test_decoder_never_throws(self) -> None:
        whole = ethernet(build.ip6("fd00::1", "fd00::2", 58, build.icmp(1, 0, 0, segment(A, B, 7, 8, ACK)),
                                   extensions=[(0, build.option_header(0))]), "02:00:00:00:00:01", "02:00:00:00:00:02", 0x86DD)
        for length in range(len(whole)):
            reading([(0, whole[:length])], link=ETHERNET)
        self.assertTrue(Decoder())


class Placing(unittest.TestCase):
    """P5 and P6."""

    def test_a_packet_between_two_interfaces_is_seen_twice(self) -> None:
        self.assertEqual(seen([(0, segment(A, B, 5000, 80, SYN))], network([ALL_OUT, HTTP_IN])),
                         [["egress ACCEPT sg-egress sgr-aout", "ingress ACCEPT sg-ingress sgr-web"]])

    def test_what_egress_rejects_never_reaches_the_receiver(self) -> None:
        self.assertEqual(seen([(0, segment(A, B, 5000, 80, SYN))], network([HTTP_IN])),
                         [["egress REJECT sg-egress default-deny"]])

    def test_strangers_are_foreign(self) -> None:
        judge = reading([(0, segment(HOST, "198.51.100.1", 1, 2, SYN))], network([ALL_OUT])).judge
        assert judge
        self.assertEqual(judge.lost, {"foreign": 1})

    def test_never_logged_kinds(self) -> None:
        packets = [datagram(A, "10.0.0.2", 5000, 53), datagram(A, "169.254.169.254", 5000, 80), ping(A, "10.0.1.1"),
                   datagram("169.254.169.123", A, 123, 5000), datagram(A, "169.254.169.250", 5000, 1688),
                   build.ip4(A, "255.255.255.255", 17, build.udp(68, 67))]
        judge = reading([(0.0, p) for p in packets], network([ALL_OUT])).judge
        assert judge
        self.assertEqual({k.split("/")[1] for k in judge.lost}, {"dns", "metadata", "router", "time", "licence", "dhcp"})

    def test_the_other_subnets_router_is_logged(self) -> None:
        self.assertEqual(seen([(0, ping(A, "10.0.2.1"))], network([ALL_OUT])), [["egress ACCEPT sg-egress sgr-aout"]])

    def test_a_sender_known_by_mac_needs_its_check_off(self) -> None:
        frame = ethernet(segment("192.0.2.5", HOST, 1, 2, SYN), "0a:00:00:00:00:01", "0e:00:00:00:00:00")
        judge = reading([(0, frame)], network([ALL_OUT]), link=ETHERNET).judge
        assert judge
        self.assertEqual(judge.lost, {"not-own-source": 1})
        relay = network([ALL_OUT], interfaces=[interface("a", "a", A, ["sg-a"], SourceDestCheck=False)])
        one = reading([(0, frame)], relay, link=ETHERNET).lines(60, WIDE)[0].text.split(" ")
        self.assertEqual((one[1], one[2], one[12]), (A, HOST, "192.0.2.5"))

    def test_link_local_destinations_and_oneself_are_no_next_hop(self) -> None:
        routes = {"VpcId": "vpc-1", "RouteTableId": "rtb-1", "Associations": [{"Main": True}],
                  "Routes": [{"DestinationCidrBlock": "0.0.0.0/0", "NetworkInterfaceId": "eni-bbb"}]}
        both = [rule("bout", "b/out", "-1", -1, -1, "0.0.0.0/0"), ALL_OUT]
        packets = [(0.0, ping(A, "169.254.1.1")), (1.0, ping(B, HOST))]
        result = reading(packets, network(both, RouteTables=[routes]))
        assert result.judge
        self.assertEqual(result.judge.observed, {"in": 2, "out": 2, "not-own-source": 0})

    def test_a_next_hop_with_its_check_on_sees_nothing(self) -> None:
        routes = {"VpcId": "vpc-1", "RouteTableId": "rtb-1", "Associations": [{"Main": True}],
                  "Routes": [{"DestinationCidrBlock": "0.0.0.0/0", "NetworkInterfaceId": "eni-bbb"}]}
        result = reading([(0, segment(A, HOST, 5000, 80, SYN))], network([ALL_OUT, HTTP_IN], RouteTables=[routes]))
        self.assertEqual([len(o) for _, o in result.seen], [1])
        assert result.judge
        self.assertEqual(result.judge.observed, {"in": 2, "out": 1, "not-own-source": 1})


class Rules(unittest.TestCase):
    """V1 and V2."""

    def decides(self, rules: list, packet: bytes, expected: str, **more: object) -> None:
        self.assertEqual(at([(0, packet)], network(rules, **more), "bbb"), [expected])

    def test_longest_prefix_then_narrowest_ports_then_lowest_id(self) -> None:
        packet = segment(HOST, B, 5000, 80, SYN)
        wide = rule("1", "b/in", "tcp", 0, 65535, "203.0.113.0/24")
        self.decides([HTTP_IN, wide], packet, "ACCEPT sgr-1")
        self.decides([rule("0", "b/in", "tcp", 80, 81, "0.0.0.0/0"), HTTP_IN], packet, "ACCEPT sgr-web")
        self.decides([rule("x", "b/in", "tcp", 80, 80, "0.0.0.0/0"), HTTP_IN], packet, "ACCEPT sgr-web")

    def test_a_group_reference_counts_as_a_host(self) -> None:
        self.decides([ALL_OUT, rule("1", "b/in", "tcp", 80, 80, "10.0.1.0/24"), rule("2", "b/in", "-1", -1, -1, "sg-a")],
                     segment(A, B, 5000, 80, SYN), "ACCEPT sgr-2")

    def test_a_prefix_list_counts_as_its_entry(self) -> None:
        lists = [{"PrefixListId": "pl-1", "Entries": [{"Cidr": "203.0.0.0/8"}, {"Cidr": "203.0.113.0/24"}]}]
        self.decides([rule("1", "b/in", "tcp", 80, 80, "203.0.0.0/16"), rule("2", "b/in", "tcp", 80, 80, "pl-1")],
                     segment(HOST, B, 5000, 80, SYN), "ACCEPT sgr-2", ManagedPrefixLists=lists)

    def test_icmp_type_and_code(self) -> None:
        self.decides([rule("1", "b/in", "icmp", 8, -1, "0.0.0.0/0")], ping(HOST, B), "ACCEPT sgr-1")
        self.decides([rule("1", "b/in", "icmp", 8, 1, "0.0.0.0/0")], ping(HOST, B), "REJECT sg-ingress")

    def test_icmp_types_are_no_ports(self) -> None:
        self.decides([rule("2", "b/in", "icmp", 8, 0, "0.0.0.0/0"), rule("1", "b/in", "-1", -1, -1, "0.0.0.0/0")],
                     ping(HOST, B), "ACCEPT sgr-1")

    def test_a_rule_without_listed_ids_gets_one_from_its_permission(self) -> None:
        model = network([])
        model["SecurityGroupRules"] = []
        model["SecurityGroups"][1]["IpPermissions"] = [{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22,
                                                        "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
        self.assertEqual(at([(0, segment(HOST, B, 5000, 22, SYN))], model, "bbb"), ["ACCEPT sg-b/in/tcp/22-22/0.0.0.0/0"])

    def test_acl_first_match_and_the_last_entry(self) -> None:
        packet = segment(HOST, B, 5000, 80, SYN)
        ports = {"PortRange": {"From": 80, "To": 80}}
        entries = [entry(200, False, "allow"), entry(100, False, "deny", "6", **ports), entry(32767, False, "deny")]
        self.assertEqual(seen([(0, packet)], network([HTTP_IN], entries=entries)),
                         [["ingress REJECT nacl-ingress acl-b/in/100"]])
        self.assertEqual(seen([(0, packet)], network([HTTP_IN], entries=[entry(32767, False, "deny")])),
                         [["ingress REJECT nacl-ingress acl-b/in/*"]])

    def test_an_acl_is_not_asked_inside_the_subnet(self) -> None:
        model = network([rule("1", "b/in", "tcp", 80, 80, "0.0.0.0/0")], entries=[])
        self.assertEqual(seen([(0, segment("10.0.2.99", B, 5000, 80, SYN))], model), [["ingress ACCEPT sg-ingress sgr-1"]])

    def test_an_interface_without_groups_is_judged_by_its_acl(self) -> None:
        model = network([], entries=[entry(100, False, "allow"), entry(100, True, "deny")],
                        interfaces=[interface("bbb", "b", B, [])])
        self.assertEqual(seen([(0, ping(HOST, B)), (1, ping(B, HOST, 0)), (2, ping("10.0.2.9", B))], model),
                         [["ingress ACCEPT nacl-ingress acl-b/in/100"], ["egress REJECT nacl-egress acl-b/out/100"],
                          ["ingress ACCEPT not-judged -"]])

    def test_ping_whose_reply_the_acl_denies_gives_accept_and_reject(self) -> None:
        model = network([rule("1", "b/in", "icmp", -1, -1, "0.0.0.0/0")],
                        entries=[entry(100, False, "allow"), entry(32767, True, "deny")])
        self.assertEqual(seen([(0, ping(HOST, B)), (1, ping(B, HOST, 0))], model),
                         [["ingress ACCEPT sg-ingress sgr-1"], ["egress REJECT nacl-egress acl-b/out/*"]])


class Tracking(unittest.TestCase):
    """V3 to V7."""

    def run_at_b(self, packets: list[tuple[float, bytes]], rules: list | None = None) -> list[str]:
        return at(packets, network(rules or [HTTP_IN]), "bbb")

    @staticmethod
    def opened(flags: list[tuple[float, bool, int]]) -> list[tuple[float, bytes]]:
        """Handshake at 0 s, then (time, from the client, flags)."""
        start = [(0.0, True, SYN), (0.1, False, SYN_ACK), (0.2, True, ACK)]
        return [(t, segment(*((HOST, B, 5000, 80) if client else (B, HOST, 80, 5000)), f)) for t, client, f in start + flags]

    def test_replies_carry_the_rule_that_admitted(self) -> None:
        self.assertEqual(self.run_at_b(self.opened([])), ["ACCEPT sgr-web"] * 3)

    def test_after_a_reset_ten_seconds_then_closed_for_600_then_default_deny(self) -> None:
        after = [(1.0, True, RST), (10.9, False, ACK), (11.1, False, ACK), (610.9, False, ACK), (1300.0, False, ACK)]
        self.assertEqual(self.run_at_b(self.opened(after))[3:],
                         ["ACCEPT sgr-web", "ACCEPT sgr-web", "REJECT closed", "REJECT closed", "REJECT sg-egress"])

    def test_closing_begins_with_the_second_fin(self) -> None:
        after = [(1.0, True, FIN | ACK), (200.0, False, ACK), (201.0, False, FIN | ACK), (320.9, False, ACK), (321.1, False, ACK)]
        self.assertEqual(self.run_at_b(self.opened(after))[3:], ["ACCEPT sgr-web"] * 4 + ["REJECT closed"])

    def test_a_syn_while_closing_asks_the_rules(self) -> None:
        closing = [(0.0, segment(B, HOST, 5000, 80, SYN)), (0.1, segment(HOST, B, 80, 5000, SYN_ACK)),
                   (1.0, segment(HOST, B, 80, 5000, RST)), (2.0, segment(HOST, B, 80, 5000, SYN)),
                   (3.0, segment(B, HOST, 5000, 80, ACK))]
        self.assertEqual(self.run_at_b(closing, [rule("1", "b/out", "tcp", 80, 80, "0.0.0.0/0")]),
                         ["ACCEPT sgr-1"] * 3 + ["REJECT sg-ingress", "ACCEPT sgr-1"])

    def test_half_open_lives_600_seconds(self) -> None:
        for wait, expected in ((600.0, "ACCEPT sgr-web"), (600.1, "REJECT sg-egress")):
            packets = [(0.0, segment(HOST, B, 5000, 80, SYN)), (wait, segment(B, HOST, 80, 5000, SYN_ACK))]
            self.assertEqual(self.run_at_b(packets)[1], expected)

    def test_udp_one_way_30_seconds_stream_180(self) -> None:
        rules = [rule("1", "b/in", "udp", 53, 53, "0.0.0.0/0")]
        ask, answer = datagram(HOST, B, 5000, 53), datagram(B, HOST, 53, 5000)
        self.assertEqual(self.run_at_b([(0, ask), (30, answer)], rules)[1], "ACCEPT sgr-1")
        self.assertEqual(self.run_at_b([(0, ask), (30.1, answer)], rules)[1], "REJECT sg-egress")
        self.assertEqual(self.run_at_b([(0, ask), (1, answer), (181, answer), (361.1, answer)], rules)[2:],
                         ["ACCEPT sgr-1", "REJECT sg-egress"])

    def test_an_untracked_flow_keeps_the_rule_of_its_opener(self) -> None:
        rules = [rule("in", "b/in", "tcp", 80, 80, "0.0.0.0/0"), rule("out", "b/out", "-1", -1, -1, "0.0.0.0/0")]
        self.assertEqual(self.run_at_b(self.opened([]), rules), ["ACCEPT sgr-in"] * 3)

    def test_an_error_quoting_a_connection_passes_and_another_does_not(self) -> None:
        quote = segment(HOST, B, 5000, 80, SYN)
        error = build.ip4(B, HOST, 1, build.icmp(3, 3, 0, quote))
        self.assertEqual(self.run_at_b([(0, quote), (1, error)]), ["ACCEPT sgr-web"] * 2)
        self.assertEqual(self.run_at_b([(0, error)]), ["REJECT sg-egress"])

    def test_unknown_ports_take_the_newest_connection_or_a_rule_but_for_ports(self) -> None:
        later = build.ip4(HOST, B, 6, bytes(50), ident=5, fragment=20)
        back = build.ip4(B, HOST, 6, bytes(50), ident=6, fragment=20)
        rules = [HTTP_IN, rule("ssh", "b/in", "tcp", 22, 22, "203.0.113.0/24")]
        self.assertEqual(self.run_at_b([(0, later)], rules), ["ACCEPT sgr-ssh"])
        self.assertEqual(self.run_at_b([(0, segment(HOST, B, 5000, 80, SYN)), (1, later), (2, back)], rules),
                         ["ACCEPT sgr-web"] * 3)
        self.assertEqual(self.run_at_b([(0, back)], rules), ["REJECT sg-egress"])

    def test_unknown_ports_ask_the_acl_with_the_ports_of_the_connection(self) -> None:
        high = entry(100, True, "allow", "6", PortRange={"From": 1024, "To": 65535})
        model = network([HTTP_IN], entries=[entry(100, False, "allow"), high])
        back = build.ip4(B, HOST, 6, bytes(50), ident=6, fragment=20)
        for client, expected in ((5000, "ACCEPT sgr-web"), (500, "REJECT nacl-egress")):
            self.assertEqual(at([(0, segment(HOST, B, client, 80, SYN)), (1, back)], model, "bbb")[1], expected)

    def test_the_middle_of_a_connection_is_picked_up_at_the_higher_port(self) -> None:
        out = [rule("1", "b/out", "tcp", 443, 443, "0.0.0.0/0")]
        reply = segment(HOST, B, 443, 5000, ACK)
        self.assertEqual(self.run_at_b([(0, reply)], out), ["ACCEPT sgr-1"])
        self.assertEqual(self.run_at_b([(0, segment(HOST, B, 443, 5000, SYN_ACK)), (1, reply)], out), ["REJECT sg-ingress"] * 2)
        self.assertEqual(self.run_at_b([(0, ping(HOST, B)), (3601, reply)], out), ["REJECT sg-ingress"] * 2)
        low = [rule("1", "b/out", "tcp", 443, 443, "0.0.0.0/0")]
        self.assertEqual(self.run_at_b([(0, segment(HOST, B, 443, 442, ACK))], low), ["REJECT sg-ingress"])

    def test_scans_of_closed_groups_are_rejected(self) -> None:
        for flags in (SYN, ACK, FIN, 0, FIN | 8 | 32):
            self.assertEqual(self.run_at_b([(0, segment(HOST, B, 5000, 22, flags))]), ["REJECT sg-ingress"])

    def test_when_both_ways_are_admitted_the_lower_port_is_the_server(self) -> None:
        rules = [rule("in", "b/in", "tcp", 0, 65535, "0.0.0.0/0"), rule("out", "b/out", "tcp", 0, 65535, "0.0.0.0/0")]
        self.assertEqual(self.run_at_b([(0, segment(B, HOST, 80, 5000, ACK))], rules), ["ACCEPT sgr-in"])
        self.assertEqual(self.run_at_b([(0, segment(B, HOST, 5000, 80, ACK))], rules), ["ACCEPT sgr-out"])

    def test_an_early_udp_reply_and_echo_reply_are_picked_up(self) -> None:
        rules = [rule("1", "b/out", "udp", 53, 53, "0.0.0.0/0"), rule("2", "b/out", "icmp", 8, -1, "0.0.0.0/0")]
        self.assertEqual(self.run_at_b([(0, datagram(HOST, B, 53, 5000)), (1, ping(HOST, B, 0))], rules),
                         ["ACCEPT sgr-1", "ACCEPT sgr-2"])
        self.assertEqual(self.run_at_b([(0, ping(HOST, B)), (181, datagram(HOST, B, 53, 5000))], rules)[1], "REJECT sg-ingress")


class Windows(unittest.TestCase):
    """W1 to W6."""

    def lines(self, packets: list[tuple[float, bytes]], interval: int = 60) -> list[list[str]]:
        found = [line.text.split(" ") for line in reading(packets).lines(interval, DEFAULT)]
        return sorted(found, key=lambda f: (f[10], f[8]))

    def test_a_packet_on_the_boundary_is_in_the_later_window(self) -> None:
        packet = segment(A, B, 1, 2, SYN)
        lines = self.lines([(19.999999, packet), (20, packet)])
        self.assertEqual([line[8] for line in lines], ["1", "1"])

    def test_start_and_end_are_seconds_of_the_first_and_last_packet(self) -> None:
        packet = segment(A, B, 1, 2, SYN)
        line = self.lines([(5.9, packet), (1.2, packet)])[0]
        self.assertEqual(line[8:12], ["2", "80", str(START + 1), str(START + 5)])

    def test_no_data_covers_the_second_in_which_the_source_ran(self) -> None:
        packet = segment(A, B, 1, 2, SYN)
        empty = [line for line in self.lines([(0.5, packet), (200.5, packet)]) if line[13] == "NODATA"]
        expected = [[str(START + n), str(START + n + 59)] for n in (20, 80, 140)]
        self.assertEqual([line[10:12] for line in empty], expected)

    def test_no_data_only_within_an_hour_of_a_packet(self) -> None:
        packet = segment(A, B, 1, 2, SYN)
        late = [(40_000 + n, packet) for n in range(17)]
        empty = [line for line in self.lines([(0.0, packet), *late], 600) if line[13] == "NODATA"]
        self.assertTrue(all(int(e[10]) - START <= 3600 or START + 40_000 - int(e[11]) <= 3601 for e in empty))
        self.assertTrue(empty)

    def test_one_packet_far_ahead_is_late_and_sixteen_move_time(self) -> None:
        packet = segment(A, B, 1, 2, SYN)
        result = reading([(0.0, packet), (7200.0, packet), (1.0, packet)])
        batches, late = result.batches(60)
        self.assertEqual((late, [b.late for b in batches]), (1, [False, True]))
        many = reading([(0.0, packet)] + [(7200.0 + n, packet) for n in range(20)])
        self.assertEqual(many.batches(60)[1], 15)

    def test_a_packet_of_a_closed_window_is_late(self) -> None:
        packet = segment(A, B, 1, 2, SYN)
        lines = self.lines([(0.0, packet), (79.999, packet), (1.0, packet), (80.0, packet), (2.0, packet)])
        self.assertEqual([line[8] for line in lines if line[13] == "OK"], ["2", "1", "1", "1"])

    def test_flows_differing_only_in_rule_are_one_record_unless_the_format_names_it(self) -> None:
        rules = [rule("1", "b/in", "tcp", 80, 80, "0.0.0.0/0"), rule("2", "b/out", "tcp", 5000, 5000, "0.0.0.0/0")]
        packets = [(0.0, segment(B, HOST, 80, 5000, SYN)), (1.0, segment(HOST, B, 5000, 80, RST)),
                   (2.0, segment(HOST, B, 5000, 80, SYN)), (3.0, segment(B, HOST, 80, 5000, SYN_ACK))]
        result = reading(packets, network(rules, interfaces=[interface("bbb", "b", B, ["sg-b"])]))
        self.assertEqual((len(result.lines(60, DEFAULT)), len(result.lines(60, WIDE))), (2, 4))

    def test_tcp_flags_are_an_or_with_ack_only_beside_syn(self) -> None:
        packets = [(0.0, segment(A, B, 1, 2, SYN_ACK)), (1.0, segment(A, B, 1, 2, ACK | FIN)), (2.0, segment(B, A, 2, 1, ACK))]
        flags = sorted(line.text.split(" ")[11] for line in reading(packets).lines(60, WIDE))
        self.assertEqual(flags, ["0", "19"])

    def test_a_secondary_address_is_shown_as_the_primary(self) -> None:
        held = [{"PrivateIpAddress": B, "Primary": True}, {"PrivateIpAddress": "10.0.2.21", "Primary": False}]
        model = network([HTTP_IN], interfaces=[interface("bbb", "b", B, ["sg-b"], PrivateIpAddresses=held)])
        line = reading([(0, segment(HOST, "10.0.2.21", 5000, 80, SYN))], model).lines(60, WIDE)[0].text.split(" ")
        self.assertEqual((line[2], line[13]), (B, "10.0.2.21"))

    def test_without_a_model_everything_is_accepted_at_one_interface(self) -> None:
        line = reading([(0, segment(A, A2, 1, 2, SYN))]).lines(60, WIDE)[0].text
        self.assertTrue(line.startswith(f"eni-00000000000000000 {A} {A2} 1 2 6 1 40 "))
        self.assertIn(" ACCEPT 2 ", line)


if __name__ == "__main__":
    unittest.main()
