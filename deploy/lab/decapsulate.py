"""Takes the outer header off 4in4, 6in4, 4in6 and 6in6 packets and hands the inner packet to the kernel by a tun device.

For real servers whose kernel has no ipip, sit and ip6tnl. Counts what it unpacked, with the last outer source address,
in a JSON file: {"4in4": {"packets": 12, "bytes": 3456, "from": "10.0.1.1"}, ...}.
Usage: decapsulate.py TUN-NAME STATISTICS-FILE
"""

import fcntl
import json
import os
import select
import socket
import struct
import subprocess
import sys
import time

TUNSETIFF = 0x400454CA
IFF_TUN = 0x0001
IFF_NO_PI = 0x1000
PROTOCOL_IPV4 = 4
PROTOCOL_IPV6 = 41
WRITE_INTERVAL_S = 0.1


def open_tun(name):
    """A tun device that is up, and takes packets from any source."""
    tun = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(tun, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TUN | IFF_NO_PI))
    with open(f"/proc/sys/net/ipv4/conf/{name}/rp_filter", "w") as setting:
        setting.write("0")
    subprocess.run(["ip", "link", "set", name, "up", "mtu", "1500"], check=True)
    return tun


def open_raw(family, protocol):
    sock = socket.socket(family, socket.SOCK_RAW, protocol)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
    return sock


def inner_packet(family, protocol, packet):
    """The inner packet, or None when it is not what the outer header says."""
    if family == socket.AF_INET:  # raw IPv4 sockets give the header too, raw IPv6 sockets do not
        packet = packet[(packet[0] & 15) * 4 :]
    version = 4 if protocol == PROTOCOL_IPV4 else 6
    return packet if len(packet) >= 20 and packet[0] >> 4 == version else None


def write_statistics(path, counters):
    with open(path + ".new", "w") as file:
        json.dump(counters, file)
    os.replace(path + ".new", path)


def unpack(sock, tun, counters):
    """Hands on the next packet of a socket; false when there was none."""
    try:
        packet, source = sock.recvfrom(65535, socket.MSG_DONTWAIT)
    except BlockingIOError:
        return False
    inner = inner_packet(sock.family, sock.proto, packet)
    if inner is None:
        return True
    kind = "{}in{}".format(
        "4" if sock.proto == PROTOCOL_IPV4 else "6", "4" if sock.family == socket.AF_INET else "6"
    )
    count = counters.setdefault(kind, {"packets": 0, "bytes": 0, "from": ""})
    count["packets"] += 1
    count["bytes"] += len(inner)
    count["from"] = source[0]
    try:
        os.write(tun, inner)
    except OSError as error:
        print(f"inner packet refused: {error}", flush=True)
    return True


def main():
    name, statistics = sys.argv[1], sys.argv[2]
    tun = open_tun(name)
    sockets = [
        open_raw(family, protocol)
        for family in (socket.AF_INET, socket.AF_INET6)
        for protocol in (PROTOCOL_IPV4, PROTOCOL_IPV6)
    ]
    counters = {}
    write_statistics(statistics, counters)
    changed, written = False, 0.0
    while True:
        ready = select.select(sockets, [], [], WRITE_INTERVAL_S if changed else None)[0]
        for sock in ready:
            for _ in range(64):
                if not unpack(sock, tun, counters):
                    break
                changed = True
        if changed and time.monotonic() - written >= WRITE_INTERVAL_S:
            write_statistics(statistics, counters)
            changed, written = False, time.monotonic()


main()
