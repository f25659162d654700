"""rekognition-local for pytest: one server for all tests and all workers of xdist, and an account for each test."""
import json
import os
import random
import subprocess
import urllib.parse
import urllib.request

import boto3
import pytest


def pytest_configure(config):
    """Starts a server, unless one is there: a worker of xdist has that of all, a command of `exec` that of `exec`."""
    if "REKOGNITION_LOCAL_URL" in os.environ:
        return
    program = os.environ.get("REKOGNITION_LOCAL", "rekognition-local")
    config.server = subprocess.Popen([program, "--port", "0", "--db", ":memory:", "--profile", "instant", "--log", "off"],
                                     stdout=subprocess.PIPE, text=True)
    os.environ["REKOGNITION_LOCAL_URL"] = config.server.stdout.readline().rpartition(" ready on ")[2].strip()


def pytest_unconfigure(config):
    if server := getattr(config, "server", None):
        del os.environ["REKOGNITION_LOCAL_URL"]
        server.terminate()
        assert server.wait() == 0


class RekognitionLocal:
    """What one test sees of the server: an account, whose twelve digits nobody else has."""

    def __init__(self):
        self.url = os.environ["REKOGNITION_LOCAL_URL"]
        self.account = f"{random.SystemRandom().randrange(10 ** 12):012}"

    def client(self):
        return boto3.client("rekognition", endpoint_url=self.url, region_name="us-east-1",
                            aws_access_key_id=self.account, aws_secret_access_key="any")

    def control(self, method, path, body=None, **arguments):
        """The control API: control("POST", "/faults", {...}), control("GET", "/usage", account="123456789012")"""
        url = f"{self.url}/_local{path}?{urllib.parse.urlencode(arguments)}"
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(urllib.request.Request(url, data, method=method)) as answer:
            return json.load(answer)


@pytest.fixture
def local():
    local = RekognitionLocal()
    yield local
    left = local.control("GET", "/usage", account=local.account)["on"]
    local.control("POST", "/reset", account=local.account, everything=1)
    assert not left, "the test has left models on, which cost money"


@pytest.fixture
def rekognition(local):
    return local.client()
