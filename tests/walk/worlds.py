"""Whole worlds: written down and loaded again, saved and brought back, sent from server to server, kept apart."""

import concurrent.futures
import contextlib
import hashlib
import json
import random
import shutil
import sqlite3
import tempfile
import threading

from server import Connection, Server, request

FROZEN = ["--clock", "frozen", "--profile", "aws", "--log", "off"]


def done(answer, status=200):
    if answer.status != status:
        raise AssertionError(f"status {answer.status}, not {status}: {answer.body[:500]!r}")
    return answer.json() if answer.body else None


def state(server, query=""):
    return done(server.control("GET", "/_local/state" + query))


def digest(server, query=""):
    return state(server, query)["digest"]


def advance(server, **how):
    return done(server.control("POST", "/_local/clock/advance", how))


def policy(version_arn, principal):
    return json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "rekognition:CopyProjectVersion",
         "Resource": version_arn, "Sid": "one"}]})


def furnish(server):
    """Something of everything that a world can have, in several accounts and regions."""
    done(server.control("PATCH", "/_local/settings", {"limit.runningVersions": 50, "limit.concurrentTrainings": 50,
                                                      "inference.tpsPerUnit": 1}))
    for account, region in (("111111111111", "us-east-1"), ("111111111111", "eu-west-1"), ("222222222222", "us-east-1")):
        def call(operation, body, who=account, where=region):
            return done(server.call(operation, body, who, where))
        project = call("CreateProject", {"ProjectName": "birds", "Tags": {"größe": "übér 1/2", "a": ""}})["ProjectArn"]
        call("CreateProject", {"ProjectName": "empty", "AutoUpdate": "ENABLED"})
        adapter = call("CreateProject", {"ProjectName": "adapters", "Feature": "CONTENT_MODERATION",
                                         "AutoUpdate": "DISABLED"})["ProjectArn"]
        asset = {"GroundTruthManifest": {"S3Object": {"Bucket": "data", "Name": "ü/train.manifest"}}}
        versions = [call("CreateProjectVersion", {
            "ProjectArn": project, "VersionName": name, "OutputConfig": {"S3Bucket": "out", "S3KeyPrefix": "pre/fix"},
            "TrainingData": {"Assets": [asset]}, "TestingData": {"AutoCreate": True},
            "VersionDescription": "it's one", "Tags": {"k": name}})["ProjectVersionArn"] for name in "abcd"]
        call("CreateProjectVersion", {"ProjectArn": adapter, "VersionName": "m", "OutputConfig": {"S3Bucket": "out"},
                                      "FeatureConfig": {"ContentModeration": {"ConfidenceThreshold": 33.3}}})
        advance(server, by="30m")
        call("PutProjectPolicy", {"ProjectArn": project, "PolicyName": "p",
                                  "PolicyDocument": policy(versions[0], f"arn:aws:iam::{account}:root")})
        copies = call("CreateProject", {"ProjectName": "copies"})["ProjectArn"]
        call("CopyProjectVersion", {"SourceProjectArn": project, "SourceProjectVersionArn": versions[0],
                                    "DestinationProjectArn": copies, "VersionName": "copy",
                                    "OutputConfig": {"S3Bucket": "out"}, "KmsKeyId": "alias/key"})
        call("CreateCollection", {"CollectionId": "people", "Tags": {"a": "b"}})
        for name in ("ann", "bob"):
            call("IndexFaces", {"CollectionId": "people", "ExternalImageId": name,
                                "Image": {"S3Object": {"Bucket": "faces", "Name": name}}})
        call("CreateUser", {"CollectionId": "people", "UserId": "a:nn"})
        call("CreateUser", {"CollectionId": "people", "UserId": "bob"})
        call("AssociateFaces", {"CollectionId": "people", "UserId": "a:nn", "FaceIds": [
            face["FaceId"] for face in call("ListFaces", {"CollectionId": "people", "MaxResults": 1})["Faces"]]})
        for version in versions[:3]:
            call("StartProjectVersion", {"ProjectVersionArn": version, "MinInferenceUnits": 1, "MaxInferenceUnits": 3})
        advance(server, by="10m")
        call("StopProjectVersion", {"ProjectVersionArn": versions[1]})
        call("DeleteProjectVersion", {"ProjectVersionArn": versions[3]})
    return state(server)


# --- written down ------------------------------------------------------------------------------------------------


def state_is_a_fixture(binary):
    with Server(binary, FROZEN).start() as server, Server(binary, FROZEN).start() as other:
        before = furnish(server)
        text = json.dumps({k: v for k, v in before.items() if k != "digest"}, ensure_ascii=False, separators=(",", ":"))
        assert hashlib.sha256(text.encode()).hexdigest() == before["digest"], "the digest is that of the text"
        done(server.control("POST", "/_local/reset"))
        assert state(server)["accounts"] == {}
        done(server.control("POST", "/_local/load", before))
        assert state(server) == before, "loaded after a reset"
        done(other.control("POST", "/_local/load", {"accounts": before["accounts"]}))
        assert digest(other) == before["digest"], "loaded by another server"
        done(server.control("POST", "/_local/load", before), 409)
        done(other.control("PUT", "/_local/clock", {"now": done(server.control("GET", "/_local/clock"))["now"]}))
        for one in (server, other):
            advance(one, until="settled")
        assert digest(server) == digest(other) != before["digest"], "and both go on alike"
        server.stop(), server.start()
        assert digest(server) == digest(other)


def one_advance_is_many(binary):
    with Server(binary, FROZEN).start() as server, Server(binary, FROZEN).start() as other:
        before = furnish(server)
        done(other.control("POST", "/_local/load", before))
        done(other.control("PUT", "/_local/clock", {"now": done(server.control("GET", "/_local/clock"))["now"]}))
        advance(server, by="2h")
        for _ in range(240):
            advance(other, by="30s")
        assert digest(server) == digest(other) != before["digest"]


# --- saved and sent ----------------------------------------------------------------------------------------------


def snapshots_travel(binary):
    with Server(binary, FROZEN).start() as server, Server(binary, ["--profile", "aws", "--log", "off"]).start() as other:
        before = furnish(server)
        done(server.control("PUT", "/_local/snapshots/a"))
        file = server.control("GET", "/_local/snapshots/a").body
        advance(server, until="settled")
        assert digest(server) != before["digest"]
        done(other.control("PUT", "/_local/snapshots/b", file))
        done(other.control("POST", "/_local/snapshots/b/restore"))
        assert state(other) == before, "sent and restored"
        done(server.control("POST", "/_local/snapshots/a/restore"))
        assert state(server) == before, "restored"
        settings = [done(s.control("GET", "/_local/settings")) for s in (server, other)]
        assert settings[0] == settings[1]
        assert digest(other) == digest(server)
        other.stop()
        with open(other.database, "wb") as f:
            f.write(file)
        other.start()
        assert state(other) == before, "a snapshot is a database"
        assert other.control("GET", "/_local/snapshots/b").body == file, "byte for byte"


def change(file, *sql):
    with tempfile.NamedTemporaryFile() as f:
        f.write(file), f.flush()
        db = sqlite3.connect(f.name)
        db.executescript(";".join(sql))
        db.close()
        with open(f.name, "rb") as changed:
            return changed.read()


def bad_uploads(binary):
    with Server(binary, FROZEN).start() as server:
        furnish(server)
        done(server.control("PUT", "/_local/snapshots/good"))
        before, names = digest(server), done(server.control("GET", "/_local/snapshots"))
        good = server.control("GET", "/_local/snapshots/good").body
        middle = len(good) // 2
        bad = {
            "text": b"hello", "a header": good[:16], "half of it": good[:middle], "all but a byte": good[:-1],
            "zeroes": bytes(8192), "scribbled over": good[:4096] + bytes(b ^ 255 for b in good[4096:20000]) + good[20000:],
            "another program's": change(good, "PRAGMA application_id = 1"),
            "of nobody": change(b"", "CREATE TABLE a (b)"),
            "newer": change(good, "PRAGMA user_version = 99"),
            "with a table more": change(good, "CREATE TABLE more (a)"),
            "with a trigger more": change(good, "CREATE TRIGGER t AFTER INSERT ON project BEGIN DELETE FROM timer; END"),
            "with an index less": change(good, "DROP INDEX project_by_age"),
            "with a column more": change(good, "ALTER TABLE project ADD COLUMN more TEXT"),
            "without a world": change(good, "DELETE FROM world"),
            "with a clock that cannot be": change(good, "UPDATE world SET clock_base_ms = -1"),
            "with large pages": change(good, "PRAGMA page_size = 8192", "VACUUM"),
        }
        for what, file in bad.items():
            answer = server.control("PUT", "/_local/snapshots/good", file)
            assert answer.status == 400, f"{what}: {answer.status}"
            assert answer.json()["error"]["code"] == "NotASnapshot", what
            assert done(server.control("GET", "/_local/snapshots")) == names, what
            assert server.control("GET", "/_local/snapshots/good").body == good, what
            assert digest(server) == before, what
        done(server.control("PUT", "/_local/snapshots/good", change(good, "VACUUM")))
        done(server.control("POST", "/_local/snapshots/good/restore"))
        assert digest(server) == before


def killed_while_saving(binary):
    chance = random.Random(1)
    with Server(binary, FROZEN).start() as server:
        furnish(server)
        done(server.control("PUT", "/_local/snapshots/one"))
        one = digest(server)
        advance(server, until="settled")
        done(server.control("PUT", "/_local/snapshots/two"))
        two, file = digest(server), server.control("GET", "/_local/snapshots/two").body
        for turn in range(12):
            calls = [("POST", "/_local/snapshots/one/restore", None), ("POST", "/_local/snapshots/two/restore", None),
                     ("PUT", "/_local/snapshots/three", None), ("PUT", "/_local/snapshots/four", file)]
            with contextlib.closing(Connection(server.address)) as other:
                for _ in range(chance.randrange(4)):
                    method, path, body = chance.choice(calls)
                    other.send(request(method, path, [], body or b""))
                    assert other.answer(method).status == 200
                method, path, body = chance.choice(calls)
                other.send(request(method, path, [], body or b""))
                for _ in range(chance.randrange(40)):  # how far it comes before it dies
                    done(server.control("GET", "/_local/health"))
                server.kill()
            server.start()
            assert digest(server) in (one, two), f"turn {turn}"
            names = [s["name"] for s in done(server.control("GET", "/_local/snapshots"))["snapshots"]]
            assert {"one", "two"} <= set(names) <= {"one", "two", "three", "four"}, names
            for name in names:
                done(server.control("POST", f"/_local/snapshots/{name}/restore"))
                assert digest(server) in (one, two), f"turn {turn}: {name}"


# --- large -------------------------------------------------------------------------------------------------------


def large_world(projects=40, versions=100):
    return {"accounts": {"333333333333": {"us-east-1": {"projects": [
        {"name": f"p{p}", "versions": [{"name": f"v{v}", "status": "STOPPED", "tags": {"k": "v"},
                                        "outputConfig": {"S3Bucket": "out"}} for v in range(versions)]}
        for p in range(projects)]}}}}


def moment_of_a_large_world(binary):
    """Tags are set on a first and then on a last resource: who sees one on the last sees it on the first."""
    with Server(binary, FROZEN).start() as server, Server(binary, FROZEN) as other:
        done(server.control("POST", "/_local/load", large_world()))
        other.address = server.address  # a second connection to the same server
        arns = [p["arn"] for p in state(server)["accounts"]["333333333333"]["us-east-1"]["projects"]]
        first, last, over = arns[0], arns[-1], threading.Event()

        def work():
            number = 0
            while not over.is_set():
                number += 1
                for arn in (first, last):
                    done(other.call("TagResource", {"ResourceArn": arn, "Tags": {"n": str(number)}}, "333333333333"))
        worker = threading.Thread(target=work)
        worker.start()
        try:
            seen = set()
            while len(seen) < 4:
                projects = state(server)["accounts"]["333333333333"]["us-east-1"]["projects"]
                a, b = (int(next(p for p in projects if p["arn"] == arn)["tags"].get("n", 0)) for arn in (first, last))
                assert b <= a <= b + 1, (a, b)
                seen.add(a)
        finally:
            over.set()
            worker.join()
        other.connection.close()
        other.connection = None
        done(server.control("PUT", "/_local/snapshots/a"))
        before = digest(server)
        done(server.control("POST", "/_local/reset"))
        done(server.control("POST", "/_local/snapshots/a/restore"))
        assert digest(server) == before


def large_load_at_once(binary):
    """While a fixture is loaded, health answers; calls that see the world see nothing of it, or all."""
    with Server(binary, FROZEN).start() as server, Server(binary, FROZEN) as other, Server(binary, FROZEN) as third:
        other.address = third.address = server.address
        over, seen, healthy = threading.Event(), [], 0

        def look():
            while not over.is_set():
                seen.append(len(done(other.call("DescribeProjects", {}, "333333333333"))["ProjectDescriptions"]))

        def load():
            done(server.control("POST", "/_local/load", large_world()))
            wrong = large_world()
            wrong["accounts"]["333333333333"]["us-east-1"]["projects"][-1]["versions"][-1]["status"] = "LOST"
            wrong["accounts"]["444444444444"] = wrong["accounts"].pop("333333333333")
            answer = server.control("POST", "/_local/load", wrong)
            assert answer.status == 400 and b"projects[39].versions[99].status: " in answer.body, answer.body
            over.set()
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            working = [pool.submit(look), pool.submit(load)]
            while not over.is_set() and not any(w.done() and w.exception() for w in working):
                done(third.control("GET", "/_local/health"))
                healthy += 1
            over.set()
        for one in working:
            one.result()
        assert healthy > 1 and seen == sorted(seen) and set(seen) <= {0, 40}, set(seen)
        assert list(state(server)["accounts"]) == ["333333333333"]
        for one in (other, third):
            one.connection.close()
            one.connection = None


def large_reset_at_once(binary):
    """What is refused while a large world is emptied or brought back needs no world; a stop gives that up whole."""
    too_large = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n"
    with Server(binary, FROZEN).start() as server, Server(binary, FROZEN) as other:
        done(server.control("POST", "/_local/load", large_world()))
        done(server.control("PUT", "/_local/snapshots/a"))
        worlds = {digest(server)}
        done(server.control("POST", "/_local/reset"))
        worlds.add(digest(server))
        for turn, path in enumerate(["/_local/snapshots/a/restore", "/_local/reset"] * 3):
            other.address = server.address
            begun = Connection(server.address)
            begun.send(f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n".encode())
            done(other.control("GET", "/_local/health"))
            assert other.ask(too_large).status == 413
            if turn < 2:
                assert begun.answer().status == 200
            other.connection = other.connection and other.connection.close()
            assert server.stop() == 0
            begun.close()
            server.start()
            assert digest(server) in worlds, f"turn {turn}"


# --- kept apart --------------------------------------------------------------------------------------------------


def live_alone(address, binary, number):
    """What one test of a hundred does: works in an account, resets it, and sees its own things only."""
    account, chance, projects = f"{number:012}", random.Random(number), {}
    with Server(binary) as me:
        me.address = address
        for turn in range(40):
            if chance.random() < 0.1:
                done(me.control("POST", f"/_local/reset?account={account}"))
                projects.clear()
            name = f"p{turn}"
            projects[name] = done(me.call("CreateProject", {"ProjectName": name}, account))["ProjectArn"]
            assert f":{account}:" in projects[name]
            done(me.call("CreateProjectVersion", {"ProjectArn": projects[name], "VersionName": "v",
                                                  "OutputConfig": {"S3Bucket": "out"}}, account),
                 200 if len(projects) <= 2 else 400)
            shown = done(me.call("DescribeProjects", {}, account))["ProjectDescriptions"]
            assert {p["ProjectArn"] for p in shown} == set(projects.values()), f"account {account}, turn {turn}"
        told = state(me, f"?account={account}")
        if me.connection:
            me.connection.close()
            me.connection = None
    assert list(told["accounts"]) == [account]
    return account, told


def hundred_accounts(binary):
    with Server(binary, [*FROZEN, "--set", "limit.projects=1000"]).start() as server:
        with concurrent.futures.ThreadPoolExecutor(100) as pool:
            told = dict(pool.map(lambda n: live_alone(server.address, binary, n), range(100)))
        whole = state(server)
        assert len(whole["accounts"]) == 100
        for account, part in told.items():
            assert whole["accounts"][account] == part["accounts"][account]
        done(server.control("POST", "/_local/reset?account=000000000042"))
        assert sorted(state(server)["accounts"]) == sorted(set(told) - {"000000000042"})
        events = done(server.control("GET", "/_local/history"))["events"]
        assert not any(":000000000042:" in e["arn"] for e in events)


def tests():
    return [
        ("the state of a world is a fixture of the same world", state_is_a_fixture),
        ("one advance comes to the same world as many", one_advance_is_many),
        ("a snapshot is the same world on another server", snapshots_travel),
        ("an upload that is not a snapshot is refused and changes nothing", bad_uploads),
        ("a server killed while it saves and restores has one world or the other", killed_while_saving),
        ("the state of a large world at work is that of one moment", moment_of_a_large_world),
        ("a large world is loaded at once and holds nobody up", large_load_at_once),
        ("a large world is emptied and brought back at once, or not at all", large_reset_at_once),
        ("a hundred accounts at work never see each other", hundred_accounts),
    ]
