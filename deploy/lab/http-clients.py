"""Asks a web server over and over, a new connection each time, and writes down what became of every single request.

A line a request: start and end (seconds since 1970), "ok", "refused", "cut", "timeout" or "wrong", the server that
answered (or the error), and the client's own address, which nothing else may use meanwhile. SIGTERM ends it after the
requests that are under way.
Usage: http-clients.py [--rate REQUESTS-A-SECOND] [--threads N] ADDRESS PORT SOURCE-ADDRESS...
"""

import argparse
import re
import signal
import socket
import sys
import threading
import time

REQUEST = b"GET / HTTP/1.1\r\nHost: demo\r\nConnection: close\r\n\r\n"
FIRST_PORT = 10000
ANSWER = re.compile(rb"\AHTTP/1\.1 200 .*\r\n\r\n(rs\d)\n\Z", re.DOTALL)


def read_all(sock):
    answer = b""
    while True:
        part = sock.recv(4096)
        if not part:
            return answer
        answer += part


def ask(source, port, target):
    """(outcome, server or error) of one request."""
    family = socket.AF_INET6 if ":" in target[0] else socket.AF_INET
    connected = False
    try:
        with socket.socket(family, socket.SOCK_STREAM) as sock:
            sock.settimeout(3.0)
            sock.bind((source, port))
            sock.connect(target)
            connected = True
            sock.sendall(REQUEST)
            answer = read_all(sock)
    except TimeoutError:
        return "timeout", "answer" if connected else "connect"
    except OSError as error:
        return "cut" if connected else "refused", type(error).__name__
    match = ANSWER.match(answer)
    if match:
        return "ok", match.group(1).decode()
    return ("wrong", answer[:40].hex()) if answer else ("cut", "empty")


def run(options, number, stop, lines):
    source = options.sources[number % len(options.sources)]
    # Every request from a port that no request before came from. A director, like IPVS, keeps a connection for minutes
    # after its end: the same port again may belong to a server that is out by now.
    ports = iter(range(FIRST_PORT + number, 65536, options.threads))
    pause = options.threads / options.rate
    due = time.time() + pause * number / options.threads
    while not stop.wait(max(0.0, due - time.time())):
        start = time.time()
        outcome, detail = ask(source, next(ports), (options.address, options.port))
        lines.append(f"{start:.4f} {time.time():.4f} {outcome} {detail} {source}")
        due = max(due + pause, time.time())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rate", type=float, default=250.0)
    parser.add_argument("--threads", type=int, default=8)
    parser.add_argument("address")
    parser.add_argument("port", type=int)
    parser.add_argument("sources", nargs="+")
    options = parser.parse_args()
    stop, lines = threading.Event(), []
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    threads = [threading.Thread(target=run, args=(options, i, stop, lines)) for i in range(options.threads)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sys.stdout.write("".join(line + "\n" for line in sorted(lines)))


main()
