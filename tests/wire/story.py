"""Tells one story to one server. The language is that of tests/wire/run, which documents it."""

import base64
import contextlib
import datetime
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
from email.utils import parsedate_to_datetime

from tables import ERRORS
from reference import reference
from expected import Mismatch, compare_json, compare_text, read_expected
from server import PATIENCE, SLOW, Connection, Server, Stream, credentials, free_port, request, signed

DEFAULT = "--clock frozen --profile aws"
BEGIN = "2030-01-01T00:00:00.000Z"
UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
METHODS = ("GET", "PUT", "POST", "PATCH", "DELETE", "HEAD")


def tell(binary, path, steps, seen):
    """None when the story holds; else what went wrong, for people."""
    folder = tempfile.mkdtemp(prefix="rekognition-local.")
    teller = Teller(binary, folder, seen)
    number, text = steps[0] if steps else (0, "")
    try:
        for number, text in steps:
            teller.step(text)
        number, text = "end", "the server is told to stop"
        teller.end()
    except Exception as problem:  # whatever it is, it is this story's failure
        return teller.explain(f"{os.path.relpath(path)}:{number}", text, problem)
    finally:
        teller.close()
        shutil.rmtree(folder, ignore_errors=True)
    return None


def unescape(text):
    """The bytes of a text, in which \\xNN is one byte."""
    return re.sub(rb"\\x([0-9a-fA-F]{2})", lambda found: bytes([int(found[1], 16)]), text.encode("utf-8"))


def cut(text):
    """The first word, and the rest."""
    word = re.match(r"\S+", text)[0]
    return word, text[len(word):].lstrip(" ")


def lines_below(text):
    """The indented lines below the first, without their indent; a bar stands for the beginning of a line."""
    return [re.sub(r"^\| ?", "", line) for line in map(str.strip, text.split("\n")[1:])]


class Teller:
    def __init__(self, binary, folder, seen):
        self.server = Server(binary, DEFAULT.split(), folder)
        self.seen = seen
        self.bound = {"dir": folder, "port": free_port()}
        self.who, self.agent, self.at_control = None, "", False
        self.answer = self.connection = self.done = None
        self.turns = None  # what a `for` bound and was answered, turn by turn
        self.has_fired, self.fired = [], None  # by the last advance; what of it is still to be told
        self.waiting, self.remembered, self.environment = {}, {}, {}
        self.streams, self.stream = {}, None  # who listens, and to what is heard
        self.watched = True  # whether a refused call is seen to change nothing: not while time goes by itself

    # ---- steps ------------------------------------------------------------

    def step(self, text):
        word, rest = cut(text)
        if re.fullmatch(r"\d{3}", word):
            self.expect(lambda: self.expect_status(int(word), rest))
        elif handler := getattr(self, "expect_" + word, None):
            self.expect(lambda: handler(rest))
        else:
            self.settle()
            self.act(text)

    def act(self, text):
        word, rest = cut(text)
        if handler := getattr(self, "step_" + word, None):
            handler(rest)
        elif word in METHODS:
            self.control(word, rest)
        elif re.fullmatch(r"[A-Z]\w+", word):
            self.call(word, rest)
        else:
            raise Mismatch(f"there is no step '{word}'")

    def expect(self, check):
        """Checks now; and once more for each turn of a `for` that made what is checked."""
        for bound, answer in self.turns or [({}, self.answer)]:
            self.bound.update(bound)
            self.answer = answer
            check()

    def settle(self):
        """Before the next step: a call of the API of which nothing was expected has succeeded."""
        if self.fired:
            raise Mismatch("fired too: " + "; ".join(self.print_fired(f) for f in self.fired))
        for _, answer in self.turns or [(None, self.answer)]:
            if answer is not None and not answer.judged and answer.status != 200:
                self.answer = answer
                raise Mismatch("this call was expected to succeed")
        self.turns = self.fired = None

    def end(self):
        self.settle()
        if self.server.process:
            self.step_stop("")

    def close(self):
        for connection in [self.connection, *self.waiting.values(), *self.streams.values()]:
            if connection:
                connection.close()
        if self.server.process:
            self.server.kill()  # already ended or not
        with contextlib.suppress(OSError):
            self.seen.log(self.server.log_text())

    def explain(self, place, text, problem):
        lines = [f"  {place}: {text.splitlines()[0] if text else ''}"]
        lines += ["    " + line for line in str(problem).splitlines() or [repr(problem)]]
        if self.server.process and self.server.process.poll() is not None:
            lines.append(f"    the server has ended, exit status {self.server.process.returncode}")
        if self.answer is not None:
            shown = self.answer.body.decode(errors="backslashreplace")
            with contextlib.suppress(ValueError):
                shown = json.dumps(json.loads(shown), indent=2, ensure_ascii=False)
            lines += [f"    the answer: {self.answer.status}"] + ["      " + line for line in shown.splitlines()[:60]]
        with contextlib.suppress(OSError):
            lines += ["    the log:"] + ["      " + line for line in self.server.log_text().splitlines()[-5:]]
        return "\n".join(lines)

    # ---- the server's life ------------------------------------------------

    def running(self):
        if not self.server.process:
            self.step_server(DEFAULT)
        return self.server

    def step_server(self, rest):
        fresh = not os.path.exists(self.server.database)
        if self.server.process:
            self.step_stop("")
        self.server.arguments = self.substitute(rest).split()
        self.server.start(self.environment)
        self.environment = {}
        self.bound["port"] = self.server.address[1]
        frozen = self.is_frozen()
        if fresh and frozen and self.server.control("PUT", "/_local/clock", {"now": BEGIN}).status != 200:
            raise Mismatch("the clock cannot be set")
        self.watched = frozen and os.path.exists(self.server.database)
        self.answer = None

    def is_frozen(self):
        return '"frozen"' in self.server.control("GET", "/_local/clock").body.decode()

    def step_stop(self, _):
        begun = time.monotonic()
        self.answer = None
        status = self.server.stop()
        if status != 0:
            raise Mismatch(f"told to stop, the server exits {status}")
        if time.monotonic() - begun > max(1.0, 1.5 * (SLOW - 1)):
            raise Mismatch(f"told to stop, the server takes {time.monotonic() - begun:.1f} s")

    def step_kill(self, _):
        self.running().kill()
        self.answer = None

    def step_restart(self, _):
        self.running()
        self.step_stop("")
        self.server.start()

    def step_signal(self, rest):
        self.running().process.send_signal(signal.Signals["SIG" + rest])
        self.answer = None

    def step_passes(self, rest):
        units = {"ms": 1, "s": 1000, "m": 60000, "h": 3600000}
        passed = sum(int(n) * units[u] for n, u in re.findall(r"(\d+)(ms|s|m|h)", rest))
        with contextlib.closing(sqlite3.connect(self.server.database)) as db:
            db.execute("UPDATE world SET clock_wall_ms = clock_wall_ms - ?", (passed,))
            db.commit()

    # ---- calls ------------------------------------------------------------

    def substitute(self, text):
        def value(found):
            name = found[1] or found[2]
            if name not in self.bound:
                raise Mismatch(f"${name} is not bound")
            bound = self.bound[name]
            return json.dumps(bound) if isinstance(bound, (dict, list)) else str(bound)
        return re.sub(r"\$(?:\{(\w+)\}|([a-z]\w*))", value, text)

    def step_let(self, rest):
        name, _, text = rest.partition(" ")
        self.bound[name] = self.substitute(text)

    def step_blob(self, text):
        lines = "".join(self.substitute(line) + "\n" for line in lines_below(text))
        self.bound[text.split("\n")[0]] = base64.b64encode(unescape(lines)).decode("ascii")

    def step_as(self, rest):
        words = self.substitute(rest).split()
        self.who = None if words == ["nobody"] else words
        self.answer = None

    def step_agent(self, rest):
        self.agent = rest
        self.answer = None

    def api_request(self, operation, rest):
        body = unescape(self.substitute(rest) or "{}")
        headers = [("Content-Type", "application/x-amz-json-1.1"), ("X-Amz-Target", "RekognitionService." + operation)]
        if self.who and len(self.who) == 3:
            headers = signed(*self.who, headers, body)
        elif self.who:
            headers.append(credentials(*self.who))
        return request("POST", "/", [*headers, *([("User-Agent", self.agent)] if self.agent else [])], body)

    def call(self, operation, rest):
        server = self.running()
        if self.watched:
            server.control("GET", "/_local/clock")  # is a step, too: now nothing is due
        before = server.save() if self.watched else None
        while before and server.has_work(before):  # each of these calls gives it another turn
            server.control("GET", "/_local/clock")
            before = server.save()
        self.judge_call(operation, server.ask(self.api_request(operation, rest)), before)

    def judge_call(self, operation, answer, before):
        """What holds for every answer of the API."""
        self.answer = answer
        answer.judged = False
        self.seen.operation(operation, answer.status)
        compare_text("x-amzn-RequestId", f"/{UUID}/", answer.header("x-amzn-RequestId"))
        compare_text("Content-Type", "application/x-amz-json-1.1", answer.header("Content-Type"))
        compare_text("Content-Length", str(len(answer.body)), answer.header("Content-Length"))
        for absent in ("Transfer-Encoding", "Server", "Content-Encoding"):
            compare_text(absent, "-", answer.header(absent))
        compare_text("x-rekognition-local-reason", "-" if answer.status == 200 else "/[A-Z0-9_]+(: [ -~]+)?/",
                     answer.header("x-rekognition-local-reason"))
        away = abs((parsedate_to_datetime(answer.header("Date")) - datetime.datetime.now(datetime.timezone.utc))
                   .total_seconds())
        if away > 5 + PATIENCE / 4:
            raise Mismatch(f"Date is {answer.header('Date')}, {away:.0f} s away from real time")
        if before and answer.status != 200:
            then, now = self.server.world(before), self.server.world()
            if now != then:
                raise Mismatch("a refused call has changed the world:\n" + difference(then, now))

    def control(self, method, rest):
        target, _, body = self.substitute(rest).partition(" ")
        if not target.startswith("/_local"):
            raise Mismatch("control calls begin with /_local; use 'send'")
        self.answer = self.running().control(method, target, unescape(body) if body else None)
        self.answer.judged = True
        self.seen.control(method, target)
        if target == "/_local/clock":
            self.watched = self.is_frozen() and os.path.exists(self.server.database)

    def step_lines(self, text):
        self.bound[text.split("\n")[0]] = [line for line in lines_below(text) if line]
        self.answer = None

    def step_for(self, rest):
        name, first, last, inner = re.match(r"(\w+) in (\S+?)\.\.(\S+) (.*)", rest, re.S).groups()
        turns = []
        for i in range(int(self.substitute(first)), int(self.substitute(last)) + 1):
            self.bound[name] = i
            self.act(inner)
            turns.append(({name: i}, self.answer))
        self.turns = turns

    def step_each(self, rest):
        turns = []
        for line in self.bound[rest]:
            self.act(line)
            turns.append(({}, self.answer))
        self.turns = turns

    def step_later(self, rest):
        name, operation, body = re.match(r"(\w+) (\w+) ?(.*)", rest, re.S).groups()
        self.waiting[name] = Connection(self.running().address)
        self.waiting[name].operation = operation
        self.waiting[name].send(self.api_request(operation, body))
        self.answer = None

    def step_holds(self, rest):
        """The server has got so many calls of those sent with `later`, and holds them."""
        wanted, deadline = f"\nrekognition_local_held_calls {rest}\n", time.monotonic() + PATIENCE
        while wanted not in self.running().control("GET", "/_local/metrics").body.decode():
            if time.monotonic() > deadline:
                raise Mismatch("it does not")
        self.answer = None

    def step_answer(self, rest):
        connection = self.waiting.pop(rest)
        try:
            self.judge_call(connection.operation, connection.answer(), None)
        finally:
            connection.close()

    def step_listen(self, text):
        name, target = self.substitute(text.split("\n")[0]).split(" ")
        headers = [(n, v.strip()) for n, _, v in (self.substitute(line).partition(":") for line in lines_below(text))]
        self.streams[name] = Stream(self.running().address, request("GET", target, headers))
        self.seen.control("GET", target)
        self.answer = None

    def step_hear(self, rest):
        self.stream = self.streams[rest]
        self.answer = None

    def step_leave(self, rest):
        self.streams.pop(rest).close()

    def expect_event(self, rest):
        kind, _, wanted = rest.partition(" ")
        found = self.stream.event()
        compare_text("event", kind, found["event"])
        compare_json(read_expected(wanted), json.loads(found["data"]), self.bound)
        self.bound["id"] = found["id"]

    def expect_comment(self, rest):
        compare_text("comment", self.substitute(rest), self.stream.comment())

    def step_send(self, text):
        method, target = self.substitute(text.split("\n")[0]).split(" ")
        lines = [self.substitute(line) for line in lines_below(text)]
        empty = lines.index("") if "" in lines else len(lines)
        headers = [(n, v.strip()) for n, _, v in (line.partition(":") for line in lines[:empty])]
        headers = [(n, None if v == "-" else v) for n, v in headers]
        self.open_anew()
        self.connection.send(request(method, target, headers, unescape("\n".join(lines[empty + 1:]))))
        self.method = method
        self.step_answers("")
        if target.startswith("/_local"):
            self.seen.control(method, target)

    def step_door(self, rest):
        self.at_control = rest == "control"
        self.answer = None

    def step_raw(self, text):
        data = b"".join(unescape(line[:-1]) if line.endswith("\\") else unescape(line) + b"\r\n"
                        for line in map(self.substitute, lines_below(text)))
        if text.split("\n")[0] != "more":
            self.open_anew()
        self.connection.send(data)
        self.answer, self.method = None, "HEAD" if data.startswith(b"HEAD ") else "POST"

    def open_anew(self):
        if self.connection:
            self.connection.close()
        server = self.running()
        self.connection = Connection(server.control_address if self.at_control else server.address)

    def step_answers(self, _):
        self.answer = self.connection.answer(self.method, interim=True)
        self.answer.judged = True

    def read(self):
        if self.answer is None and self.connection:
            self.step_answers("")
        if self.answer is None:
            raise Mismatch("nothing was asked")
        return self.answer

    # ---- time -------------------------------------------------------------

    def step_advance(self, rest):
        wish = {"until": rest} if rest in ("next", "settled") else {"by": rest}
        self.answer = self.running().control("POST", "/_local/clock/advance", wish)
        self.answer.judged = True
        self.seen.control("POST", "/_local/clock/advance")
        if self.answer.status != 200:
            raise Mismatch("the clock does not advance")
        self.has_fired = self.answer.json()["fired"]

    @staticmethod
    def print_fired(event):
        return f"{event['from']} -> {event['to']} at {event['at']} {event['arn']}"

    def expect_fired(self, rest):
        if self.fired is None:
            self.fired = list(self.has_fired)
        if rest == "nothing":
            return
        if not self.fired:
            raise Mismatch("nothing more has fired")
        event = self.fired.pop(0)
        found = re.fullmatch(r"(\S+) -> (\S+)(?: at (\S+))?(?: (\S+))?", self.substitute(rest))
        if not found:
            raise Mismatch("not 'fired A -> B [at INSTANT] [ARN]'")
        for key, wanted in zip(("from", "to", "at", "arn"), found.groups()):
            if wanted and event[key] != wanted:
                raise Mismatch(f"fired {self.print_fired(event)}")

    # ---- what is expected of an answer ------------------------------------

    def expect_status(self, status, rest):
        answer = self.read()
        answer.judged = True
        if answer.status != status:
            raise Mismatch(f"the status is {answer.status}, not {status}")
        if re.match(r"[A-Z]\w+( |$)", rest):
            self.expect_error(answer, *rest.partition(" ")[::2])
        elif rest:
            compare_json(read_expected(rest), answer.json(), self.bound)

    def expect_error(self, answer, name, message):
        body = answer.json()
        if "error" in body:  # of the control API
            compare_json({"error": {"code": name, "message": "<any>"}}, body, self.bound)
            text = body["error"]["message"]
        else:
            text = body.get("Message", body.get("message"))
            status, form = ERRORS[name]
            said = {} if text is None else {"message" if form == "FRONT" else "Message": text}
            named = {"Code": name, "Logref": f"/{UUID}/"} if form == "SERVICE" else {}
            compare_json({"__type": name, **named, **said}, body, self.bound)
            if status != answer.status:
                raise Mismatch(f"{name} has status {answer.status}, not {status} as in errors.def")
        if message:
            compare_text("message", self.substitute_quoted(message), text)

    def substitute_quoted(self, text):
        return self.substitute(json.loads(text)) if text.startswith('"') else text

    def expect_header(self, rest):
        name, _, value = rest.partition(":")
        compare_text(name, self.substitute(value.strip()), self.read().header(name))

    def expect_body(self, rest):
        wanted = self.substitute(rest)
        body = self.read().body.decode(errors="backslashreplace")
        compare_text("body", wanted.replace("\\n", "\n") if not wanted.startswith("/") else wanted, body or None)

    def expect_closed(self, _):
        if self.stream:
            self.stream.expect_end()
        elif not self.connection.is_closed():
            raise Mismatch("the connection is not closed")

    def expect_open(self, _):
        if self.connection.is_closed(0.05):  # an end that was decided comes with the answer
            raise Mismatch("the connection is closed")

    # ---- the program as a command ------------------------------------------

    def step_env(self, rest):
        name, _, value = self.substitute(rest).partition("=")
        self.environment[name] = value

    def step_run(self, rest):
        self.done = subprocess.run([self.server.binary, *self.substitute(rest).split()], stdin=subprocess.DEVNULL,
                                   capture_output=True, timeout=PATIENCE, cwd=self.bound["dir"], check=False,
                                   env={**os.environ, **self.environment})
        self.environment, self.answer = {}, None

    def expect_exit(self, rest):
        if self.done.returncode != int(rest):
            raise Mismatch(f"it exits {self.done.returncode}: {self.done.stderr.decode()}")

    def expect_stdout(self, rest):
        compare_text("stdout", self.substitute(rest), self.done.stdout.decode().rstrip("\n") or None)

    def expect_stderr(self, rest):
        compare_text("stderr", self.substitute(rest), self.done.stderr.decode().rstrip("\n") or None)

    def expect_logged(self, rest):
        compare_text("log", self.substitute(rest), self.server.log_text() or None)

    # ---- files --------------------------------------------------------------

    def path(self, name):
        return os.path.join(self.bound["dir"], name)

    def step_file(self, rest):
        name, _, text = rest.partition(" ")
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), "wb") as f:
            f.write(unescape(self.substitute(text)))

    def expect_written(self, text):
        wanted = lines_below(text)
        with open(self.path(self.substitute(text.split("\n")[0])), encoding="utf-8") as f:
            found = f.read().splitlines()
        if len(found) != len(wanted):
            raise Mismatch(f"it has {len(found)} lines, not {len(wanted)}")
        for line, got in zip(wanted, found):
            compare_json(read_expected(line), json.loads(got), self.bound)

    def step_sql(self, rest):
        name, _, sql = rest.partition(" ")
        with contextlib.closing(sqlite3.connect(self.path(name))) as db:
            db.executescript(self.substitute(sql))
            db.commit()

    def step_truncate(self, rest):
        name, length = rest.split()
        os.truncate(self.path(name), int(length))

    def step_scribble(self, rest):
        name, offset = rest.split()
        with open(self.path(name), "r+b") as f:
            f.seek(int(offset))
            f.write(bytes(range(255, 0, -1)) * 16)

    def state_of(self, name):
        if name == "world":
            return self.server.world()
        with open(self.path(name), "rb") as f:
            return f.read()

    def step_remember(self, rest):
        self.running() if rest == "world" and not os.path.exists(self.server.database) else None
        self.remembered[rest] = self.state_of(rest)
        self.answer = None

    def step_same(self, rest):
        now, then = self.state_of(rest), self.remembered[rest]
        if now != then:
            raise Mismatch(f"{rest} has changed" + (":\n" + difference(then, now) if rest == "world" else ""))


def difference(before, after):
    lines = []
    for table in sorted(set(before) | set(after)):
        old, new = before.get(table, []), after.get(table, [])
        lines += [f"- {table} {row}" for row in old if row not in new]
        lines += [f"+ {table} {row}" for row in new if row not in old]
    return "\n".join(lines)
