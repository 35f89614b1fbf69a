"""Answers each UDP datagram with "NAME PEER-ADDRESS PEER-PORT " and the datagram's own bytes.

The answer leaves from the address that the question came to, so that it works for a virtual address on lo too.
Usage: udp-server.py NAME PORT
"""

import select
import socket
import sys

IP_PKTINFO = 8
IPV6_RECVPKTINFO = 49
IPV6_PKTINFO = 50


def open_socket(family, port):
    sock = socket.socket(family, socket.SOCK_DGRAM)
    if family == socket.AF_INET6:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        sock.setsockopt(socket.IPPROTO_IPV6, IPV6_RECVPKTINFO, 1)
        sock.bind(("::", port))
    else:
        sock.setsockopt(socket.IPPROTO_IP, IP_PKTINFO, 1)
        sock.bind(("0.0.0.0", port))
    return sock


def source_control(messages):
    """The control message that makes the answer leave from the address that was asked, by any interface."""
    for level, kind, data in messages:
        if level == socket.IPPROTO_IP and kind == IP_PKTINFO:
            return [(level, kind, bytes(4) + data[8:12] + bytes(4))]
        if level == socket.IPPROTO_IPV6 and kind == IPV6_PKTINFO:
            return [(level, kind, data[:16] + bytes(4))]
    return []


def answer(sock, name):
    payload, messages, _, peer = sock.recvmsg(65535, 256)
    reply = f"{name} {peer[0]} {peer[1]} ".encode() + payload
    try:
        sock.sendmsg([reply], source_control(messages), 0, peer)
    except OSError as error:
        print(f"no answer to {peer}: {error}", flush=True)


def main():
    name, port = sys.argv[1], int(sys.argv[2])
    sockets = [open_socket(socket.AF_INET, port), open_socket(socket.AF_INET6, port)]
    while True:
        for sock in select.select(sockets, [], [])[0]:
            answer(sock, name)


main()
