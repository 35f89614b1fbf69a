"""Exchanges large UDP datagrams, several at once, and compares every answer byte for byte.

Sends COUNT datagrams from sockets of their own, all before it reads the first answer ("NAME PEER PORT " and the
datagram's own bytes, as udp-server.py gives). What is not answered in time is sent again; what is answered wrongly
ends it at once. The order of a datagram's fragments:
  kernel    as the kernel sends them
  shuffled  made here and sent in an order that is drawn from the seed
  reversed  the last one first
  lost      one of them, drawn from the seed, is left out: the datagram must never be answered, and one that is sent
            whole by the same socket afterwards must
Prints "ok SERVER PEER PORT TRIES" for each exchange. Exit 1 when an answer is missing, 2 when one is wrong.
Usage: datagrams.py [--bytes N] [--count N] [--tries N] [--order ORDER] [--seed N] [--from ADDRESS] SERVER PORT
"""

import argparse
import errno
import random
import re
import select
import socket
import struct
import sys
import time

WAIT_S = 3.0
QUIET_S = 0.3
PIECE_BYTES = 1400
ANSWER = re.compile(rb"\A(rs\d) (\S+) (\d+) ")


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def udp(addresses, source_port, destination_port, payload):
    length = 8 + len(payload)
    header = struct.pack("!4H", source_port, destination_port, length, 0)
    pseudo = addresses + struct.pack("!IHBB", length, 0, 0, socket.IPPROTO_UDP)
    return header[:6] + struct.pack("!H", checksum(pseudo + header + payload) or 0xFFFF) + payload


def fragments(source, source_port, server, port, payload, identification):
    """The IP packets of a datagram, cut at PIECE_BYTES, in order."""
    family = socket.AF_INET6 if ":" in server else socket.AF_INET
    addresses = socket.inet_pton(family, source) + socket.inet_pton(family, server)
    data = udp(addresses, source_port, port, payload)
    packets = []
    for offset in range(0, len(data), PIECE_BYTES):
        part = data[offset : offset + PIECE_BYTES]
        more = offset + PIECE_BYTES < len(data)
        if family == socket.AF_INET6:
            header = struct.pack("!IHBB", 6 << 28, 8 + len(part), socket.IPPROTO_FRAGMENT, 64) + addresses
            header += struct.pack("!BBHI", socket.IPPROTO_UDP, 0, offset | more, identification)
        else:
            word = offset // 8 | (0x2000 if more else 0)
            header = struct.pack(
                "!BBHHHBBH", 0x45, 0, 20 + len(part), identification & 0xFFFF, word, 64, socket.IPPROTO_UDP, 0
            )
            header += addresses
        packets.append(header + part)
    return packets


class Exchange:
    """One socket, its datagram and what came back."""

    def __init__(self, options, number):
        self.options = options
        self.random = random.Random(options.seed * 1000 + number)
        self.payload = self.random.randbytes(options.bytes)
        self.family = socket.AF_INET6 if ":" in options.server else socket.AF_INET
        self.sock = socket.socket(self.family, socket.SOCK_DGRAM)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self.sock.bind((options.source or ("::" if self.family == socket.AF_INET6 else ""), 0))
        self.sock.connect((options.server, options.port))
        self.sock.setblocking(False)
        self.tries = 0
        self.answer = None

    def send(self):
        self.tries += 1
        if self.options.order == "kernel":
            self.sock.send(self.payload)
        else:
            self.send_pieces()

    def send_pieces(self):
        """By a raw socket; the answer comes to the UDP socket that has the port."""
        source, port = self.sock.getsockname()[:2]
        packets = fragments(
            source, port, self.options.server, self.options.port, self.payload, self.random.getrandbits(31)
        )
        if self.options.order == "reversed":
            packets.reverse()
        else:
            self.random.shuffle(packets)
        if self.options.order == "lost":
            packets.pop()
        with socket.socket(self.family, socket.SOCK_RAW, socket.IPPROTO_RAW) as raw:
            for packet in packets:
                raw.sendto(packet, (self.options.server, 0))
        if self.options.order == "lost":
            self.payload = self.random.randbytes(100)
            self.sock.send(self.payload)

    def read(self):
        """Takes an answer; false when it is wrong."""
        try:
            answer = self.sock.recv(65535)
        except BlockingIOError:
            return True
        except OSError as error:
            if error.errno == errno.EMSGSIZE and self.tries < self.options.tries:
                self.send()  # the way's MTU has been learnt, and the datagram lost with it
                return True
            print(f"refused: {error}", flush=True)
            return False
        match = ANSWER.match(answer)
        if not match or answer[match.end() :] != self.payload:
            print(f"wrong answer of {len(answer)} bytes: {answer[:40]!r}", flush=True)
            return False
        self.answer = b" ".join(match.groups()).decode()
        return True


def collect(exchanges, seconds):
    """Reads until all have answers or the time is over; false for a wrong answer."""
    end = time.monotonic() + seconds
    while any(each.answer is None for each in exchanges) and time.monotonic() < end:
        ready = select.select([each.sock for each in exchanges], [], [], end - time.monotonic())[0]
        for each in exchanges:
            if each.sock in ready and not each.read():
                return False
    return True


def stays_quiet(exchanges):
    """Whether nothing but the right answers comes late."""
    time.sleep(QUIET_S)
    return all(each.read() for each in exchanges)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bytes", type=int, default=8192)
    parser.add_argument("--count", type=int, default=8)
    parser.add_argument("--tries", type=int, default=5)
    parser.add_argument("--order", choices=["kernel", "shuffled", "reversed", "lost"], default="kernel")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--from", dest="source", default="")
    parser.add_argument("server")
    parser.add_argument("port", type=int)
    options = parser.parse_args()
    exchanges = [Exchange(options, number) for number in range(options.count)]
    for _ in range(options.tries):
        for each in exchanges:
            if each.answer is None:
                each.send()
        if not collect(exchanges, WAIT_S):
            sys.exit(2)
    if options.order == "lost" and not stays_quiet(exchanges):
        sys.exit(2)
    for each in exchanges:
        print(f"ok {each.answer} {each.tries}" if each.answer else "no answer", flush=True)
    sys.exit(0 if all(each.answer for each in exchanges) else 1)


main()
