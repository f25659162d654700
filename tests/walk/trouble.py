"""A disk that is full, a database that is removed or cut off while the server has it: nobody is told that all is well."""

import contextlib
import json
import os
import time

from server import SLOW, Connection, Server, request

WRITES = [("PATCH", "/_local/settings", {"version.train": "7s"}), ("PUT", "/_local/clock", {"scale": 2}),
          ("POST", "/_local/clock/advance", {"by": "1h"}), ("POST", "/_local/clock/advance", {"until": "settled"}),
          ("POST", "/_local/outcomes", {"resource": "*", "event": "train", "to": "fail"}),
          ("POST", "/_local/faults", {"operation": "*", "error": {"code": "ThrottlingException"}}),
          ("POST", "/_local/detections", {"version": "*", "labels": []}),
          ("POST", "/_local/load", {"accounts": {"000000000001": {"us-east-1": {"projects": [{"name": "x"}]}}}})]
CREATE = [("Content-Type", "application/x-amz-json-1.1"), ("X-Amz-Target", "RekognitionService.CreateProject")]
READS = ["/state", "/usage", "/history", "/settings", "/clock", "/metrics", "/faults", "/outcomes", "/detections", "/requests"]


def check(found, wanted, what):
    if found != wanted:
        raise AssertionError(f"{what}: {found!r}, not {wanted!r}")


def failed(answer, what):
    check((answer.status, answer.status == 500 and answer.json()["error"]["code"]), (500, "StoreFailed"), what)
    return answer.json()["error"]["message"]


def check_health(server, words):
    answer = server.control("GET", "/_local/health")
    check(answer.status, 503, f"health: {answer.body!r}")
    told = answer.json()
    check((told["status"], told["ready"]), ("failed", False), "health")
    if words not in told["store"]:
        raise AssertionError(f"health says {told['store']!r}")


def check_everything_fails(server, words):
    check(server.call("CreateProject", {"ProjectName": "p"}).status, 500, "CreateProject")
    check_health(server, words)
    for method, path, body in WRITES:
        failed(server.control(method, path, body), f"{method} {path}")
    for path in READS:
        failed(server.control("GET", "/_local" + path), path)
    failed(server.control("POST", "/_local/reset"), "reset")
    check_health(server, words)
    if len(server.log_text().splitlines()) > 300:
        raise AssertionError(f"{len(server.log_text().splitlines())} lines of log")
    check(server.stop(), 0, "exit status")


@contextlib.contextmanager
def with_a_world(binary):
    """Long enough for the log to be copied into the file."""
    with Server(binary, ["--clock", "frozen"]) as server:
        server.start()
        for i in range(20):
            server.call("CreateProject", {"ProjectName": f"p{i}"})
        server.stop()
        server.start()
        server.call("CreateProject", {"ProjectName": "q"})
        yield server


def removed(binary):
    with with_a_world(binary) as server:
        os.unlink(server.database)
        check_everything_fails(server, "removed")


def replaced(binary):
    with with_a_world(binary) as server:
        os.rename(server.database, server.database + ".old")
        with open(server.database, "w", encoding="utf-8") as f:
            f.write("another")
        check_everything_fails(server, "replaced")


def cut_off(binary):
    for length in (0, 8192):
        with with_a_world(binary) as server:
            os.truncate(server.database, length)
            check_everything_fails(server, "cut off")


def log_removed(binary):
    with with_a_world(binary) as server:
        os.unlink(server.database + "-wal")
        check_everything_fails(server, "log")


def fill(server):
    """Until nothing can be written, not even with what the log gives back; something is still to happen then."""
    project = server.call("CreateProject", {"ProjectName": "going"}).json()["ProjectArn"]
    check(server.call("DeleteProject", {"ProjectArn": project}).status, 200, "DeleteProject")
    for i in range(3000):
        answers = {server.call("CreateProject", {"ProjectName": f"p{i}-{j}"}, account=f"{i:012}").status for j in range(3)}
        if answers == {500} and {server.control("PATCH", "/_local/settings", {"limit.projects": 1000 + i * 5 + j}).status
                                 for j in range(5)} == {500}:
            return i
    raise AssertionError("the disk was never full")


def full(binary):
    """The log cannot grow, but the database can: what is in the log is copied there, and it is begun anew."""
    with Server(binary, ["--clock", "frozen"]) as server:
        server.start()
        server.call("CreateProject", {"ProjectName": "p"})
        server.stop()
        server.start(file_limit=os.path.getsize(server.database) + 300000)
        i = 0
        while server.call("CreateProject", {"ProjectName": f"p{i}"}, account=f"{i:012}").status == 200:
            i += 1
        check(server.call("CreateProject", {"ProjectName": "again"}, account="777777777777").status, 200, "with room again")
        check(server.control("GET", "/_local/health").json()["status"], "ok", "health with room again")
        while server.call("CreateProject", {"ProjectName": f"p{i}"}, account=f"{i:012}").status == 200:
            i += 1
        answer = server.control("POST", "/_local/reset")
        check(answer.status, 200, f"reset: {answer.body!r}")
        check(server.call("DescribeProjects", {}).json()["ProjectDescriptions"], [], "what was there")
        check(server.stop(), 0, "exit status")


def no_room_at_all(binary):
    """Not even what the log has can be copied to its places: a reset says why it cannot be."""
    with Server(binary, ["--clock", "frozen"]) as server:
        server.start()
        server.stop()
        server.start(file_limit=120000)
        fill(server)
        told = failed(server.control("POST", "/_local/reset"), "reset")
        if "snapshots" not in told:
            raise AssertionError(told)
        for method, path, body in WRITES:
            begun = time.monotonic()
            failed(server.control(method, path, body), f"{method} {path}")
            check(time.monotonic() - begun < 5 * SLOW, True, f"{path} answers in time")
        check(server.control("GET", "/_local/state").status, 200, "state")
        check(server.control("GET", "/_local/settings").json()["version.train"], "5s", "a setting that was not kept")
        check(server.control("GET", "/_local/clock").json()["scale"], 1, "a scale that was not kept")
        check_health(server, "(File too large)")
        lines = len(server.log_text().splitlines())
        if lines > 500:
            raise AssertionError(f"{lines} lines of log")


def lost_together(binary):
    """Calls that come at once share a commit where a power cut is to be survived: when it fails, all of them have failed."""
    with Server(binary, ["--clock", "frozen", "--durability", "power", "--set", "limit.projects=100000"]) as server:
        server.start()
        server.stop()
        server.start(file_limit=os.path.getsize(server.database) + 200000)
        clients, told, rounds = [Connection(server.address) for _ in range(24)], {}, 0
        while rounds < 400 and sum(status == 500 for status in told.values()) < 60:
            rounds += 1
            names = [f"p{rounds}-{i}" for i in range(len(clients))]
            for client, name in zip(clients, names):
                client.send(request("POST", "/", CREATE, json.dumps({"ProjectName": name}).encode()))
            for client, name in zip(clients, names):
                answer = client.answer("POST")
                told[name] = answer.status
                check(answer.status == 200 or answer.json()["Message"], True if answer.status == 200 else "Internal server error", name)
        for client in clients:
            client.close()
        check(set(told.values()), {200, 500}, "answers")
        for kept in (True, False):
            if not kept:
                server.stop()
                server.start()
            state = server.control("GET", "/_local/state").json()["accounts"]["123456789012"]["us-east-1"]["projects"]
            check({p["name"] for p in state} ^ {n for n, status in told.items() if status == 200}, set(), "what is there")
            journal = server.control("GET", "/_local/requests/count?operation=CreateProject&status=500").json()["count"]
            check(journal, list(told.values()).count(500) if kept else 0, "what the journal says")


def tests():
    return [
        ("a database that is removed while the server has it is noticed by every door", removed),
        ("a database that is replaced while the server has it is noticed by every door", replaced),
        ("a database that is cut off while the server has it is noticed by every door", cut_off),
        ("a log that is removed while the server has it is noticed by every door", log_removed),
        ("a log that is full is copied, and there is room again", full),
        ("calls that share a commit are told alike when it fails, and nothing of them is there", lost_together),
        ("a full disk is said by every door that writes, and what gives room by a reset", no_room_at_all),
    ]
