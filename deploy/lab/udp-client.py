"""Sends UDP datagrams from new sockets, one after the other, and prints each answer on a line.

Usage: udp-client.py [--from ADDRESS] [--port SOURCE-PORT] [--count N] [--timeout SECONDS] [--silent] SERVER PORT TEXT
--silent sends nothing and only waits for one datagram. Exit 1 when an answer is missing.
"""

import argparse
import socket
import sys


def exchange(options):
    family = socket.AF_INET6 if ":" in options.server else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as sock:
        sock.bind((options.source or ("::" if family == socket.AF_INET6 else ""), options.source_port))
        sock.settimeout(options.timeout)
        if not options.silent:
            sock.connect((options.server, options.port))  # so that only the server's own answer counts
            sock.send(options.text.encode())
        try:
            reply, peer = sock.recvfrom(65535)
        except (TimeoutError, ConnectionError) as error:
            print(f"no answer: {error or type(error).__name__}", flush=True)
            return False
        if peer[:2] != (options.server, options.port):
            print(f"answer from {peer[0]}:{peer[1]}", flush=True)
            return False
        print(reply.decode(errors="replace"), flush=True)
        return True


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--from", dest="source", default="")
    parser.add_argument("--port", dest="source_port", type=int, default=0)
    parser.add_argument("--count", type=int, default=1)
    parser.add_argument("--timeout", type=float, default=3.0)
    parser.add_argument("--silent", action="store_true")
    parser.add_argument("server")
    parser.add_argument("port", type=int)
    parser.add_argument("text", nargs="?", default="")
    options = parser.parse_args()
    answered = [exchange(options) for _ in range(options.count)]
    sys.exit(0 if all(answered) else 1)


main()
