"""Calls that wait, held by describe.hold, while the store is another's: each is answered properly, and journaled."""

import http.server
import json
import random
import threading
import time

from server import PATIENCE, SLOW, Connection, Server, credentials, request

LIFE = 1.2  # seconds of load
HOLDERS, WRITERS = 12, 3
HOLD_MS = 60


def api(operation, account, **members):
    return request("POST", "/", [("Content-Type", "application/x-amz-json-1.1"),
                                 ("X-Amz-Target", "RekognitionService." + operation),
                                 credentials(account, "us-east-1")], json.dumps(members).encode())


class Client(threading.Thread):
    """Does its `turn` again and again, on a connection of its own, until it is told that it is over."""

    def __init__(self, server, turn, *more):
        super().__init__()
        self.connection, self.turn, self.more = Connection(server.address), turn, more
        self.over, self.problem, self.answers = False, None, 0

    def ask(self, bytes_sent, method="POST"):
        self.connection.send(bytes_sent)
        answer = self.connection.answer(method)
        self.answers += 1
        return answer

    def run(self):
        try:
            while not self.over:
                self.turn(self, *self.more)
        except Exception as problem:  # it is the test's
            self.problem = problem
        finally:
            self.connection.close()


def hold(client, account, project):
    """It is in the middle of a training: the hold ends when its time is over, never long before or after."""
    begun = time.monotonic()
    answer = client.ask(api("DescribeProjectVersions", account, ProjectArn=project))
    took = time.monotonic() - begun
    assert answer.status == 200, f"{answer.status} {answer.body!r}"
    assert answer.json()["ProjectVersionDescriptions"][0]["Status"] == "TRAINING_IN_PROGRESS", answer.body
    assert took >= HOLD_MS / 1000, f"it took {took:.3f} s"
    assert took < PATIENCE, f"it took {took:.3f} s"


def write(client, account, chance):
    """What makes the log of the database grow, so that it has to be copied to its places."""
    tags = {f"{chance.random()}": "x" * 200 for _ in range(20)}
    answer = client.ask(api("CreateProject", account, ProjectName=f"p{chance.getrandbits(60)}", Tags=tags))
    assert answer.status == 200, answer.body


def disturb(client, chance):
    """Others' worlds are emptied; metrics are counted; all of them have the store to themselves."""
    path = chance.choice(["/_local/reset?account=000000000777", "/_local/metrics"])
    method = "GET" if path == "/_local/metrics" else "POST"
    answer = client.ask(request(method, path, []), method)
    assert answer.status == 200, answer.body


def metric(server, name):
    text = server.control("GET", "/_local/metrics").body.decode()
    return int(text.split(f"\nrekognition_local_{name} ")[1].split("\n")[0])


def hold_under_load(binary, durability, seed):
    chance = random.Random(seed)
    arguments = ["--clock", "frozen", "--profile", "aws", "--log", "off", "--durability", durability,
                 "--set", f"describe.hold={HOLD_MS}ms", "--set", "limit.projects=1000000"]
    with Server(binary, arguments) as server:
        server.start()
        clients = []
        for i in range(HOLDERS):
            account = f"{i + 1:012}"
            project = server.call("CreateProject", {"ProjectName": "held"}, account).json()["ProjectArn"]
            server.call("CreateProjectVersion", {"ProjectArn": project, "VersionName": "v",
                                                 "OutputConfig": {"S3Bucket": "out"}}, account)
            clients.append(Client(server, hold, account, project))
        holders = clients[:]
        clients += [Client(server, write, f"{900 + i:012}", random.Random(chance.random())) for i in range(WRITERS)]
        clients.append(Client(server, disturb, random.Random(chance.random())))
        for client in clients:
            client.start()
        time_is_over = threading.Event()
        time_is_over.wait(LIFE * SLOW)
        for client in clients:
            client.over = True
        for client in clients:
            client.join()
        problems = [c.problem for c in clients if c.problem]
        assert not problems, f"{len(problems)} of {len(clients)} clients: {problems[0]!r}"
        assert metric(server, "held_calls") == 0
        answers = sum(c.answers for c in holders)
        journaled = server.control("GET", "/_local/requests/count?operation=DescribeProjectVersions&status=200").json()
        kept = server.control("GET", "/_local/requests/count").json()["count"]
        assert journaled["count"] == answers or kept == 10000, f"{journaled} of {answers} are in the journal"


def restored_under_a_hold(binary):
    """Snapshots of the world are brought back while calls are held in it: each is asked anew, and answered."""
    arguments = ["--clock", "frozen", "--profile", "aws", "--log", "off", "--set", "describe.hold=40ms"]
    with Server(binary, arguments) as server:
        server.start()
        project = server.call("CreateProject", {"ProjectName": "held"}).json()["ProjectArn"]
        server.call("CreateProjectVersion", {"ProjectArn": project, "VersionName": "v", "OutputConfig": {"S3Bucket": "out"}})
        server.control("PUT", "/_local/snapshots/before")
        clients = [Client(server, describe_either_way, project) for _ in range(HOLDERS)]
        for client in clients:
            client.start()
        for _ in range(12):
            assert server.control("POST", "/_local/snapshots/before/restore").status == 200
            server.control("POST", "/_local/reset")
            assert server.control("POST", "/_local/snapshots/before/restore").status == 200
        for client in clients:
            client.over = True
        for client in clients:
            client.join()
        problems = [c.problem for c in clients if c.problem]
        assert not problems, f"{len(problems)} of {len(clients)} clients: {problems[0]!r}"
        assert metric(server, "held_calls") == 0


def describe_either_way(client, project):
    answer = client.ask(request("POST", "/", [("Content-Type", "application/x-amz-json-1.1"),
                                              ("X-Amz-Target", "RekognitionService.DescribeProjectVersions")],
                                json.dumps({"ProjectArn": project}).encode()))
    if answer.status != 200:
        assert answer.status == 400 and answer.json()["__type"] == "ResourceNotFoundException", answer.body


MANIFESTS = ("1.manifest", "3.manifest")


class Bucket(http.server.ThreadingHTTPServer):
    """A server of S3 that has a manifest of as many lines as its name says, and sends it when it is told to."""

    daemon_threads = True

    class RequestHandlerClass(http.server.BaseHTTPRequestHandler):
        def do_HEAD(self):
            self.do_GET()

        def do_GET(self):
            name = self.path.rpartition("/")[2]
            if self.command == "GET":
                self.server.asked[name].set()
                self.server.told[name].wait(PATIENCE)
            line = {"source-ref": "s3://images/%d.jpg", "bird": 1, "bird-metadata": {
                "confidence": 1, "class-name": "wren", "human-annotated": "yes", "creation-date": "2026-01-01T00:00:00",
                "type": "groundtruth/image-classification"}}
            body = "".join(json.dumps(line) % i + "\n" for i in range(int(name[0]))).encode()
            try:
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.send_header("ETag", '"x"')
                self.end_headers()
                if self.command == "GET":
                    self.wfile.write(body)
            except OSError:
                pass  # whoever asked has given up
            if self.command == "GET":
                self.server.sent[name].set()

        def log_message(self, *_):
            pass

    def __init__(self):
        super().__init__(("127.0.0.1", 0), self.RequestHandlerClass)
        self.asked, self.told, self.sent = ({name: threading.Event() for name in MANIFESTS} for _ in range(3))
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, *_):
        pass


def dataset_of(server, project, name):
    source = {"GroundTruthManifest": {"S3Object": {"Bucket": "data", "Name": name}}}
    answer = server.call("CreateDataset", {"ProjectArn": project, "DatasetType": "TRAIN", "DatasetSource": source})
    assert answer.status == 200, answer.body
    return answer.json()["DatasetArn"]


def workers_of_another_world(binary):
    """What was worked on when a world went is not the work that has its id in the world that came."""
    with Bucket() as bucket, Server(binary, ["--clock", "frozen", "--profile", "aws", "--log", "off",
                                             "--s3", f"http://127.0.0.1:{bucket.server_address[1]}"]) as server:
        server.start()
        project = server.call("CreateProject", {"ProjectName": "p"}).json()["ProjectArn"]
        for name, manifest in (("empty", None), ("busy", "3.manifest"), (None, "1.manifest")):
            if manifest:  # the same dataset, and so the same work, of the one world or the other
                dataset = dataset_of(server, project, manifest)
                assert bucket.asked[manifest].wait(PATIENCE)
            if name:
                assert server.control("PUT", "/_local/snapshots/" + name).status == 200
                assert server.control("POST", "/_local/snapshots/empty/restore").status == 200
        bucket.asked["3.manifest"].clear()
        assert server.control("POST", "/_local/snapshots/busy/restore").status == 200
        assert bucket.asked["3.manifest"].wait(PATIENCE)
        bucket.told["1.manifest"].set()
        assert bucket.sent["1.manifest"].wait(PATIENCE)
        for _ in range(50):  # whoever still waits for it has turns enough to do its work
            server.control("GET", "/_local/clock")
        bucket.told["3.manifest"].set()
        assert server.control("POST", "/_local/clock/advance", {"until": "settled"}).status == 200
        found = server.call("DescribeDataset", {"DatasetArn": dataset}).json()["DatasetDescription"]
        assert (found["Status"], found["DatasetStats"]["TotalEntries"]) == ("CREATE_COMPLETE", 3), found
        bucket.shutdown()


def tests():
    return [(f"held calls are answered while others have the store to themselves, durability {durability}, seed {seed}",
             lambda binary, d=durability, s=seed: hold_under_load(binary, d, s))
            for durability, seed in (("process", 1), ("power", 2))] + \
           [("a call is held through a reset and a restore", restored_under_a_hold),
            ("the workers of a world go with it when a snapshot is restored", workers_of_another_world)]
