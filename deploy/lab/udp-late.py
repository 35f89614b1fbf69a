"""Answers one UDP datagram with "go", and then sends to its sender until that one's kernel says that nobody listens.

Prints "ready" when it listens and "refused" when the sender's port unreachable has come back to this very socket.
Exit 1 when it does not in 20 s.
Usage: udp-late.py ADDRESS PORT
"""

import socket
import sys
import time

INTERVAL_S = 0.1
TRIES = 200


def main():
    address, port = sys.argv[1], int(sys.argv[2])
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as sock:
        sock.bind((address, port))
        print("ready", flush=True)
        peer = sock.recvfrom(2048)[1]
        sock.connect(peer)
        try:
            sock.send(b"go")
            for _ in range(TRIES):
                time.sleep(INTERVAL_S)
                sock.send(b"late")
        except ConnectionRefusedError:
            print("refused", flush=True)
            return
    print("no error came", flush=True)
    sys.exit(1)


main()
