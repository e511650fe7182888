"""Compares the second reading's packets with tshark's, frame by frame.

    python3 against_tshark.py --seeds 0-16 [--packets 20000]

Compared: time, addresses, protocol, ports, IP length, TCP flags, ICMP type and code, of every frame that either takes for
IP. Explained differences, which are left out: tshark looks into tunnels, quotes and reassembled datagrams (only the
outermost IP header is taken here, and reassembly is off); the time of an NFLOG frame is that
inside it, not that of its reading; tshark does not show a header that is cut or malformed; frames
whose total length is 0; ports of later fragments, which it does not know.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from compare import seeds_of
from containers import read_container
from headers import Decoder, Packet
from make_capture import make
from records import text_of

FIELDS = ("frame.number frame.time_epoch ip.src ip.dst ip.proto ip.len ipv6.src ipv6.dst ipv6.nxt ipv6.plen tcp.srcport "
          "tcp.dstport tcp.flags udp.srcport udp.dstport sctp.srcport sctp.dstport icmp.type icmp.code icmpv6.type "
          "icmpv6.code nflog.timestamp frame.interface_id").split()
PREFERENCES = ["ip.defragment:FALSE", "ipv6.defragment:FALSE", "tcp.desegment_tcp_streams:FALSE",
               "ip.check_checksum:FALSE"]
DISABLED = ["gre", "esp", "ah", "pim", "vxlan", "geneve", "teredo", "cflow", "gtp", "l2tp", "mpls", "pppoes", "ospf",
            "igmp", "dns", "snmp", "nbns", "dtls", "quic"]


def tshark_rows(path: Path) -> dict[int, dict[str, str]]:
    """One row of fields for each frame; of several values the first, which is the outermost."""
    words = ["tshark", "-n", "-r", str(path), "-T", "fields", "-E", "separator=;", "-E", "occurrence=f"]
    words += [w for f in FIELDS for w in ("-e", f)] + [w for p in PREFERENCES for w in ("-o", p)]
    words += [w for d in DISABLED for w in ("--disable-protocol", d)]
    done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr)
    rows: dict[int, dict[str, str]] = {}
    for line in done.stdout.splitlines():
        row = dict(zip(FIELDS, line.split(";")))
        if row["frame.interface_id"] or ".pcapng" not in path.name:
            rows[len(rows) + 1] = row
    return rows


def differences(packet: Packet, row: dict[str, str]) -> list[str]:
    """Fields in which a packet and a row differ."""
    found = []

    def same(name: str, ours: object, theirs: str) -> None:
        if theirs and str(ours) != theirs:
            found.append(f"{name}: ours {ours}, tshark {theirs}")

    seconds, _, fraction = row["frame.time_epoch"].partition(".")
    micros = int(seconds) * 1_000_000 + int(fraction[:6].ljust(6, "0"))
    if not row["nflog.timestamp"]:
        same("time", packet.at, str(micros))
    inner = "" if packet.family == 4 else "v6"
    same("src", text_of(packet.family, packet.src), row[f"ip{inner}.src"])
    same("dst", text_of(packet.family, packet.dst), row[f"ip{inner}.dst"])
    if packet.family == 4:
        same("protocol", packet.protocol, row["ip.proto"])
        if row["ip.len"] not in ("", "0"):
            same("bytes", packet.bytes, row["ip.len"])
    elif row["ipv6.plen"] not in ("", "0"):
        same("bytes", packet.bytes - 40, row["ipv6.plen"])
    upper = packet.upper
    name = {6: "tcp", 17: "udp", 132: "sctp"}.get(packet.protocol)
    if name and upper.known:
        same("srcport", upper.sport, row[f"{name}.srcport"])
        same("dstport", upper.dport, row[f"{name}.dstport"])
    if name == "tcp" and row["tcp.flags"] and upper.known:
        same("flags", upper.flags & 0xFF, str(int(row["tcp.flags"], 16) & 0xFF))
    name = {(4, 1): "icmp", (6, 58): "icmpv6"}.get((packet.family, packet.protocol))
    if name and upper.known:
        same("icmp type", upper.icmp_type, row[f"{name}.type"])
        same("icmp code", upper.icmp_code, row[f"{name}.code"])
    return found


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", default="0-16")
    parser.add_argument("--packets", type=int, default=20_000)
    parser.add_argument("--show", type=int, default=5)
    options = parser.parse_args()
    failed = 0
    for seed in seeds_of(options.seeds):
        with tempfile.TemporaryDirectory() as scratch:
            manifest = make(seed, options.packets, Path(scratch), False)
            path = Path(scratch) / manifest["capture"]
            rows = tshark_rows(path)
            capture = read_container(path)
        decoder = Decoder()
        wrong: list[str] = []
        kinds: Counter[str] = Counter()
        if len(rows) != len(capture.frames):
            wrong.append(f"{len(capture.frames)} frames here, {len(rows)} in tshark")
        for frame in capture.frames:
            got = decoder.decode(frame)
            row = rows[frame.number]
            if isinstance(got, str):
                kinds[got] += 1
                if got not in ("malformed", "cut") and (row["ip.src"] or row["ipv6.src"]):
                    wrong.append(f"frame {frame.number}: {got} here, IP in tshark")
                continue
            kinds["packets"] += 1
            if not row["ip.src"] and not row["ipv6.src"]:
                if frame.link_type == 239 and len(frame.data) < frame.original:
                    kinds["cut NFLOG"] += 1
                    continue
                kinds["ip here, not in tshark"] += 1
                wrong.append(f"frame {frame.number}: IP here, not in tshark: {got}")
                continue
            wrong += [f"frame {frame.number}: {d}" for d in differences(got, row)]
        failed += bool(wrong)
        print(f"seed {seed} {manifest['kind']}: {len(wrong)} differences; {dict(kinds)}")
        for text in wrong[: options.show]:
            print("  " + text)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
