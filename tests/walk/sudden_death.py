"""kill -9 at random moments under load, and a full disk: what was answered is there afterwards, timers included."""

import contextlib
import json
import random
import sqlite3
import tempfile
import threading
import time

from server import SLOW, Closed, Connection, Server, credentials, request

ROUNDS = 8
WRITERS = 4
IN_PROGRESS = ("TRAINING_IN_PROGRESS", "STARTING", "STOPPING", "DELETING")


class Writer(threading.Thread):
    """One account's life, as fast as it goes, until the server dies. Remembers what was answered."""

    def __init__(self, server, account, round_number):
        super().__init__()
        self.address, self.account, self.prefix = server.address, account, f"r{round_number}-"
        self.projects, self.versions, self.tags, self.started = set(), set(), {}, {}
        self.problem = None

    def call(self, connection, operation, **members):
        connection.send(request("POST", "/", [("Content-Type", "application/x-amz-json-1.1"),
                                              ("X-Amz-Target", "RekognitionService." + operation),
                                              credentials(self.account, "us-east-1")], json.dumps(members).encode()))
        answer = connection.answer()
        if answer.status != 200:
            raise AssertionError(f"{operation}: {answer.body!r}")
        return answer.json()

    def run(self):
        try:
            connection = Connection(self.address)
            with contextlib.closing(connection.socket):
                self.live(connection)
        except (Closed, OSError):
            pass  # it was killed
        except AssertionError as problem:
            self.problem = problem

    def live(self, connection):
        for i in range(100000):
            project = self.call(connection, "CreateProject", ProjectName=f"{self.prefix}{i}")["ProjectArn"]
            self.projects.add(project)
            version = self.call(connection, "CreateProjectVersion", ProjectArn=project, VersionName="v",
                                OutputConfig={"S3Bucket": "out"})["ProjectVersionArn"]
            self.versions.add(version)
            for value in range(3):
                self.call(connection, "TagResource", ResourceArn=version, Tags={"n": str(value)})
                self.tags[version] = value


def rows(server, sql):
    """Asks a copy of the files: the server has them to itself."""
    with tempfile.TemporaryDirectory() as copy:
        with contextlib.closing(sqlite3.connect(server.save(copy) + "/world.db")) as db:
            return db.execute(sql).fetchall()


def missing(wanted, found, what):
    if lost := sorted(set(wanted) - set(found)):
        raise AssertionError(f"{len(lost)} {what} were answered and are lost, the first: {lost[0]}")


def verify(server, writers):
    for writer in writers:
        if writer.problem:
            raise writer.problem
    if rows(server, "PRAGMA quick_check") != [("ok",)]:
        raise AssertionError("the database is damaged")
    missing(set().union(*(w.projects for w in writers)), [a for a, in rows(server, "SELECT arn FROM project")], "projects")
    status = dict(rows(server, "SELECT arn, status FROM project_version"))
    missing(set().union(*(w.versions for w in writers)), status, "versions")
    tags = dict(rows(server, "SELECT arn, CAST(value AS INTEGER) FROM tag"))
    for version, value in [item for w in writers for item in w.tags.items()]:
        if tags.get(version, -1) < value:
            raise AssertionError(f"the tag of {version} is {tags.get(version)}, {value} was answered")
    timers = {arn for arn, in rows(server, "SELECT arn FROM timer")}
    if (waiting := {arn for arn, s in status.items() if s in IN_PROGRESS}) - timers:
        raise AssertionError(f"no timer for {sorted(waiting - timers)[0]}")
    if timers - set(status) - {arn for arn, in rows(server, "SELECT arn FROM project WHERE status <> 'CREATED'")}:
        raise AssertionError("a timer of nothing")


def go(binary, seed):
    chance = random.Random(seed)
    arguments = ["--log", "off", "--set", "version.train=15ms", "--set", "limit.concurrentTrainings=1000000",
                 "--set", "limit.projects=1000000"]
    answered = 0
    with Server(binary, arguments) as server:
        writers = []
        server.start()
        for round_number in range(ROUNDS):
            alive = [Writer(server, f"{n + 1:012}", round_number) for n in range(WRITERS)]
            writers += alive
            for writer in alive:
                writer.start()
            enough = chance.randrange(1, 200)  # answers, and then it dies
            while sum(len(w.versions) for w in alive) < enough and any(w.is_alive() for w in alive):
                alive[0].join(0.001)
            server.kill()
            for writer in alive:
                writer.join()
            verify(server, writers)
            server.start()
            verify(server, writers)
        answered = sum(len(w.versions) for w in writers)
        until = time.monotonic() + 10 * SLOW
        while rows(server, "SELECT 1 FROM timer") and time.monotonic() < until:
            server.control("GET", "/_local/clock")
        if rows(server, "SELECT 1 FROM timer"):
            raise AssertionError("timers that do not fire")
    if not answered:
        raise AssertionError("nothing was answered before any of the deaths")


def fill_the_disk(binary):
    """The write-ahead log cannot grow any more: that call fails as a whole, and so do the next."""
    with Server(binary, ["--clock", "frozen"]) as server:
        server.start()
        server.stop()
        server.start(file_limit=120000)
        answered, failed = [], 0
        for i in range(1000):
            before = server.world()
            answer = server.call("CreateProject", {"ProjectName": f"p{i}"}, account=f"{i:012}")
            if answer.status == 200:
                answered.append(answer.json()["ProjectArn"])
                continue
            if answer.status != 500 or answer.json()["__type"] != "InternalServerError":
                raise AssertionError(f"on a full disk: {answer.status} {answer.body!r}")
            if server.world() != before:
                raise AssertionError("a call that failed has changed the world")
            if (failed := failed + 1) == 3:
                break
        if not answered or failed < 3:
            raise AssertionError(f"{len(answered)} calls answered, {failed} failed: the disk was never full")
        if server.call("DescribeProjects", {}).status != 200:
            raise AssertionError("on a full disk nothing can be read")
        server.kill()
        server.start()
        missing(answered, [arn for arn, in rows(server, "SELECT arn FROM project")], "projects")
        if rows(server, "PRAGMA quick_check") != [("ok",)]:
            raise AssertionError("the database is damaged")
        if server.call("CreateProject", {"ProjectName": "again"}).status != 200:
            raise AssertionError("with room again nothing can be written")


def tests():
    yield "a full disk answers 500 and loses nothing answered", fill_the_disk
    seed = random.randrange(1000000)
    yield f"what was answered survives kill -9, seed {seed}", lambda binary: go(binary, seed)
