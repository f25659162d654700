"""Accounts side by side on one server, each with random calls and, now and then, a clock and snapshots of its own,
against a model for each that knows nothing of the others."""

import copy
import json
import os
import random

from random_walk import LASTS, LIMITS, Walk
from server import Server

STEPS = 1200
SEEDS = (4, 5)
ACCOUNTS = ("000000000001", "000000000002", "000000000003", "000000000004")


class Corner(Walk):
    """One account. It follows the world's clock until it has its own."""

    def __init__(self, server, chance, account, told):
        super().__init__(server.binary, 0)
        self.server.close()
        self.server, self.random, self.account, self.told = server, chance, account, told
        self.own, self.saved = False, None

    def call(self, operation, wanted, **members):
        answer = self.server.call(operation, members, account=self.account)
        body = answer.json()
        found = None if answer.status == 200 else body["__type"]
        self.told.append(f"{self.account} {self.rules.now} {operation} {members} -> {found or body}")
        self.check(found, wanted, operation)
        return body

    def is_new(self, arn):
        return arn  # an account that was brought back makes the same again

    def control(self, method, path, body=None, status=200):
        answer = self.server.control(method, f"/_local/{path}?account={self.account}", body)
        self.told.append(f"{self.account} {self.rules.now} {method} {path} {body} -> {answer.status}")
        self.check(answer.status, status, f"{method} {path}: {answer.body!r}")
        return answer.json()

    def recognize(self):
        """What was seen may be there again, after it was brought back or made once more."""
        there = {t.arn: t for t in self.rules.gone + self.rules.projects + self.rules.versions}
        self.seen_projects = [there.get(p.arn, p) for p in self.seen_projects]
        self.seen_versions = [there.get(v.arn, v) for v in self.seen_versions]

    def act(self):
        self.recognize()
        acts = [self.create_project, self.create_project, self.delete_project, self.train, self.train, self.start,
                self.start, self.stop, self.delete, self.detect]
        if not self.seen_projects:
            acts = acts[:1]
        elif not self.seen_versions:
            acts = [self.create_project, self.delete_project, self.train]
        self.random.choice(acts)()

    def advance_own(self, world_now):
        due = self.rules.due()
        moment = self.rules.now + self.random.choice([0, 1, 999, 5000, 30000, 90000])
        if due and self.random.random() < 0.6:
            moment = max(self.rules.now, self.random.choice(due) + self.random.choice([-1, 0, 1]))
        self.own = True
        by = moment - self.rules.now
        moves = self.rules.pass_to(moment)
        fired = self.control("POST", "clock/advance", {"by": f"{by}ms"})["fired"]
        self.check(len(fired), moves, f"moves that fired: {fired}")
        self.check({f["arn"].split(":")[4] for f in fired} - {self.account}, set(), "whose they are")

    def settle_own(self):
        self.own = True
        moves = self.rules.pass_to(max([self.rules.now, *self.rules.due()]))
        while self.rules.due():
            moves += self.rules.pass_to(max(self.rules.due()))
        fired = self.control("POST", "clock/advance", {"until": "settled"})["fired"]
        self.check(len(fired), moves, f"moves that fired: {fired}")

    def give_back(self, world_now):
        ahead = self.own and self.rules.now > world_now
        self.control("DELETE", "clock", status=409 if ahead else 200)
        if not ahead:
            self.own = False
            self.rules.pass_to(world_now)

    def save(self):
        self.control("PUT", f"snapshots/{self.account}")
        self.saved = (copy.deepcopy(self.rules), self.own)

    def restore(self, world_now):
        if not self.saved:
            return
        self.control("POST", f"snapshots/{self.account}/restore")
        self.rules, self.own = copy.deepcopy(self.saved[0]), self.saved[1]
        if not self.own:
            passed = world_now - self.rules.now
            for thing in self.rules.projects + self.rules.versions:
                thing.due = None if thing.due is None else thing.due + passed
            self.rules.now = world_now

    def forget_all(self, world_now):
        self.control("POST", "reset")
        kept = self.rules.now if self.own else world_now
        self.rules = type(self.rules)()
        self.rules.now = kept

    def compare(self):
        self.rules.pass_to(self.rules.now)
        super().compare()
        rows = self.rules.usage()
        usage = self.server.control("GET", f"/_local/usage?account={self.account}").json()
        self.check({row["arn"]: row["runningSeconds"] for row in usage["versions"]},
                   {arn: row["runningSeconds"] for arn, row in rows.items()}, "running seconds")
        clock = self.server.control("GET", f"/_local/clock?account={self.account}").json()
        self.check(clock["own"], self.own, "whether the clock is its own")


def advance_world(server, corners, now, chance, told):
    by = chance.choice([0, 1, 999, 5000, 30000])
    told.append(f"the world: {now} advances by {by}")
    moves = sum(c.rules.pass_to(now + by) for c in corners if not c.own)
    fired = server.control("POST", "/_local/clock/advance", {"by": f"{by}ms"}).json()["fired"]
    corners[0].check(len(fired), moves, f"moves of the world that fired: {fired}")
    return now + by


def go(binary, seed):
    chance, told, now = random.Random(seed), [], 0
    settings = [a for name, value in {**LIMITS, **{n: f"{ms}ms" for n, ms in LASTS.items()}}.items()
                for a in ("--set", f"{name}={value}")]
    with Server(binary, ["--clock", "frozen", "--log", "off", *settings]) as server:
        server.start()
        corners = [Corner(server, chance, account, told) for account in ACCOUNTS]
        for step in range(STEPS):
            corner, dice = chance.choice(corners), chance.random()
            if dice < 0.6:
                corner.act()
            elif dice < 0.7:
                now = advance_world(server, corners, now, chance, told)
            elif dice < 0.85:
                corner.advance_own(now)
            elif dice < 0.87:
                corner.settle_own()
            elif dice < 0.91:
                corner.give_back(now)
            elif dice < 0.95:
                corner.save()
            elif dice < 0.985:
                corner.restore(now)
            elif dice < 0.99:
                corner.forget_all(now)
            else:
                chance.choice([server.stop, server.kill])()
                server.start()
            for c in corners:
                if c is corner or step % 7 == 0:
                    c.compare()


def again_and_again(binary):
    """Every time its rows get other ids: they must not run out."""
    with Server(binary, ["--clock", "frozen", "--log", "off"]) as server:
        server.start()
        for account in ACCOUNTS:
            project = server.call("CreateProject", {"ProjectName": "p"}, account=account).json()["ProjectArn"]
            server.call("CreateProjectVersion", {"ProjectArn": project, "VersionName": "v", "OutputConfig": {"S3Bucket": "out"}},
                        account=account)
        before = server.control("GET", "/_local/state").json()["digest"]
        for turn in range(100):
            account = ACCOUNTS[turn % 3]
            for method, path in (("PUT", "snapshots/a"), ("POST", "snapshots/a/restore")):
                answer = server.control(method, f"/_local/{path}?account={account}")
                if answer.status != 200:
                    raise AssertionError(f"turn {turn}, {path}: {answer.body!r}")
        if server.control("GET", "/_local/state").json()["digest"] != before:
            raise AssertionError("it is another world")
        greatest = max(row[0] for row in server.world()["project"])
        if greatest > 1000:
            raise AssertionError(f"ids have come to {greatest}")


LINE = {"kind-metadata": {"class-name": "robin", "confidence": 1, "type": "groundtruth/image-classification",
                          "human-annotated": "yes", "creation-date": "2026-01-01T00:00:00"}, "kind": 1}


class Desk:
    """One account at work with datasets and objects."""

    def __init__(self, server, account):
        self.server, self.account = server, account

    def call(self, operation, **members):
        answer = self.server.call(operation, members, account=self.account)
        if answer.status != 200:
            raise AssertionError(f"{operation}: {answer.body!r}")
        return answer.json()

    def control(self, method, path):
        answer = self.server.control(method, f"/_local/{path}?account={self.account}")
        if answer.status != 200:
            raise AssertionError(f"{path}: {answer.body!r}")
        return answer.json()

    def saved_and_settled(self, name):
        """What comes of it, first by itself and then out of the snapshot of its beginning."""
        worlds = []
        self.control("PUT", f"snapshots/{name}")
        for _ in range(2):
            self.server.control("POST", "/_local/clock/advance", {"until": "settled"})
            worlds.append({d["DatasetType"]: self.call("DescribeDataset", DatasetArn=d["DatasetArn"])["DatasetDescription"]
                           ["DatasetStats"] for p in self.call("DescribeProjects")["ProjectDescriptions"]
                           for d in p["Datasets"]})
            if len(worlds) == 1:
                self.control("POST", f"snapshots/{name}/restore")
        if worlds[0] != worlds[1]:
            raise AssertionError(f"{name}: {worlds[0]}, and once more {worlds[1]}")
        return worlds[0]


def at_work(binary):
    """Imported, distributed, trained: each saved in the middle of the work, and brought back there."""
    with Server(binary, ["--clock", "frozen", "--log", "off", "--set", "training.maxImagesRead=0"]) as server:
        os.makedirs(server.folder + "/buckets/images")
        with open(server.folder + "/buckets/images/m.manifest", "w", encoding="utf-8") as f:
            for i in range(40):
                label = {"class-name": "robin" if i % 2 else "wren"}
                f.write(json.dumps({"source-ref": f"s3://images/{i}.png", **LINE,
                                    "kind-metadata": {**LINE["kind-metadata"], **label}}) + "\n")
        server.arguments += ["--s3", f"dir:{server.folder}/buckets"]
        server.start()
        for desk in [Desk(server, account) for account in ACCOUNTS[:2]]:
            project = desk.call("CreateProject", ProjectName="p")["ProjectArn"]
            train = desk.call("CreateDataset", ProjectArn=project, DatasetType="TRAIN", DatasetSource={"GroundTruthManifest": {
                "S3Object": {"Bucket": "images", "Name": "m.manifest"}}})["DatasetArn"]
            test = desk.call("CreateDataset", ProjectArn=project, DatasetType="TEST")["DatasetArn"]
            if desk.saved_and_settled("import")["TRAIN"]["TotalEntries"] != 40:
                raise AssertionError("not everything was imported")
            desk.call("DistributeDatasetEntries", Datasets=[{"Arn": train}, {"Arn": test}])
            if desk.saved_and_settled("distribute")["TEST"]["TotalEntries"] != 8:
                raise AssertionError("it was not distributed")
            desk.call("CreateProjectVersion", ProjectArn=project, VersionName="v", OutputConfig={"S3Bucket": "images"})
            desk.saved_and_settled("train")
            server.kill()
            server.start()
            version = desk.call("DescribeProjectVersions", ProjectArn=project)["ProjectVersionDescriptions"][0]
            if version["Status"] != "TRAINING_COMPLETED" or "EvaluationResult" not in version:
                raise AssertionError(version)


def tests():
    yield "an account at work is brought back at work", at_work
    yield "an account that is brought back again and again stays what it is", again_and_again
    chosen = os.environ.get("TEST_SEED")
    for seed in [int(chosen)] if chosen else [*SEEDS, random.randrange(1000, 1000000)]:
        yield f"accounts with clocks of their own never meet, seed {seed}", lambda binary, seed=seed: go(binary, seed)
