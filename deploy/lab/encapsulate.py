"""Sends one UDP datagram inside IPv4 or IPv6, inside IPv4 or IPv6: what a TUN director sends, to try a real server alone.

Usage: encapsulate.py OUTER-DESTINATION SOURCE SOURCE-PORT DESTINATION DESTINATION-PORT TEXT
"""

import socket
import struct
import sys


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def packet(source, source_port, destination, destination_port, payload):
    """An IP packet with a UDP datagram in it."""
    family = socket.AF_INET6 if ":" in source else socket.AF_INET
    addresses = socket.inet_pton(family, source) + socket.inet_pton(family, destination)
    length = 8 + len(payload)
    udp = struct.pack("!4H", source_port, destination_port, length, 0) + payload
    pseudo = addresses + struct.pack("!IHBB", length, 0, 0, socket.IPPROTO_UDP)
    udp = udp[:6] + struct.pack("!H", checksum(pseudo + udp) or 0xFFFF) + udp[8:]
    if family == socket.AF_INET6:
        return struct.pack("!IHBB", 6 << 28, length, socket.IPPROTO_UDP, 64) + addresses + udp
    header = struct.pack("!BBHHHBBH", 0x45, 0, 20 + length, 1, 0, 64, socket.IPPROTO_UDP, 0) + addresses
    return header[:10] + struct.pack("!H", checksum(header)) + header[12:] + udp


def main():
    outer, source, source_port, destination, destination_port, text = sys.argv[1:]
    inner = packet(source, int(source_port), destination, int(destination_port), text.encode())
    family = socket.AF_INET6 if ":" in outer else socket.AF_INET
    with socket.socket(family, socket.SOCK_RAW, 4 if inner[0] >> 4 == 4 else 41) as sock:
        sock.sendto(inner, (outer, 0))


main()
