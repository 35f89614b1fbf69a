"""A switch's trunk port in user space, for kernels without 802.1Q: frames of each VLAN on one side, tagged on the other.

Usage: trunk.py TRUNK VLAN=INTERFACE...
"""

import select
import socket
import struct
import sys

ETH_P_ALL = 0x0003
SOL_PACKET = 263
PACKET_AUXDATA = 8
PACKET_IGNORE_OUTGOING = 23
TP_STATUS_VLAN_VALID = 1 << 4
TYPE_VLAN = b"\x81\x00"
TAG_AT = 12


def open_interface(name):
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    sock.setsockopt(SOL_PACKET, PACKET_IGNORE_OUTGOING, 1)
    sock.setsockopt(SOL_PACKET, PACKET_AUXDATA, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
    sock.bind((name, 0))
    sock.setblocking(False)
    return sock


def stripped_vlan(messages):
    """The VLAN id that the kernel has taken out of a frame into its own notes, or None."""
    for level, kind, data in messages:
        if level == SOL_PACKET and kind == PACKET_AUXDATA:
            status, *_, tci, _ = struct.unpack("=IIIHHHH", data[:20])
            if status & TP_STATUS_VLAN_VALID:
                return tci & 0xFFF
    return None


def from_trunk(sock, sides):
    frame, messages, _, _ = sock.recvmsg(65535, 256)
    vlan = stripped_vlan(messages)
    if vlan is None and frame[TAG_AT : TAG_AT + 2] == TYPE_VLAN:
        vlan = struct.unpack("!H", frame[TAG_AT + 2 : TAG_AT + 4])[0] & 0xFFF
        frame = frame[:TAG_AT] + frame[TAG_AT + 4 :]
    if vlan in sides:
        sides[vlan].send(frame)


def to_trunk(sock, vlan, trunk):
    frame = sock.recv(65535)
    trunk.send(frame[:TAG_AT] + TYPE_VLAN + struct.pack("!H", vlan) + frame[TAG_AT:])


def main():
    trunk = open_interface(sys.argv[1])
    sides = {}
    for word in sys.argv[2:]:
        vlan, name = word.split("=")
        sides[int(vlan)] = open_interface(name)
    vlans = {sock: vlan for vlan, sock in sides.items()}
    print("ready", flush=True)
    while True:
        for sock in select.select([trunk, *vlans], [], [])[0]:
            try:
                if sock is trunk:
                    from_trunk(trunk, sides)
                else:
                    to_trunk(sock, vlans[sock], trunk)
            except (BlockingIOError, OSError):
                continue  # nothing there after all, or no room: the frame is lost, as on any wire


main()
