"""Random calls and random passing of time, against a model of the rules that is written from the documentation."""

import math
import os
import random
import re

from server import Server

STEPS = 1500
SEEDS = (1, 2, 3)

LIMITS = {"limit.projects": 3, "limit.versionsPerProject": 3, "limit.concurrentTrainings": 2,
          "limit.runningVersions": 2, "limit.inferenceUnitsPerVersion": 5, "limit.concurrentCopies": 1}
LASTS = {"project.create": 700, "project.delete": 5000, "version.train": 60000, "version.start": 20000,
         "version.stop": 10000, "version.copy": 15000, "version.delete": 3000}
# A status in progress: which duration it has, and what follows it.
ENDS = {"CREATING": ("project.create", "CREATED"), "P_DELETING": ("project.delete", None),
        "TRAINING_IN_PROGRESS": ("version.train", "TRAINING_COMPLETED"),
        "COPYING_IN_PROGRESS": ("version.copy", "COPYING_COMPLETED"), "STARTING": ("version.start", "RUNNING"),
        "STOPPING": ("version.stop", "STOPPED"), "DELETING": ("version.delete", None)}
# What a step is called by outcomes, and what follows it when it was told to fail.
FAILS = {"TRAINING_IN_PROGRESS": ("train", "TRAINING_FAILED"), "COPYING_IN_PROGRESS": ("copy", "COPYING_FAILED"),
         "STARTING": ("start", "FAILED"), "STOPPING": ("stop", "FAILED")}
HOSTED = ("STARTING", "RUNNING", "STOPPING")
STARTABLE = ("TRAINING_COMPLETED", "COPYING_COMPLETED", "STOPPED", "FAILED")
TRAINED = STARTABLE + HOSTED
DELETABLE = STARTABLE + ("TRAINING_FAILED", "COPYING_FAILED")

USE, GONE, READY, BAD, LIMIT = ("ResourceInUseException", "ResourceNotFoundException", "ResourceNotReadyException",
                                "InvalidParameterException", "LimitExceededException")


class Thing:
    """A project or a version."""

    def __init__(self, name, status, project=None):
        self.name, self.status, self.project, self.arn, self.due = name, status, project, None, None
        self.units, self.begun, self.failing, self.used = None, 0, None, Usage()


class Usage:
    """Of a version; outlives it if it is worth anything."""

    def __init__(self):
        self.running, self.units, self.training, self.calls = 0, 0, 0, 0

    def row(self, more, units):
        unit_hours = (self.units + more * units) / 3600000
        return {"runningSeconds": (self.running + more) / 1000, "inferenceUnitHours": unit_hours,
                "trainingSeconds": self.training / 1000, "calls": self.calls, "throttledCalls": 0, "unitsInService": units,
                "estimatedCost": unit_hours * 4 + self.training / 3600000}


class Outcome:
    """What steps of some versions end in: those of a project, of a name, of one ARN, or all."""

    def __init__(self, glob, event, after, times):
        self.glob, self.event, self.after, self.left = glob, event, after, times
        self.pattern = re.compile(re.escape(glob).replace(r"\*", ".*"), re.S)

    def fits(self, thing, event):
        arn = thing.arn or f"arn:aws:rekognition:us-east-1:123456789012:project/{thing.project.name}/version/{thing.name}/0"
        return self.left > 0 and self.event == event and self.pattern.fullmatch(arn)


class Rules:
    """What the service does, as its documentation says. Each verb answers an error's name, or None for success."""

    def __init__(self):
        self.now, self.projects, self.versions, self.outcomes, self.gone = 0, [], [], [], []

    def enter(self, thing, status):
        if thing.status == "RUNNING":
            thing.used.running += self.now - thing.begun
            thing.used.units += (self.now - thing.begun) * thing.units[0]
        elif status == "TRAINING_COMPLETED":
            thing.used.training += self.now - thing.begun
        thing.status, thing.begun, thing.failing = status, self.now, None
        ends = ENDS.get("P_DELETING" if status == "DELETING" and thing.project is None else status)
        thing.due = self.now + LASTS[ends[0]] if ends else None
        if status in FAILS:
            fitting = [o for o in self.outcomes if o.fits(thing, FAILS[status][0])]
            if fitting:
                self.tell(thing, max(fitting, key=lambda o: len(o.glob.replace("*", ""))))

    def tell(self, thing, outcome):
        outcome.left -= 1
        thing.failing = FAILS[thing.status][1]
        if outcome.after is not None:
            thing.due = max(self.now, thing.begun + outcome.after)

    def post(self, outcome):
        """Steps under way come first, those that would end first before others."""
        self.outcomes.append(outcome)
        for thing in sorted((v for v in self.versions if v.status in FAILS and not v.failing),
                            key=lambda v: (v.due, v.arn)):
            if outcome.fits(thing, FAILS[thing.status][0]):
                self.tell(thing, outcome)

    def usage(self):
        """Of each ARN that has a bill, or that is there."""
        rows = {v.arn: v.used.row(self.now - v.begun if v.status == "RUNNING" else 0,
                                  v.units[0] if v.status == "RUNNING" else 0) for v in self.versions}
        for thing in self.gone:
            if thing.used.running or thing.used.training or thing.used.calls:
                rows[thing.arn] = thing.used.row(0, 0)
        return rows

    def due(self):
        return sorted({t.due for t in self.projects + self.versions if t.due is not None})

    def pass_to(self, moment):
        """Fires what is due on the way, each thing at its own moment; how many moves that were."""
        moves = 0
        while (due := self.due()) and due[0] <= moment:
            self.now = due[0]
            for thing in [t for t in self.projects + self.versions if t.due == self.now]:
                key = "P_DELETING" if thing.status == "DELETING" and thing.project is None else thing.status
                following = thing.failing or ENDS[key][1]
                moves += 1
                if following:
                    self.enter(thing, following)
                else:
                    (self.projects if thing.project is None else self.versions).remove(thing)
                    self.gone += [thing] if thing.project else []
        self.now = moment
        return moves

    def create_project(self, name):
        if any(p.name == name for p in self.projects):
            return USE
        if len(self.projects) >= LIMITS["limit.projects"]:
            return LIMIT
        self.projects.append(Thing(name, None))
        self.enter(self.projects[-1], "CREATING")
        return None

    def delete_project(self, project):
        if project not in self.projects:
            return GONE
        if project.status != "CREATED" or any(v.project is project for v in self.versions):
            return USE
        self.enter(project, "DELETING")
        return None

    def add_version(self, project, name, status, limit):
        if project.status != "CREATED":
            return USE
        siblings = [v for v in self.versions if v.project is project]
        if any(v.name == name for v in siblings):
            return USE
        if len(siblings) >= LIMITS["limit.versionsPerProject"] or \
                sum(v.status == status for v in self.versions) >= LIMITS[limit]:
            return LIMIT
        self.versions.append(Thing(name, None, project))
        self.enter(self.versions[-1], status)
        return None

    def train(self, project, name):
        if project not in self.projects:
            return GONE
        return self.add_version(project, name, "TRAINING_IN_PROGRESS", "limit.concurrentTrainings")

    def copy(self, source, project, name):
        if project not in self.projects or source.project not in self.projects or source not in self.versions:
            return GONE
        if source.status not in TRAINED:
            return USE
        return self.add_version(project, name, "COPYING_IN_PROGRESS", "limit.concurrentCopies")

    def start(self, version, least, most):
        if version not in self.versions:
            return GONE
        if most and most < least:
            return BAD
        if version.status not in STARTABLE:
            return USE
        if max(least, most or 0) > LIMITS["limit.inferenceUnitsPerVersion"]:
            return LIMIT
        if sum(v.status in HOSTED for v in self.versions) >= LIMITS["limit.runningVersions"]:
            return LIMIT
        version.units = (least, most)
        self.enter(version, "STARTING")
        return None

    def stop(self, version):
        if version not in self.versions:
            return GONE
        if version.status != "RUNNING":
            return USE
        self.enter(version, "STOPPING")
        return None

    def delete(self, version):
        if version not in self.versions:
            return GONE
        if version.status not in DELETABLE:
            return USE
        self.enter(version, "DELETING")
        return None

    def detect(self, version):
        if version not in self.versions:
            return GONE
        version.used.calls += version.status == "RUNNING"
        return None if version.status == "RUNNING" else READY


class Walk:
    def __init__(self, binary, seed):
        settings = [a for name, value in {**LIMITS, **{n: f"{ms}ms" for n, ms in LASTS.items()}}.items()
                    for a in ("--set", f"{name}={value}")]
        self.server = Server(binary, ["--clock", "frozen", "--log", "off", *settings])
        self.random, self.rules = random.Random(seed), Rules()
        self.seen_projects, self.seen_versions, self.arns = [], [], set()
        self.told = []

    def check(self, found, wanted, what):
        if found != wanted:
            last = "\n  ".join(self.told[-12:])
            raise AssertionError(f"{what}: {found!r}, not {wanted!r}\n  {last}")

    def call(self, operation, wanted, **members):
        answer = self.server.call(operation, members)
        body = answer.json()
        found = None if answer.status == 200 else body["__type"]
        self.told.append(f"{self.rules.now} {operation} {members} -> {found or body}")
        self.check(found, wanted, operation)
        return body

    def is_new(self, arn):
        self.check(arn in self.arns, False, f"the ARN {arn} was seen before")
        self.arns.add(arn)
        return arn

    # ---- what may be done ---------------------------------------------------

    def create_project(self):
        name = self.random.choice("abcd")
        wanted = self.rules.create_project(name)
        body = self.call("CreateProject", wanted, ProjectName=name)
        if wanted is None:
            self.rules.projects[-1].arn = self.is_new(body["ProjectArn"])
            self.seen_projects.append(self.rules.projects[-1])

    def delete_project(self):
        project = self.random.choice(self.seen_projects[-6:])
        self.call("DeleteProject", self.rules.delete_project(project), ProjectArn=project.arn)

    def train(self):
        project, name = self.random.choice(self.seen_projects[-5:]), self.random.choice("vwxyz")
        wanted = self.rules.train(project, name)
        self.added(wanted, self.call("CreateProjectVersion", wanted, ProjectArn=project.arn, VersionName=name,
                                     OutputConfig={"S3Bucket": "out"}))

    def copy(self):
        project, source = self.random.choice(self.seen_projects[-5:]), self.random.choice(self.seen_versions[-8:])
        name = self.random.choice("vwxyz")
        wanted = self.rules.copy(source, project, name)
        self.added(wanted, self.call("CopyProjectVersion", wanted, SourceProjectArn=source.project.arn,
                                     SourceProjectVersionArn=source.arn, DestinationProjectArn=project.arn,
                                     VersionName=name, OutputConfig={"S3Bucket": "out"}))

    def added(self, error, body):
        if error is None:
            self.rules.versions[-1].arn = self.is_new(body["ProjectVersionArn"])
            self.seen_versions.append(self.rules.versions[-1])

    def start(self):
        version = self.random.choice(self.seen_versions[-8:])
        least, most = self.random.choice([1, 1, 2, 5, 6]), self.random.choice([None, None, 1, 3, 6])
        members = {"MinInferenceUnits": least, **({"MaxInferenceUnits": most} if most else {})}
        self.call("StartProjectVersion", self.rules.start(version, least, most), ProjectVersionArn=version.arn, **members)

    def simple(self, operation, rule, **members):
        version = self.random.choice(self.seen_versions[-8:])
        self.call(operation, rule(version), ProjectVersionArn=version.arn, **members)

    def stop(self):
        self.simple("StopProjectVersion", self.rules.stop)

    def delete(self):
        self.simple("DeleteProjectVersion", self.rules.delete)

    def detect(self):
        self.simple("DetectCustomLabels", self.rules.detect, Image={"S3Object": {"Bucket": "images", "Name": "n"}})

    def tell(self):
        version = self.random.choice(self.seen_versions[-8:])
        glob = self.random.choice(["*", f"*:project/{version.project.name}/*", f"*/version/{version.name}/*", version.arn])
        outcome = Outcome(glob, self.random.choice(["train", "copy", "start", "stop"]),
                          self.random.choice([None, None, 0, 1, 5000, 30000, 90000]), self.random.choice([1, 1, 2, 3]))
        body = {"resource": glob, "event": outcome.event, "to": "fail", "times": outcome.left,
                **({} if outcome.after is None else {"after": f"{outcome.after}ms"})}
        self.told.append(f"{self.rules.now} outcome {body}")
        self.check(self.server.control("POST", "/_local/outcomes", body).status, 200, "outcome")
        self.rules.post(outcome)

    def forget(self):
        self.told.append("no outcomes any more")
        self.server.control("DELETE", "/_local/outcomes")
        self.rules.outcomes = []

    def advance(self):
        """To a random moment, or to one ms before, at or after something is due."""
        due = self.rules.due()
        moment = self.rules.now + self.random.choice([0, 1, 999, 5000, 30000, 90000])
        if due and self.random.random() < 0.6:
            moment = max(self.rules.now, self.random.choice(due) + self.random.choice([-1, 0, 1]))
        by = moment - self.rules.now
        moves = self.rules.pass_to(moment)
        answer = self.server.control("POST", "/_local/clock/advance", {"by": f"{by}ms"})
        self.told.append(f"{moment} advanced by {by} ms")
        fired = answer.json()["fired"]
        self.check(len(fired), moves, f"moves that fired: {fired}")
        self.check([f["at"] for f in fired], sorted(f["at"] for f in fired), "their order")

    def restart(self):
        how = self.random.choice([self.server.stop, self.server.kill])
        self.told.append(how.__name__)
        how()
        self.server.start()

    # ---- what is looked at ----------------------------------------------------

    def compare(self):
        self.rules.pass_to(self.rules.now)  # durations of nothing
        found = {p["ProjectArn"]: p["Status"] for p in self.call("DescribeProjects", None)["ProjectDescriptions"]}
        self.check(found, {p.arn: p.status for p in self.rules.projects}, "the projects")
        for project in self.rules.projects:
            listed = self.call("DescribeProjectVersions", None, ProjectArn=project.arn)["ProjectVersionDescriptions"]
            own = [v for v in self.rules.versions if v.project is project]
            self.check({v["ProjectVersionArn"]: v["Status"] for v in listed}, {v.arn: v.status for v in own},
                       f"the versions of {project.name}")
            self.check({v["ProjectVersionArn"]: (v["MinInferenceUnits"], v.get("MaxInferenceUnits"))
                        for v in listed if "MinInferenceUnits" in v},
                       {v.arn: v.units for v in own if v.units}, "their units")

    def compare_bills(self):
        usage = self.server.control("GET", "/_local/usage").json()
        rows = self.rules.usage()
        self.check(sorted(row["arn"] for row in usage["versions"]), sorted(rows), "who is on the bill")
        totals = {name: sum(row[name] for row in rows.values()) for name in Usage().row(0, 0)}
        for found, wanted in [(row, rows[row["arn"]]) for row in usage["versions"]] + [(usage["totals"], totals)]:
            for name, figure in wanted.items():
                if not math.isclose(found[name], figure, abs_tol=1e-9):
                    self.check(found, wanted, f"the bill's {name}")
        self.check(sorted(usage["running"]), sorted(v.arn for v in self.rules.versions if v.status == "RUNNING"), "running")
        left = [outcome["left"] for outcome in self.server.control("GET", "/_local/outcomes").json()["outcomes"]]
        self.check(left, [outcome.left for outcome in self.rules.outcomes], "what outcomes have left")

    def go(self):
        with self.server:
            self.server.start()
            self.create_project()
            self.advance_past_creation()
            while not self.seen_versions:
                self.train()
            acts = [self.create_project, self.delete_project, self.train, self.train, self.copy, self.start, self.start,
                    self.stop, self.stop, self.delete, self.detect, self.advance, self.advance, self.advance, self.tell]
            for step in range(STEPS):
                self.random.choice(acts)()
                if step % 97 == 96:
                    self.restart()
                if step % 50 == 49:
                    self.forget()
                self.compare()
                if step % 5 == 4:
                    self.compare_bills()

    def advance_past_creation(self):
        self.rules.pass_to(LASTS["project.create"])
        self.server.control("POST", "/_local/clock/advance", {"by": f"{LASTS['project.create']}ms"})


def tests():
    chosen = os.environ.get("TEST_SEED")
    for seed in [int(chosen)] if chosen else [*SEEDS, random.randrange(1000, 1000000)]:
        yield f"a random walk obeys the rules, seed {seed}", lambda binary, seed=seed: Walk(binary, seed).go()
