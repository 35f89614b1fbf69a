"""Prints the client addresses that packets of TOA and UOA tell, a line each: "toa 172.16.1.1 40000".

client-options.py INTERFACE    until it is ended; its first line is "ready"
"""
import ipaddress
import socket
import struct
import sys

ETH_P_ALL = 3
TCP, UDP, OPTION = 6, 17, 248
TOA, UOA = 254, 31


def options(data):
    """Kind and value of each TCP or IPv4 option."""
    at = 0
    while at < len(data) and data[at] != 0:
        if data[at] == 1:
            at += 1
            continue
        if at + 1 >= len(data) or data[at + 1] < 2:
            return
        yield data[at], data[at + 2:at + data[at + 1]]
        at += data[at + 1]


def tell(name, wanted, data):
    for kind, value in options(data):
        if kind == wanted and len(value) in (6, 18):
            port, = struct.unpack("!H", value[:2])
            print(name, ipaddress.ip_address(value[2:]), port, flush=True)


def packet(data):
    if data[0] >> 4 == 4:
        length = (data[0] & 15) * 4
        protocol, payload = data[9], data[length:]
        tell("uoa", UOA, data[20:length])
    else:
        protocol, payload = data[6], data[40:]
    if protocol == TCP and len(payload) >= 20:
        tell("toa", TOA, payload[20:(payload[12] >> 4) * 4])
    if protocol == OPTION and len(payload) > 4 and payload[0] >> 4 in (1, 2) and payload[1] == UDP:
        length, = struct.unpack("!H", payload[2:4])
        tell("uoa", UOA, payload[4:length])


def main():
    link = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ETH_P_ALL))
    link.bind((sys.argv[1], ETH_P_ALL))
    print("ready", flush=True)
    while True:
        data, address = link.recvfrom(65536)
        if address[2] != socket.PACKET_OUTGOING and len(data) >= 20 and data[0] >> 4 in (4, 6):
            packet(data)


main()
