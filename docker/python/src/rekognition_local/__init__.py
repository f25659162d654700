"""A local stand-in for Amazon Rekognition: a server for tests, and accounts on it that do not see each other."""
from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any, List, Mapping, NoReturn, Optional, Type

__all__ = ["Account", "LeftOn", "Refused", "Server", "ServerFailed", "program"]

VARIABLE = "REKOGNITION_LOCAL_URL"


class ServerFailed(Exception):
    """The server did not start, or did not end as it should."""


class Refused(Exception):
    """The control API refused what it was asked; `code` and the message are its own."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status, self.code = status, code


class LeftOn(AssertionError):
    """Models were left starting, running or stopping, which would cost money at AWS; `arns` has theirs."""

    def __init__(self, arns: List[str]) -> None:
        super().__init__("left on, which would cost money: " + ", ".join(arns))
        self.arns = arns


def program() -> str:
    """Where the program is: what REKOGNITION_LOCAL says, that of this package, or one on the path."""
    told = os.environ.get("REKOGNITION_LOCAL")
    if told:
        return told
    inside = Path(__file__).parent / "program" / "rekognition-local"
    if inside.exists():
        return str(inside)
    found = shutil.which("rekognition-local")
    if found is None:
        raise ServerFailed("there is no program rekognition-local: this package was built without it")
    return found


def main() -> NoReturn:
    """The command `rekognition-local`: becomes the program."""
    path = program()
    os.execv(path, [path, *sys.argv[1:]])


class Account:
    """An account of a server, with its own world. As a context it is emptied at the end, and nothing may be on."""

    def __init__(self, url: str, id: str, region: str = "us-east-1") -> None:
        self.url, self.id, self.region = url, id, region

    def client(self, service: str = "rekognition", **arguments: Any) -> Any:
        """A client of boto3 for this account."""
        import boto3  # only who asks for a client needs it

        return boto3.client(service, **{"endpoint_url": self.url, "region_name": self.region,
                                        "aws_access_key_id": self.id, "aws_secret_access_key": "any", **arguments})

    def control(self, method: str, path: str, body: Optional[Mapping[str, Any]] = None, **query: Any) -> Any:
        """The control API, of this account: control("POST", "/clock/advance", {"by": "10m"})"""
        return _control(self.url, method, path, body, {"account": self.id, **query})

    def freeze(self) -> None:
        """Stops the account's time, until it is advanced; that of others goes on."""
        self.control("PUT", "/clock", {"mode": "frozen"})

    def advance(self, by: Optional[str] = None, *, until: Optional[str] = None) -> List[Mapping[str, Any]]:
        """Moves the account's time, by "30m" or until "next" or "settled"; answers what was due on the way."""
        fired: List[Mapping[str, Any]] = self.control("POST", "/clock/advance", {"by": by} if by else {"until": until})["fired"]
        return fired

    def left_on(self) -> List[str]:
        """The ARNs of what is starting, running or stopping."""
        return [on["arn"] for on in self.control("GET", "/usage")["on"]]

    def close(self) -> None:
        """Empties the account. LeftOn when something was on."""
        left = self.left_on()
        self.control("POST", "/reset", everything=1)
        if left:
            raise LeftOn(left)

    def __enter__(self) -> Account:
        return self

    def __exit__(self, kind: Optional[Type[BaseException]], error: Optional[BaseException],
                 trace: Optional[TracebackType]) -> None:
        try:
            self.close()
        except LeftOn:
            if kind is None:  # else that is what is told
                raise


class Server:
    """A server on a free port, which keeps nothing and is instant unless its options say otherwise.

    Server("--profile", "aws")      options as on the command line
    Server(url="http://…")          one that runs already: it is neither started nor stopped
    """

    def __init__(self, *options: str, url: Optional[str] = None, environment: Optional[Mapping[str, str]] = None) -> None:
        self._options, self._url = options, url
        self._process: Optional[subprocess.Popen[str]] = None
        self._environment = environment

    @property
    def url(self) -> str:
        if self._url is None:
            raise ServerFailed("it was not started")
        return self._url

    def start(self) -> Server:
        if self._url is not None:
            return self
        command = [program(), "--port", "0", "--db", ":memory:", "--profile", "instant", "--log", "off", *self._options]
        clean = {name: value for name, value in os.environ.items() if not name.startswith("REKOGNITION_LOCAL")}
        self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
                                         env={**clean, **(self._environment or {})})
        assert self._process.stdout is not None
        ready = self._process.stdout.readline().strip()
        if " ready on " not in ready:
            self._process.stdout.close()
            raise ServerFailed(f"{command[0]} ended with {self._process.wait()}, and has said why")
        self._url = ready.rpartition(" ready on ")[2]
        return self

    def stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        self._url = None
        process.terminate()
        status = process.wait()
        assert process.stdout is not None
        process.stdout.close()
        if status != 0:
            raise ServerFailed(f"rekognition-local ended with {status}")

    def account(self, id: Optional[str] = None, region: str = "us-east-1") -> Account:
        """An account of twelve digits that nobody else has, or that one."""
        return Account(self.url, id or f"{random.SystemRandom().randrange(1, 10 ** 12):012}", region)

    def control(self, method: str, path: str, body: Optional[Mapping[str, Any]] = None, **query: Any) -> Any:
        """The control API, of the whole server: control("GET", "/health")"""
        return _control(self.url, method, path, body, query)

    def __enter__(self) -> Server:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()


def _control(url: str, method: str, path: str, body: Optional[Mapping[str, Any]], query: Mapping[str, Any]) -> Any:
    whole = f"{url}/_local{path}" + ("?" + urllib.parse.urlencode(query) if query else "")
    request = urllib.request.Request(whole, None if body is None else json.dumps(body).encode(), method=method)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # it is near, whatever the environment says
    try:
        with opener.open(request) as answer:
            text = answer.read()
            return json.loads(text) if text else None
    except urllib.error.HTTPError as error:
        with error:
            said = json.loads(error.read()).get("error", {})
        raise Refused(error.code, said.get("code", ""), said.get("message", "")) from None
