"""Sends UDP flows out of one device as fast as told, frames made beforehand.

Arguments: device, source MAC, destination MAC, destination address, flows, packets of each flow, packets a second (0: no limit),
first flow, flows at a time. A flow's source is 10.77.1.10 to .249 with a port of its own; packets of the flows of a time come one
round after the other. Prints packets sent, seconds, and CPU seconds of user and system; of the latter those of forwarding are a part, for a veth hands
packets on in the sender's time.
"""
import ipaddress
import resource
import socket
import struct
import sys
import time

device, source_mac, target_mac, target = sys.argv[1:5]
flows, packets, rate, first, together = map(int, sys.argv[5:10])
mac = lambda text: bytes.fromhex(text.replace(":", ""))


def frame(flow):
    source = ipaddress.ip_address(f"10.77.1.{10 + flow // 50_000 % 240}").packed
    head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 46, 0, 0x4000, 64, 17, 0, source, ipaddress.ip_address(target).packed)
    total = sum(struct.unpack("!10H", head))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    head = head[:10] + struct.pack("!H", ~total & 0xFFFF) + head[12:]
    # A checksum of 0: none was made.
    return mac(target_mac) + mac(source_mac) + b"\x08\x00" + head + struct.pack("!HHHH", 10_000 + flow % 50_000, 5001, 26, 0) + b"x" * 18


frames = [frame(first + flow) for flow in range(flows)]
out = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
out.bind((device, 0))
before = resource.getrusage(resource.RUSAGE_SELF)
began = time.monotonic()
sent = 0
burst = max(1, rate // 500) if rate else together
for start in range(0, flows, together):
    group = frames[start : start + together]
    for _ in range(packets):
        for at in range(0, len(group), burst):
            if rate:
                wait = began + sent / rate - time.monotonic()
                if wait > 0:
                    time.sleep(wait)
            part = group[at : at + burst]
            for one in part:
                out.send(one)
            sent += len(part)
took = time.monotonic() - began
after = resource.getrusage(resource.RUSAGE_SELF)
print(sent, took, after.ru_utime - before.ru_utime, after.ru_stime - before.ru_stime)
