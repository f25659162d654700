"""How a server ends, whatever it is doing: with exit status 0, and within a second."""

import json
import signal
import subprocess
import time

from server import PATIENCE, SLOW, Connection, Server, request

HALF = b"POST / HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-amz-json-1.1\r\nContent-Length: 10\r\n\r\n{"


def expect_end(server, begun):
    status = server.process.wait(PATIENCE)
    if status != 0:
        raise AssertionError(f"it exits {status}")
    if time.monotonic() - begun > 1 + 2 * (SLOW - 1):
        raise AssertionError(f"it takes {time.monotonic() - begun:.1f} s")


def signals_that_never_stop(binary):
    """A request that never gets its body keeps the server from being done at once; signals come until it is."""
    with Server(binary, ["--log", "off"]) as server:
        server.start()
        half = Connection(server.address)
        half.send(HALF)
        begun = time.monotonic()
        while server.process.poll() is None and time.monotonic() < begun + PATIENCE:
            server.process.send_signal(signal.SIGTERM)
            server.process.send_signal(signal.SIGINT)
        expect_end(server, begun)
        half.close()


def unread_log(binary):
    """More than a pipe takes, and the reader comes only then."""
    calls = 3000
    command = [binary, "--port", "0", "--db", ":memory:", "--log", "json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        server = Server(binary)
        host, port = process.stdout.readline().decode().rsplit("//")[1].strip().split(":")
        server.address = (host, int(port))
        try:
            for _ in range(calls):
                if server.call("DescribeProjects", {}).status != 200:
                    raise AssertionError("it does not answer")
            metrics = server.control("GET", "/_local/metrics").body.decode()
            dropped = int(metrics.split("\nrekognition_local_log_lines_dropped_total ")[1].split("\n")[0])
        finally:
            process.terminate()
            lines = [json.loads(line) for line in process.stderr]
            server.connection.close()
    if process.returncode != 0:
        raise AssertionError(f"it exits {process.returncode}")
    written = sum(line.get("operation") == "DescribeProjects" for line in lines)
    if dropped == 0 or written + dropped != calls:
        raise AssertionError(f"{written} lines were read, {dropped} dropped, of {calls}")


def tests():
    return [("signals that come again and again while it stops do no harm", signals_that_never_stop),
            ("a log that nobody reads holds nobody up, and what is dropped is counted", unread_log)]
