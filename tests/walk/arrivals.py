"""Large fixtures come a piece at a time: as small ones do, all or nothing, and nobody else waits for them."""

import json
import random
import threading
import time

from server import PATIENCE, Closed, Connection, Server, Stream, request
from worlds import FROZEN, digest, done, furnish, state

LARGE = 16 * 1024  # bytes: from here on a fixture comes in pieces
LOADED, OTHER = "333333333333", "444444444444"


def load(server, fixture, large):
    """Spaces make a fixture large that is not."""
    text = json.dumps(fixture)
    return server.control("POST", "/_local/load", (text + " " * LARGE * large).encode())


def many(count):
    return {"images": [{"image": {"s3": f"faces/{i}.jpg"}, "shows": {}} for i in range(count // 10)],
            "people": [{"name": f"ann{i}"} for i in range(count // 10)],
            "accounts": {LOADED: {"us-east-1": {"projects": [
        {"name": f"p{i}", "versions": [{"name": "v", "status": "STARTING"}] if i % 10 == 0 else []}
        for i in range(count)]}}}}


def empty(server):
    done(server.control("POST", f"/_local/reset?account={LOADED}"))
    for kind in ("images", "people"):
        done(server.control("DELETE", f"/_local/{kind}"))


def told(server):
    """All of the history, but for its ids: a piece at a time may leave some out."""
    return [{k: v for k, v in event.items() if k != "id"}
            for event in done(server.control("GET", "/_local/history"))["events"]]


def the_same_world(binary):
    with Server(binary, FROZEN).start() as server:
        fixture = furnish(server)
        fixture["images"] = [{"image": {"s3": "faces/*.jpg"}, "shows": {"persons": [{"person": "ann"}]}},
                             {"account": OTHER, "image": {"sha256": "0" * 64}, "shows": {}}]
        fixture["people"] = [{"name": "ann"}]
        worlds = []
        for large in (False, True):
            done(server.control("POST", "/_local/reset"))
            begun = done(server.control("GET", "/_local/clock"))["now"]
            counts = done(load(server, fixture, large))
            now = digest(server)
            events = [{k: v for k, v in e.items() if k != "at"} for e in told(server)]
            worlds.append((counts, now, events))
            assert done(server.control("GET", "/_local/clock"))["now"] == begun
        assert worlds[0] == worlds[1], "large fixtures make another world"
        settled = done(server.control("POST", "/_local/clock/advance", {"until": "settled"}))
        assert settled["fired"], "what was pending is not any more"
        assert load(server, fixture, True).status == 409, "names were taken twice"


def refused_is_nothing(binary):
    with Server(binary, FROZEN).start() as server:
        furnish(server)
        done(server.control("POST", "/_local/outcomes", {"resource": f"*:{LOADED}:*", "event": "start", "to": "fail"}))
        fixture = many(2000)
        projects = fixture["accounts"][LOADED]["us-east-1"]["projects"]
        before = (state(server), told(server), done(server.control("GET", "/_local/outcomes")))
        listener = Stream(server.address, request("GET", "/_local/events?type=transition", []))
        for wrong in ({"name": "p7"}, {"name": "p", "status": "DONE"}, {"name": "p", "colour": 1},
                      {"name": "p", "versions": [{"name": "v", "usesDatasets": 7}]}):
            projects.append(wrong)
            answer = load(server, fixture, True)
            assert answer.status == 400 and b".projects[2000]" in answer.body, answer.body
            assert (state(server), told(server), done(server.control("GET", "/_local/outcomes"))) == before
            projects.pop()
        done(server.call("CreateProject", {"ProjectName": "next"}, OTHER))
        assert OTHER in listener.event()["data"], "listeners were told of what was refused"
        listener.close()
        assert done(load(server, fixture, True)) == {"projects": 2000, "versions": 200}
        projects[:] = [{"name": "p3"}, {"name": "new"}]
        answer = load(server, fixture, True)
        assert answer.status == 409 and answer.json()["error"]["code"] == "NameTaken"
        projects.pop(0)
        assert done(load(server, fixture, True))["projects"] == 1


class Load(threading.Thread):
    """One that is under way."""

    def __init__(self, server, fixture):
        super().__init__()
        self.address, self.body, self.answer = server.address, json.dumps(fixture).encode(), None
        self.start()

    def run(self):
        try:
            connection = Connection(self.address)
            connection.send(request("POST", "/_local/load", [], self.body))
            self.answer = connection.answer()
        except (Closed, OSError):
            pass  # it was killed


def others_go_on(binary):
    count = 4000
    with Server(binary, ["--profile", "aws", "--log", "off"]).start() as server:
        loading, answered, seen = Load(server, many(count)), 0, set()
        while loading.is_alive():
            done(server.call("CreateProject", {"ProjectName": f"q{answered}"}, f"{answered:012}"))
            answered += loading.is_alive()
            if answered % 4 == 0:
                found = state(server, f"?account={LOADED}")["accounts"]
                seen.add(len(found[LOADED]["us-east-1"]["projects"]) if found else 0)
                done(server.call("DescribeProjects", {"MaxResults": 1}, LOADED))
        done(loading.answer)
        assert answered >= 5, f"while {count} projects came {answered} calls of others were answered"
        assert seen <= {0, count}, f"a part of them was seen: {seen}"
        assert digest(server, f"?account={LOADED}")


def all_or_nothing(binary, seed):
    chance, count = random.Random(seed), 3000
    with Server(binary, ["--profile", "aws", "--log", "off"]).start() as server:
        done(server.call("CreateProject", {"ProjectName": "birds"}, OTHER))
        before, events = digest(server), told(server)
        begun = time.monotonic()
        done(load(server, many(count), False))
        lasts = time.monotonic() - begun
        empty(server)
        for _ in range(6):
            loading = Load(server, many(count))
            loading.join(chance.uniform(0.2, 1.1) * lasts)
            server.kill()
            loading.join(PATIENCE)
            server.start()
            found = state(server, f"?account={LOADED}")["accounts"]
            if found:
                assert len(found[LOADED]["us-east-1"]["projects"]) == count, "a part of it is there"
                empty(server)
            else:
                assert not loading.answer or loading.answer.status != 200, "what was answered is lost"
            assert digest(server) == before, "it left something behind"
            assert told(server) == events, "the history has what never was"


def stopped_meanwhile(binary):
    with Server(binary, ["--profile", "aws", "--log", "off"]).start() as server:
        before = digest(server)
        for pause in (0.01, 0.2, 0.5):
            loading = Load(server, many(3000))
            loading.join(pause)
            assert server.stop() == 0
            loading.join(PATIENCE)
            server.start()
            if loading.answer and loading.answer.status == 200:
                empty(server)
            assert digest(server) == before


def tests():
    yield "A large fixture makes the world that a small one makes.", the_same_world
    yield "A large fixture that is refused changes nothing.", refused_is_nothing
    yield "While a large fixture comes, others are answered, and nobody sees a part of it.", others_go_on
    seed = random.randrange(1000000)
    yield f"A large fixture is there or not after kill -9, seed {seed}.", lambda binary: all_or_nothing(binary, seed)
    yield "A server that is stopped while a large fixture comes ends well.", stopped_meanwhile
