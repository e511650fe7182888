"""Sends packets with their headers made here: exactly these, with no answer waited for and nothing sent again.

Argument: a JSON list of [source, destination, protocol, source port, destination port, TCP flags, payload bytes, count].
ICMP: an echo request, whose identifier is the source port. What the kernel refuses to send (EPERM) is passed over.
"""
import ipaddress
import json
import socket
import struct
import sys


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def packet(src, dst, protocol, sport, dport, flags, size):
    source, destination = ipaddress.ip_address(src), ipaddress.ip_address(dst)
    payload = b"x" * size
    length = {17: 8, 6: 20, 1: 8, 58: 8}[protocol] + size
    if source.version == 4:
        pseudo = source.packed + destination.packed + struct.pack("!BBH", 0, protocol, length)
    else:
        pseudo = source.packed + destination.packed + struct.pack("!IHBB", length, 0, 0, protocol)
    if protocol == 17:
        make = lambda check: struct.pack("!HHHH", sport, dport, length, check) + payload
    elif protocol == 6:
        make = lambda check: struct.pack("!HHIIBBHHH", sport, dport, 1, 0, 0x50, flags, 1024, check, 0) + payload
    else:
        make = lambda check: struct.pack("!BBHHH", 8 if protocol == 1 else 128, 0, check, sport, 1) + payload
        pseudo = b"" if protocol == 1 else pseudo
    upper = make(checksum(pseudo + make(0)))
    if source.version == 4:
        head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + length, 0, 0x4000, 64, protocol, 0) + source.packed + destination.packed
        return head + upper
    return struct.pack("!IHBB", 0x60000000, length, protocol, 64) + source.packed + destination.packed + upper


out = {
    4: socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW),
    6: socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_RAW),
}
for src, dst, protocol, sport, dport, flags, size, count in json.loads(sys.argv[1]):
    family = ipaddress.ip_address(dst).version
    data = packet(src, dst, protocol, sport, dport, flags, size)
    for _ in range(count):
        try:
            out[family].sendto(data, (dst, 0))
        except PermissionError:
            pass
