"""How a server ends, whatever it is doing: with exit status 0, and soon."""

import glob
import json
import random
import signal
import subprocess
import threading
import time

from server import PATIENCE, SLOW, Closed, Connection, Server, free_port, request

HALF = b"POST / HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-amz-json-1.1\r\nContent-Length: 10\r\n\r\n{"


def expect_end(server, begun):
    status = server.process.wait(PATIENCE)
    if status != 0:
        raise AssertionError(f"it exits {status}")
    if time.monotonic() - begun > 2 * SLOW:  # it promises one second of a machine of its own
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


API = [("Content-Type", "application/x-amz-json-1.1")]
ROUNDS = 12


def made(server):
    """A world that takes a while to be read, copied and emptied; with a model in training."""
    projects = [{"name": f"p{i}", "tags": {f"t{n}": "x" * 200 for n in range(20)}} for i in range(300)]
    world = {"accounts": {f"{n:012}": {"us-east-1": {"projects": projects}} for n in range(1, 4)}}
    assert server.control("POST", "/_local/load", world).status == 200
    project = server.call("CreateProject", {"ProjectName": "held"}).json()["ProjectArn"]
    server.call("CreateProjectVersion", {"ProjectArn": project, "VersionName": "v", "OutputConfig": {"S3Bucket": "out"}})
    server.call("CreateCollection", {"CollectionId": "c"})
    assert server.control("PUT", "/_local/snapshots/before").status == 200
    return project, server.control("GET", "/_local/snapshots/before").body, json.dumps(world).encode()


def call_bytes(operation, members):
    return request("POST", "/", [*API, ("X-Amz-Target", "RekognitionService." + operation)], json.dumps(members).encode())


def picture(name):
    return {"S3Object": {"Bucket": "b", "Name": name}}


def send(address, bytes_sent):
    """Asks, and takes whatever comes: an answer, or the end of the connection."""
    connection = Connection(address)
    try:
        connection.send(bytes_sent)
        connection.answer()
    except (Closed, OSError):
        pass
    finally:
        connection.close()


def stopped_at_work(binary, seed):
    chance = random.Random(seed)
    for _ in range(ROUNDS):
        with Server(binary, ["--clock", "frozen", "--profile", "aws", "--log", "off", "--set", "describe.hold=20s",
                             "--set", "job.video=0s", "--sns", f"http://127.0.0.1:{free_port()}"]) as server:
            server.start()
            project, snapshot, world = made(server)
            work = [request("PUT", "/_local/snapshots/uploaded", [], snapshot),
                    request("PUT", "/_local/snapshots/taken", []),
                    request("POST", "/_local/snapshots/before/restore", []),
                    request("POST", "/_local/reset?account=000000000002", []),
                    request("POST", "/_local/load", [("Content-Type", "application/json")], world),
                    request("GET", "/_local/state", []),
                    request("GET", "/_local/metrics", []),
                    request("POST", "/_local/clock/advance", [("Content-Type", "application/json")], b'{"until":"next"}'),
                    call_bytes("IndexFaces", {"CollectionId": "c", "Image": picture("i")}),
                    call_bytes("StartLabelDetection", {"Video": picture("v"), "NotificationChannel": {
                        "SNSTopicArn": "arn:aws:sns:us-east-1:123456789012:t", "RoleArn": "arn:aws:iam::123456789012:role/r"}}),
                    call_bytes("SearchFacesByImage", {"CollectionId": "c", "Image": picture("i")})]
            held = call_bytes("DescribeProjectVersions", {"ProjectArn": project})
            asked = [held] * 3 + chance.sample(work, 5)
            chance.shuffle(asked)
            threads = [threading.Thread(target=send, args=(server.address, data)) for data in asked]
            for thread in threads:
                thread.start()
            threads[0].join(chance.random() * 0.06)  # somewhere in the midst of it
            begun = time.monotonic()
            server.process.send_signal(signal.SIGTERM)
            expect_end(server, begun)
            for thread in threads:
                thread.join()
            if left := glob.glob(server.database + ".snapshots/.unfinished-*"):
                raise AssertionError(f"{left} was left behind")
            server.process.stdout.close()
            server.process = None


def tests():
    return [(f"told to stop in the midst of anything it ends well, seed {seed}",
             lambda binary, s=seed: stopped_at_work(binary, s)) for seed in (1,)] + \
           [("signals that come again and again while it stops do no harm", signals_that_never_stop),
            ("a log that nobody reads holds nobody up, and what is dropped is counted", unread_log)]
