"""Every status of a version × every operation, on a frozen clock, against tables that are written here by hand."""

import contextlib
import shutil
import sqlite3
import tempfile

from server import Server

PNG = ("iVBORw0KGgoAAAANSUhEUgAAAEAAAABAAQAAAACCEkxzAAAAEklEQVR42mMIhQKGUcYog3QGAE1xqgEfgS6gAAAAAElFTkSuQmCC")
ACCOUNT = "123456789012"

USE, GONE, READY, BAD = "ResourceInUseException", "ResourceNotFoundException", "ResourceNotReadyException", \
    "InvalidParameterException"

# What each status answers to: Start, Stop, Delete, Detect, Copy from it. OK: it succeeds.
OK = 200
MODEL = {
    "TRAINING_IN_PROGRESS": (USE, USE, USE, READY, USE),
    "TRAINING_COMPLETED": (OK, USE, OK, READY, OK),
    "TRAINING_FAILED": (USE, USE, OK, READY, USE),
    "STARTING": (USE, USE, USE, READY, OK),
    "RUNNING": (USE, OK, USE, OK, OK),
    "FAILED": (OK, USE, OK, READY, OK),
    "STOPPING": (USE, USE, USE, READY, OK),
    "STOPPED": (OK, USE, OK, READY, OK),
    "DELETING": (USE, USE, USE, READY, USE),
    "COPYING_IN_PROGRESS": (USE, USE, USE, READY, USE),
    "COPYING_COMPLETED": (OK, USE, OK, READY, OK),
    "COPYING_FAILED": (USE, USE, OK, READY, USE),
    "gone": (GONE, GONE, GONE, GONE, GONE),
}
ADAPTER = {
    "TRAINING_IN_PROGRESS": (BAD, BAD, USE, BAD, BAD),
    "TRAINING_COMPLETED": (BAD, BAD, OK, BAD, BAD),
    "TRAINING_FAILED": (BAD, BAD, OK, BAD, BAD),
    "DEPRECATED": (BAD, BAD, OK, BAD, BAD),
    "EXPIRED": (BAD, BAD, OK, BAD, BAD),
    "DELETING": (BAD, BAD, USE, BAD, BAD),
    "gone": (GONE, GONE, GONE, GONE, GONE),
}
VERBS = {"StartProjectVersion": "STARTING", "StopProjectVersion": "STOPPING", "DeleteProjectVersion": "DELETING"}

# How long a status lasts with --profile aws, and what follows.
ENDS = {
    "TRAINING_IN_PROGRESS": (30 * 60, "TRAINING_COMPLETED"),
    "COPYING_IN_PROGRESS": (5 * 60, "COPYING_COMPLETED"),
    "STARTING": (10 * 60, "RUNNING"),
    "STOPPING": (2 * 60, "STOPPED"),
    "DELETING": (10, "gone"),
}

# How a status is reached: calls, "settle", "next" and "fail" (the step under way ends badly).
COPY, DELETE = "copy", "DeleteProjectVersion"
START, STOP = "StartProjectVersion", "StopProjectVersion"
ROADS = {
    "TRAINING_IN_PROGRESS": [], "TRAINING_COMPLETED": ["settle"], "TRAINING_FAILED": ["fail"],
    "STARTING": ["settle", START], "RUNNING": ["settle", START, "settle"], "FAILED": ["settle", START, "fail"],
    "STOPPING": ["settle", START, "settle", STOP], "STOPPED": ["settle", START, "settle", STOP, "settle"],
    "DELETING": ["settle", DELETE], "gone": ["settle", DELETE, "settle"],
    "COPYING_IN_PROGRESS": [COPY], "COPYING_COMPLETED": [COPY, "settle"], "COPYING_FAILED": [COPY, "fail"],
    "DEPRECATED": ["settle", "DEPRECATED"], "EXPIRED": ["settle", "DEPRECATED", "EXPIRED"],
}
BADLY = {"trained": "not_trained", "copied": "not_copied", "started": "not_started", "stopped": "not_stopped"}


def check(found, wanted, what):
    if found != wanted:
        raise AssertionError(f"{what}: {found!r}, not {wanted!r}")


def verdict(answer):
    return OK if answer.status == 200 else answer.json()["__type"]


class World:
    """A project, a version of it in the wanted status, and an empty project to copy to."""

    def __init__(self, binary, adapter):
        self.server = Server(binary, ["--clock", "frozen", "--profile", "aws", "--log", "off"])
        self.adapter = adapter
        self.arns = {}

    def call(self, operation, **members):
        answer = self.server.call(operation, members)
        check(verdict(answer), OK, operation)
        return answer.json()

    def advance(self, **how):
        answer = self.server.control("POST", "/_local/clock/advance", how)
        check(answer.status, 200, "advance")
        return answer.json()["fired"]

    def make(self):
        feature = {"Feature": "CONTENT_MODERATION", "AutoUpdate": "DISABLED"} if self.adapter else {}
        for name in ("from", "to", "empty"):
            self.arns[name] = self.call("CreateProject", ProjectName=name, **feature)["ProjectArn"]
        self.arns["version"] = self.train("from")

    def train(self, project):
        return self.call("CreateProjectVersion", ProjectArn=self.arns[project], VersionName="v",
                         OutputConfig={"S3Bucket": "out"})["ProjectVersionArn"]

    def copy(self):
        """From here on the version is a copy, made in another project."""
        self.advance(until="settled")
        source, self.arns["from"], self.arns["to"] = self.arns["version"], self.arns["to"], self.arns["empty"]
        self.arns["version"] = self.call("CopyProjectVersion", SourceProjectArn=self.source_project(source),
                                         SourceProjectVersionArn=source, DestinationProjectArn=self.arns["from"],
                                         VersionName="v", OutputConfig={"S3Bucket": "out"})["ProjectVersionArn"]

    def source_project(self, version):
        return next(p["ProjectArn"] for p in self.call("DescribeProjects")["ProjectDescriptions"]
                    if f":project/{version.split('/')[1]}/" in p["ProjectArn"])

    def fail_the_step(self):
        self.server.stop()
        with contextlib.closing(sqlite3.connect(self.server.database)) as db:
            event, = db.execute("SELECT event FROM timer WHERE arn = ?", (self.arns["version"],)).fetchone()
            db.execute("UPDATE timer SET event = ? WHERE arn = ?", (BADLY[event], self.arns["version"]))
            db.commit()
        self.server.start()
        self.advance(until="settled")

    def go(self, road):
        for step in road:
            if step == "settle":
                self.advance(until="settled")
            elif step == "fail":
                self.fail_the_step()
            elif step == COPY:
                self.copy()
            elif step in ("DEPRECATED", "EXPIRED"):
                check(self.server.control("POST", "/_local/moves", {"arn": self.arns["version"], "to": step}).status,
                      200, step)
            else:
                members = {"MinInferenceUnits": 1} if step == START else {}
                self.call(step, ProjectVersionArn=self.arns["version"], **members)

    def status(self):
        found = self.call("DescribeProjectVersions", ProjectArn=self.arns["from"])["ProjectVersionDescriptions"]
        return next((v["Status"] for v in found if v["ProjectVersionArn"] == self.arns["version"]), "gone")


def calls_of(world):
    version = {"ProjectVersionArn": world.arns["version"]}
    yield START, {**version, "MinInferenceUnits": 1}
    yield STOP, version
    yield DELETE, version
    yield "DetectCustomLabels", {**version, "Image": {"Bytes": PNG}}
    yield "CopyProjectVersion", {"SourceProjectArn": world.arns["from"], "SourceProjectVersionArn": world.arns["version"],
                                 "DestinationProjectArn": world.arns["to"], "VersionName": "copy",
                                 "OutputConfig": {"S3Bucket": "out"}}


def other_calls_of(world, status):
    """Operations to which the status of a version is of no interest, but that it be there."""
    project, there = {"ProjectArn": world.arns["from"]}, OK if status != "gone" else GONE
    name = OK if status == "gone" else USE
    training = {"OutputConfig": {"S3Bucket": "out"}}
    yield "DescribeProjects", {}, OK
    yield "DescribeProjectVersions", project, OK
    yield "DeleteProject", project, OK if status == "gone" else USE
    yield "CreateProject", {"ProjectName": "from" if "/from/" in world.arns["from"] else "to"}, USE
    yield "CreateProjectVersion", {**project, **training, "VersionName": "w"}, OK
    yield "CreateProjectVersion", {**project, **training, "VersionName": "v"}, name
    yield "ListProjectPolicies", project, OK
    yield "DeleteProjectPolicy", {**project, "PolicyName": "nobody"}, GONE
    yield "TagResource", {"ResourceArn": world.arns["version"], "Tags": {"a": "b"}}, there
    yield "UntagResource", {"ResourceArn": world.arns["version"], "TagKeys": ["a"]}, there
    yield "ListTagsForResource", {"ResourceArn": world.arns["version"]}, there


class Copies:
    """A world as it was saved, for one call after another: a fresh copy after each that has changed it."""

    def __init__(self, world, template):
        self.world, self.template, self.original, self.folder = world, template, world.server, None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.spoil()

    def spoil(self):
        if self.folder:
            with self.folder, self.world.server:
                self.world.server, self.folder = self.original, None

    def renew(self):
        if not self.folder:
            self.folder = tempfile.TemporaryDirectory(prefix="rekognition-local.")
            shutil.copytree(self.template, self.folder.name, dirs_exist_ok=True)
            self.world.server = Server(self.original.binary, self.original.arguments, self.folder.name).start()

    def call(self, operation, body):
        """The answer, and the world before and after."""
        self.renew()
        before = self.world.server.save()
        answer = self.world.server.call(operation, body)
        return answer, self.world.server.world(before), self.world.server.world()


def try_verb(copies, status, operation, body, wanted):
    answer, before, after = copies.call(operation, body)
    check(verdict(answer), wanted, f"{operation} of a version that is {status}")
    if wanted != OK or operation == "DetectCustomLabels":
        check(after, before, f"the world after {operation} of a version that is {status}")
        return
    if operation in VERBS:
        check(answer.json(), {"Status": VERBS[operation]}, operation)
        check(copies.world.status(), VERBS[operation], "the status")
        check(len(after["history"]), len(before["history"]) + 1, "rows of history")
    copies.spoil()


def try_other(copies, status, operation, body, wanted):
    answer, before, after = copies.call(operation, body)
    check(verdict(answer), wanted, f"{operation} beside a version that is {status}")
    if wanted != OK or operation.startswith(("Describe", "List")):
        check(after, before, f"the world after {operation} beside a version that is {status}")
    else:
        copies.spoil()


def walk_time(world, status):
    """A status in progress lasts to the millisecond."""
    seconds, following = ENDS[status]
    check(world.advance(by=f"{seconds * 1000 - 1}ms"), [], "what fires a millisecond early")
    check(world.status(), status, "the status a millisecond before it is due")
    check(len(world.advance(by="1ms")), 1, "moves at the due millisecond")
    check(world.status(), following, "the status at the due millisecond")
    check(world.advance(by="1ms"), [], "what fires a millisecond later")


def walk(binary, adapter, status):
    world = World(binary, adapter)
    with tempfile.TemporaryDirectory(prefix="rekognition-local.") as template, world.server:
        world.server.start()
        world.make()
        world.go(ROADS[status])
        check(world.status(), status, "the road leads to")
        world.server.stop()
        shutil.copytree(world.server.folder, template, dirs_exist_ok=True)
        table = (ADAPTER if adapter else MODEL)[status]
        with Copies(world, template) as copies:
            for (operation, body), wanted in zip(calls_of(world), table):
                try_verb(copies, status, operation, body, wanted)
            for operation, body, wanted in other_calls_of(world, status):
                try_other(copies, status, operation, body, wanted)
            if status in ENDS:
                copies.renew()
                walk_time(world, status)


def tests():
    for adapter, table in ((False, MODEL), (True, ADAPTER)):
        for status in table:
            kind = "an adapter" if adapter else "a model"
            yield (f"every operation on {kind} that is {status}",
                   lambda binary, adapter=adapter, status=status: walk(binary, adapter, status))
