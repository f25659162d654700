"""What tests in Python share: a server of their own, and a plain client that shows every byte of an answer.

A server has a folder of its own, a free port and a file for its log; it is ended by its process id, and must then
exit 0, for that is how leaks are seen. TEST_SLOW stretches every patience.
"""

import contextlib
import datetime
import hashlib
import hmac
import json
import os
import re
import resource
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile

from reference import reference

SLOW = float(os.environ.get("TEST_SLOW", "1"))
PATIENCE = 20 * SLOW
READY = re.compile(r"rekognition-local \S+ ready on (https?)://(\S+):(\d+)(?: with control on (?:unix:|https?://)(\S+))?\n")

# Tables that a refused call may change: what was asked of the server, and how hard, is no part of the world.
ASIDE = {"breakpoint", "demand", "detection", "journal", "request", "requests", "fault", "outcome", "usage", "sqlite_sequence"}


def free_port():
    """A port that nobody has, for a moment; only for tests that must name one before the server starts."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Answer:
    """One HTTP answer. `headers` is a list of pairs, as they came."""

    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body
        self.judged = True  # False: nobody has said yet whether it is what was wanted

    def header(self, name):
        found = [value for key, value in self.headers if key.lower() == name.lower()]
        return ", ".join(found) if found else None

    def json(self):
        return json.loads(self.body)


class Closed(Exception):
    """The server closed the connection before a whole answer."""


class Connection:
    """Bytes out, answers in. Nothing is retried, nothing is added."""

    def __init__(self, address, buffer=None):
        self.socket = socket.socket(socket.AF_UNIX if isinstance(address, str) else
                                    socket.AF_INET6 if ":" in address[0] else socket.AF_INET)
        self.socket.settimeout(PATIENCE)
        if buffer:  # how much the system reads ahead: to be said before it connects
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        self.socket.connect(address)
        if not isinstance(address, str):
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.kept = b""

    def send(self, data):
        self.socket.sendall(data)

    def close(self):
        self.socket.close()

    def more(self):
        try:
            data = self.socket.recv(65536)
        except ConnectionResetError:
            data = b""
        if not data:
            raise Closed(f"closed after {self.kept[:200]!r}" if self.kept else "closed without an answer")
        self.kept += data

    def take(self, length):
        while len(self.kept) < length:
            self.more()
        data, self.kept = self.kept[:length], self.kept[length:]
        return data

    def line(self):
        while b"\r\n" not in self.kept:
            self.more()
        line, self.kept = self.kept.split(b"\r\n", 1)
        return line.decode("latin-1")

    def body(self, headers):
        if "chunked" in headers.get("transfer-encoding", ""):
            data = b""
            while size := int(self.line().split(";")[0], 16):
                data += self.take(size)
                self.line()
            self.line()
            return data
        if "content-length" in headers:
            return self.take(int(headers["content-length"]))
        with contextlib.suppress(Closed):
            while True:
                self.more()
        return self.take(len(self.kept))

    def answer(self, method="POST", interim=False):
        """The next answer; with `interim` also a 100 Continue is one."""
        while True:
            status = int(self.line().split(" ")[1])
            headers = []
            while line := self.line():
                name, _, value = line.partition(":")
                headers.append((name, value.strip()))
            if status != 100 or interim:
                break
        bodiless = method == "HEAD" or status in (100, 204, 304)
        return Answer(status, headers, b"" if bodiless else self.body({k.lower(): v for k, v in headers}))

    def is_closed(self, patience=5 * SLOW):
        """Whether the server ends the connection, within so many seconds, without another byte."""
        self.socket.settimeout(patience)
        try:
            return not self.kept and self.socket.recv(1) == b""
        except ConnectionResetError:
            return True
        except TimeoutError:
            return False
        finally:
            self.socket.settimeout(PATIENCE)


class Stream(Connection):
    """Server-sent events, as they come: comments and events in their order."""

    def __init__(self, address, data, buffer=None):
        super().__init__(address, buffer)
        self.send(data)
        self.status = int(self.line().split(" ")[1])
        self.headers = {}
        while line := self.line():
            name, _, value = line.partition(":")
            self.headers[name.lower()] = value.strip()
        self.text, self.ended, self.fields, self.last_id = b"", False, {}, None

    def field(self):
        """The next line of the stream; None: it has ended."""
        while b"\n" not in self.text:
            size = 0 if self.ended else int(self.line(), 16)
            if not size:
                self.ended = True
                return None
            self.text += self.take(size)
            self.line()
        line, self.text = self.text.split(b"\n", 1)
        return line.decode()

    def next(self):
        """The next comment, as a text, or event, as a dictionary; None: the stream has ended."""
        while (line := self.field()) is not None:
            name, _, value = line.partition(":")
            if line and not name:
                return value.strip()
            if line:
                self.fields[name] = value.strip()
                continue
            fields, self.fields = self.fields, {}
            self.last_id = fields.get("id", self.last_id)
            if "data" in fields:
                return fields
        return None

    def event(self):
        """The next event; comments are passed over."""
        while isinstance(found := self.next(), str):
            pass
        if found is None:
            raise Closed("the stream has ended")
        return found

    def comment(self):
        """The next comment with words in it; there must be no event before it."""
        while (found := self.next()) == "":
            pass
        if not isinstance(found, str):
            raise Closed(f"no comment, but {found}")
        return found

    def expect_end(self):
        if (found := self.next()) is not None:
            raise Closed(f"no end, but {found}")


def request(method, target, headers, body=b""):
    """The bytes of a well-formed request; a header of these names replaces ours, None as its value removes it."""
    ours = {"Host": "127.0.0.1", "Content-Length": str(len(body))}
    for name, value in headers:
        ours.pop(next((n for n in ours if n.lower() == name.lower()), ""), None)
    lines = [f"{method} {target} HTTP/1.1", *(f"{n}: {v}" for n, v in [*ours.items(), *headers] if v is not None)]
    return "\r\n".join(lines).encode("utf-8", "surrogateescape") + b"\r\n\r\n" + body


def credentials(account, region):
    return ("Authorization", f"AWS4-HMAC-SHA256 Credential={account}/20300101/{region}/rekognition/aws4_request, "
                             "SignedHeaders=host, Signature=00")


def signed(key, region, secret, headers, body=b"", target="/", service="rekognition", now=None):
    """The headers, and those that Signature Version 4 adds to a POST of them; in real time."""
    now = now or datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    scope = f"{now[:8]}/{region}/{service}/aws4_request"
    headers = [*headers, ("Host", "127.0.0.1"), ("X-Amz-Date", now)]
    named = sorted((n.lower(), " ".join(v.split())) for n, v in headers)
    names, path, query = ";".join(n for n, _ in named), *(target.split("?") + [""])[:2]
    canonical = "\n".join(["POST", path, query, *(f"{n}:{v}" for n, v in named), "", names, hashlib.sha256(body).hexdigest()])
    digest = b"AWS4" + secret.encode()
    for part in [*scope.split("/"), "\n".join(["AWS4-HMAC-SHA256", now, scope, hashlib.sha256(canonical.encode()).hexdigest()])]:
        digest = hmac.digest(digest, part.encode(), "sha256")
    return [*headers, ("Authorization", f"AWS4-HMAC-SHA256 Credential={key}/{scope}, SignedHeaders={names}, Signature={digest.hex()}")]


class Server:
    """One server over one database; `start` and `stop` it as often as wanted."""

    def __init__(self, binary, arguments=(), folder=None):
        self.binary, self.arguments = binary, list(arguments)
        self.owns_folder = folder is None
        self.folder = folder or tempfile.mkdtemp(prefix="rekognition-local.")
        self.database = os.path.join(self.folder, "world.db")
        self.log = os.path.join(self.folder, "log")
        self.process = self.connection = self.address = self.control_address = None

    def command(self):
        given = " ".join(self.arguments)
        ours = [] if "--port" in given else ["--port", "0"]
        ours += [] if "--db" in given else ["--db", self.database]
        return [self.binary, *ours, *self.arguments]

    def start(self, environment=None, file_limit=None):
        """With `file_limit`, a write that would make a file larger than that fails, as on a full disk."""
        def limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (file_limit, file_limit))

        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(self.command(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log,
                                            cwd=self.folder, env={**os.environ, **(environment or {})},
                                            preexec_fn=limit if file_limit else None)
        line = self.process.stdout.readline().decode()
        found = READY.fullmatch(line)
        if not found:
            self.process.wait(PATIENCE)
            raise RuntimeError(f"the server did not start (exit {self.process.returncode}): {line!r}")
        self.address = self.control_address = (found[2].strip("[]"), int(found[3]))
        if found[4]:  # a door of its own: a path, or an address
            host, _, port = found[4].rpartition(":")
            self.control_address = (host.strip("[]"), int(port)) if port.isdigit() else os.path.join(self.folder, found[4])
        return self

    def stop(self):
        """Ends it kindly; its exit status."""
        return self.end(signal.SIGTERM)

    def kill(self):
        return self.end(signal.SIGKILL)

    def end(self, how):
        if self.connection:
            self.connection.close()
            self.connection = None
        self.process.send_signal(how)
        status = self.process.wait(PATIENCE)
        self.process.stdout.close()
        self.process = None
        return status

    def close(self):
        """Ends it if it runs, removes its folder; an exit status that is not 0 is an error."""
        status = 0
        try:
            if self.process:
                status = self.stop()
        finally:
            if self.process:
                self.kill()
            if self.owns_folder:
                shutil.rmtree(self.folder, ignore_errors=True)
        if status:
            raise RuntimeError(f"the server ended with exit status {status}")

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        try:
            self.close()
        except RuntimeError:
            if kind is None:
                raise

    def ask(self, data, method="POST"):
        """Sends a request on the connection kept alive, which is opened anew if the server has closed it."""
        for fresh in (False, True):
            try:
                if fresh or not self.connection:
                    self.connection = Connection(self.address)
                self.connection.send(data)
                answer = self.connection.answer(method)
            except (Closed, BrokenPipeError, ConnectionResetError):
                if fresh:
                    raise
                self.connection.close()
                continue
            if (answer.header("Connection") or "").lower() == "close":
                self.connection.close()
                self.connection = None
            return answer
        raise AssertionError

    def call(self, operation, body, account=None, region="us-east-1", headers=()):
        """One API call; the body is an object, or bytes as they are to be sent."""
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
        who = [credentials(account, region)] if account else []
        return self.ask(request("POST", "/", [("Content-Type", "application/x-amz-json-1.1"),
                                              ("X-Amz-Target", "RekognitionService." + operation), *who, *headers], body))

    def control(self, method, path, body=None):
        """A call of the control API, checked by its reference."""
        data = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        asked = request(method, path, [("Content-Type", "application/json")] if data else [], data)
        if self.control_address in (None, self.address):
            answer = self.ask(asked, method)
        else:
            with contextlib.closing(Connection(self.control_address)) as connection:
                connection.send(asked)
                answer = connection.answer(method)
        reference(self.binary).check(method, path, data, answer)
        return answer

    def log_text(self):
        with open(self.log, errors="replace") as f:
            return f.read()

    def save(self, folder=None):
        """Copies the database as it is now, which an answered change is part of; the folder of the copy."""
        folder = folder or os.path.join(self.folder, "saved")
        os.makedirs(folder, exist_ok=True)
        for end in ("", "-wal"):
            copy = f"{folder}/world.db{end}"
            with contextlib.suppress(FileNotFoundError):
                os.unlink(copy)
            with contextlib.suppress(FileNotFoundError):
                shutil.copyfile(self.database + end, copy)
        return folder

    def has_work(self, saved):
        with contextlib.closing(sqlite3.connect(saved + "/world.db")) as db:
            return db.execute("SELECT 1 FROM work WHERE task IS NOT NULL").fetchone() is not None

    def world(self, saved=None):
        """Everything in the database but ASIDE, now or when it was saved; the server is not asked."""
        with tempfile.TemporaryDirectory() as folder:
            with contextlib.closing(sqlite3.connect((saved or self.save(folder)) + "/world.db")) as db:
                tables = [name for name, in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
                world = {table: sorted(db.execute(f'SELECT * FROM "{table}"'), key=repr)
                         for table in tables if table not in ASIDE}
        world["timer"] = [row for row in world["timer"] if row[0] != "inference_units"]
        return world
