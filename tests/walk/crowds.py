"""Many who wait: listeners of events that read, or do not, and calls that are held. Nobody waits for them."""

import json
import random
import resource
import threading
import time

from server import PATIENCE, SLOW, Closed, Connection, Server, Stream, request

FROZEN = ["--clock", "frozen", "--profile", "aws", "--log", "off"]
DESCRIBE = [("Content-Type", "application/x-amz-json-1.1"), ("X-Amz-Target", "RekognitionService.DescribeProjectVersions")]


def enough_files(count):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = count + 200
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, hard), hard))
    return hard >= wanted


def listen(server, query="", after=None, buffer=None):
    headers = [("Last-Event-ID", after)] if after else []
    return Stream(server.address, request("GET", "/_local/events" + query, headers), buffer)


def made(server, name="birds"):
    return server.call("CreateProject", {"ProjectName": name}).json()["ProjectArn"]


def train(server, project, name):
    server.call("CreateProjectVersion", {"ProjectArn": project, "VersionName": name, "OutputConfig": {"S3Bucket": "out"}})


def holds(server, count):
    wanted, deadline = f"\nrekognition_local_held_calls {count}\n", time.monotonic() + PATIENCE
    while wanted not in server.control("GET", "/_local/metrics").body.decode():
        assert time.monotonic() < deadline


class Watch:
    """Asks for health all the time; `worst` is the longest that it took."""

    def __init__(self, server):
        self.worst, self.over = 0.0, False
        self.connection = Connection(server.address)
        self.thread = threading.Thread(target=self.ask)

    def ask(self):
        while not self.over:
            begun = time.monotonic()
            self.connection.send(request("GET", "/_local/health", []))
            assert self.connection.answer("GET").status == 200
            self.worst = max(self.worst, time.monotonic() - begun)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over = True
        self.thread.join()
        self.connection.close()


def slow_reader(binary):
    with Server(binary, [*FROZEN, "--set", "limit.concurrentTrainings=100"]).start() as server:
        project = made(server)
        for i in range(60):
            train(server, project, f"v{i}")
        slow, quick, heard = listen(server, buffer=4096), listen(server), []

        def hear():
            for _ in range(1500):
                heard.append(json.loads(quick.event()["data"])["id"])
        hearing = threading.Thread(target=hear)
        hearing.start()
        for _ in range(1500):  # each an event of 16 KB: more than the kernel holds for who does not read
            server.call("DescribeProjectVersions", {"ProjectArn": project})
        hearing.join()
        assert heard == list(range(62, 1562)), "who reads hears all of it"
        got, last = [], None
        while (found := slow.next()) is not None:
            got, last = (got, found) if isinstance(found, str) else ([*got, json.loads(found["data"])["id"]], last)
        assert last == "dropped, the reader is too slow", last
        assert got == list(range(62, 62 + len(got))) and len(got) < 1500, "what came, came in order"
        back = listen(server, after=slow.last_id)
        rest = [json.loads(back.event()["data"])["id"] for _ in range(1500 - len(got))]
        assert got + rest == list(range(62, 1562)), "who comes back hears the rest, and nothing twice"
        for stream in (slow, quick, back):
            stream.close()


def thousand_listeners(binary):
    if not enough_files(1100):
        return "the limit of open files is too low"
    with Server(binary, FROZEN).start() as server:
        streams = [listen(server, "?type=transition") for _ in range(1000)]
        with Watch(server) as watch:
            for i in range(30):
                made(server, f"p{i}")
            told = [[stream.event()["id"] for _ in range(60)] for stream in streams]
        assert all(ids == told[0] for ids in told)
        assert watch.worst < 0.25 * SLOW, f"somebody waited {watch.worst:.3f} s"
        more = []
        while (answer := Connection(server.address)) and len(more) < 100:
            answer.send(request("GET", "/_local/events", []))
            more.append(answer)
            if answer.line().startswith("HTTP/1.1 409"):
                break
        assert 1000 < 1000 + len(more) <= 1025, "there is an end to it"
        for stream in streams + more:
            stream.close()
        made(server, "last")  # nobody hears of it, and nobody minds


def thousand_held(binary):
    if not enough_files(1100):
        return "the limit of open files is too low"
    with Server(binary, [*FROZEN, "--set", "describe.hold=60s"]).start() as server:
        project, other = made(server), made(server, "cats")
        train(server, project, "v1")
        body = json.dumps({"ProjectArn": project}).encode()
        held = [Connection(server.address) for _ in range(1000)]
        for connection in held:
            connection.send(request("POST", "/", DESCRIBE, body))
        holds(server, 1000)
        with Watch(server) as watch:
            train(server, other, "v1")
            holds(server, 1000)
            held.pop().close()  # who leaves is not missed
            server.control("POST", "/_local/clock/advance", {"by": "30m"})
            for connection in held:
                [version] = connection.answer().json()["ProjectVersionDescriptions"]
                assert version["Status"] == "TRAINING_COMPLETED"
                connection.close()
        assert watch.worst < 0.25 * SLOW, f"somebody waited {watch.worst:.3f} s"
        holds(server, 0)


def resuming(binary, seed):
    """Whoever comes and goes as it likes has heard, in the end, what one has heard who always listened."""
    chance = random.Random(seed)
    with Server(binary, [*FROZEN, "--set", "limit.projects=1000"]).start() as server:
        always = listen(server, "?after=0")
        after, heard, count, projects = "0", [], 0, []
        for _ in range(40):
            for _ in range(chance.randrange(12)):
                what = chance.randrange(4)
                if what == 0 or not projects:
                    projects.append(made(server, f"p{count}"))
                elif what == 1:
                    server.call("DescribeProjects", {})
                elif what == 2:
                    server.call("DeleteProject", {"ProjectArn": projects.pop()})
                else:
                    server.control("POST", "/_local/clock/advance", {"by": "1s"})
                count += 1
            sometimes = listen(server, after=after) if after != "0" else listen(server, "?after=0")
            now = listen(server)  # says where the end is
            assert now.next() == "listening"
            server.call("ListTagsForResource", {"ResourceArn": "arn:aws:rekognition:us-east-1:123456789012:project/x/1"})
            goal = now.event()["id"]
            while after != goal and (after == "0" or chance.random() < 0.97):
                heard.append(sometimes.event())
                after = heard[-1]["id"]
            sometimes.close()
            now.close()
        sometimes = listen(server, after=after)
        while after != goal:
            heard.append(sometimes.event())
            after = heard[-1]["id"]
        assert [always.event() for _ in heard] == heard
        try:
            always.socket.settimeout(0.01)
            raise AssertionError(f"one more: {always.event()}")
        except (TimeoutError, Closed):
            pass
        sometimes.close()
        always.close()


def tests():
    yield "A reader that is too slow is dropped, and hears the rest when it comes back.", slow_reader
    yield "A thousand listeners hear the same, and nobody waits for them.", thousand_listeners
    yield "A thousand calls are held, and answered when the step ends.", thousand_held
    for seed in (1, 2):
        yield f"Who comes and goes hears what one hears who stays, seed {seed}.", lambda binary, seed=seed: resuming(binary, seed)
