"""Clients that mean harm: what they take of memory is bounded, and others are answered as quickly as ever."""

import contextlib
import multiprocessing
import select
import socket
import time

from crowds import enough_files
from server import PATIENCE, SLOW, Connection, Server, request

LIMITS = {"http.idleTimeout": "1s", "http.bodyTimeout": "1s", "http.maxBodyBytes": 1 << 20, "http.maxBodiesBytes": 8 << 20}
OFTEN, WORST = 0.5 * SLOW, 3 * SLOW  # what somebody else may wait: 19 times of 20, and ever; on a busy machine
MIB = 1 << 20


def memory(server):
    with open(f"/proc/{server.process.pid}/status", encoding="ascii") as f:
        return next(int(line.split()[1]) for line in f if line.startswith("VmRSS:")) * 1024


def ask_for_health(address, over, told):
    connection, waits = Connection(address), []
    while not over.is_set():
        begun = time.monotonic()
        connection.send(request("GET", "/_local/health", []))
        assert connection.answer("GET").status == 200
        waits.append(time.monotonic() - begun)
        over.wait(0.002)
    told.put(sorted(waits))


@contextlib.contextmanager
def watched(server):
    """Somebody else, in a process of his own, asks all the time; how long he waited each time, in the end."""
    fork, waits = multiprocessing.get_context("fork"), []
    over, told = fork.Event(), fork.Queue()
    other = fork.Process(target=ask_for_health, args=(server.address, over, told), daemon=True)
    other.start()
    try:
        yield waits
    finally:
        over.set()
    waits.extend(told.get(timeout=PATIENCE))
    other.join()


@contextlib.contextmanager
def under_attack(binary, most, **limits):
    """A server with small limits, which is watched: what it takes more may not be more than `most` bytes."""
    options = [word for name, value in {**LIMITS, **limits}.items() for word in ("--set", f"{name}={value}")]
    with Server(binary, ["--log", "off", *options]) as server:
        server.start()
        server.control("GET", "/_local/state")
        before = memory(server)
        with watched(server) as waits:
            yield server
            more = memory(server) - before
        # Sanitizers keep what was freed, and have shadows of what there is.
        if SLOW == 1 and more > most:
            raise AssertionError(f"{more / MIB:.1f} MiB more, not {most / MIB:.1f}")
        often, worst = waits[int(0.95 * len(waits))], waits[-1]
        if often > OFTEN or worst > WORST:
            raise AssertionError(f"somebody else has waited for {often:.2f} s, and once for {worst:.2f} s")
        assert server.stop() == 0


class Crowd:
    """Connections that never wait: sockets by their number, and what came back on each."""

    def __init__(self, server, count):
        self.sockets, self.heard, self.sent = {}, {}, {}
        for i in range(count):
            one = socket.create_connection(server.address, PATIENCE)
            one.setblocking(False)
            self.sockets[i], self.heard[i], self.sent[i] = one, b"", 0

    def drop(self, i):
        self.sockets.pop(i).close()

    def listen(self, i):
        try:
            data = self.sockets[i].recv(65536)
        except BlockingIOError:
            return
        except ConnectionError:
            data = b""
        self.heard[i] += data
        if not data:
            self.drop(i)

    def say(self, i, data):
        """As much of it as there is room for; whether there was any."""
        if i not in self.sockets:
            return False
        try:
            self.sent[i] += self.sockets[i].send(data)
        except BlockingIOError:
            return False
        except ConnectionError:
            self.drop(i)
        return True

    def hear(self, seconds):
        numbers = {s.fileno(): i for i, s in self.sockets.items()}
        poll = select.poll()
        for number in numbers:
            poll.register(number, select.POLLIN)
        for number, _ in poll.poll(seconds * 1000):
            self.listen(numbers[number])

    def until_closed(self, words):
        """Says them again and again, until nobody listens any more; how long that took."""
        begun = time.monotonic()
        while self.sockets:
            assert time.monotonic() < begun + PATIENCE, f"{len(self.sockets)} are still there"
            for i in list(self.sockets):
                self.say(i, words)
            self.hear(0.05)
        return time.monotonic() - begun

    def close(self):
        for i in list(self.sockets):
            self.drop(i)


@contextlib.contextmanager
def crowd(server, count, first=b""):
    all_of_them = Crowd(server, count)
    try:
        for i in list(all_of_them.sockets):
            all_of_them.say(i, first)
        yield all_of_them
    finally:
        all_of_them.close()


def slow_heads(binary):
    with under_attack(binary, 24 * MIB) as server:
        with crowd(server, 300, b"POST / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ") as slow:
            took = slow.until_closed(b"x")
        assert took < 4 * SLOW, f"heads that come slowly are heard for {took:.1f} s"


def slow_bodies(binary):
    with under_attack(binary, 24 * MIB) as server:
        with crowd(server, 300, b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n") as slow:
            took = slow.until_closed(b"x")
        assert took < 4 * SLOW, f"bodies that come slowly are heard for {took:.1f} s"


def endless_heads(binary):
    with under_attack(binary, 8 * MIB) as server, crowd(server, 20, b"POST / HTTP/1.1\r\n") as endless:
        endless.until_closed(b"X-More: of the same, and so on and on\r\n" * 100)
        assert all(b" 431 " in heard for heard in endless.heard.values() if heard), endless.heard


def endless_bodies(binary):
    first = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-amz-json-1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk = b"8000\r\n" + b" " * 0x8000 + b"\r\n"
    with under_attack(binary, 16 * MIB) as server, crowd(server, 5, first) as endless:
        deadline = time.monotonic() + PATIENCE
        while endless.sockets:
            assert time.monotonic() < deadline, f"{max(endless.sent.values()) / MIB:.0f} MiB are taken"
            for i in list(endless.sockets):
                at = (endless.sent[i] - len(first)) % len(chunk)
                endless.say(i, chunk[at:] + chunk)
            endless.hear(0.01)


def bodies_at_once(binary):
    """More than all bodies together may be: the rest is told so, and what was there goes on."""
    head, body = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n", b" " * 1000000
    with under_attack(binary, 16 * MIB, **{"http.bodyTimeout": "30s"}) as server, crowd(server, 40, head) as large:
        deadline = time.monotonic() + PATIENCE
        while not all(large.heard.values()):
            assert time.monotonic() < deadline, "not all are answered"
            for i in list(large.sockets):
                large.say(i, body[large.sent[i] - len(head):][:32768])
            large.hear(0.01)
        status = [heard.split(b" ")[1] for heard in large.heard.values()]
        assert 5 <= status.count(b"404") < 40 and status.count(b"404") + status.count(b"500") == 40, status


def floods(binary):
    """Requests that follow each other, of somebody who reads no answers: he waits, nobody else does."""
    asked = request("GET", "/_local/health", []) * 200
    with under_attack(binary, 16 * MIB, **{"http.idleTimeout": "60s"}) as server, crowd(server, 10) as flood:
        silent = 0
        while silent < 20:
            silent = 0 if any([flood.say(i, asked) for i in list(flood.sockets)]) else silent + 1
            select.select([], [], [], 0.01)
        assert all(flood.sent[i] > len(asked) for i in flood.sent), flood.sent


def idlers(binary):
    count = 4000
    if not enough_files(count):
        return "too few files may be open"
    with under_attack(binary, count * 48 * 1024, **{"http.idleTimeout": "60s"}) as server:
        with crowd(server, count, request("GET", "/_local/health", [])) as idle:
            deadline = time.monotonic() + PATIENCE
            while not all(idle.heard.values()):
                assert time.monotonic() < deadline, "not all are answered"
                idle.hear(0.05)
            assert len(idle.sockets) == count
    return None


def more_than_there_may_be(binary):
    """Who is one too many is served when somebody goes."""
    with under_attack(binary, 8 * MIB, **{"http.maxConnections": 20}) as server, crowd(server, 18) as early:
        with crowd(server, 5, request("GET", "/_local/health", [])) as late:
            late.hear(0.2)
            answered = sum(b" 200 " in heard for heard in late.heard.values())
            assert answered < 5, "all of them are there"
            early.close()
            deadline = time.monotonic() + PATIENCE
            while answered < 5:
                assert time.monotonic() < deadline, f"{answered} are answered"
                late.hear(0.1)
                answered = sum(b" 200 " in heard for heard in late.heard.values())


def tests():
    return [
        ("heads that come slowly are cut off, and cost others nothing", slow_heads),
        ("bodies that come slowly are cut off, and cost others nothing", slow_bodies),
        ("a head without an end is refused", endless_heads),
        ("a body without an end is refused", endless_bodies),
        ("bodies that are too large together are refused, and cost others nothing", bodies_at_once),
        ("who asks and asks and never listens waits, and nobody else does", floods),
        ("thousands who are connected and silent cost little, and others nothing", idlers),
        ("connections beyond the limit wait until there is room", more_than_there_may_be),
    ]
