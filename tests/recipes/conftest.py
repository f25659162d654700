"""rekognition-local for pytest: one server for all tests, started on a free port, and an account for each of them."""
import itertools
import json
import os
import subprocess
import urllib.request

import boto3
import pytest

accounts = itertools.count(1)


class RekognitionLocal:
    def __init__(self, url):
        self.url = url

    def client(self, account):
        """A client of boto3. Accounts are any twelve digits; they never see each other."""
        return boto3.client("rekognition", endpoint_url=self.url, region_name="us-east-1",
                            aws_access_key_id=account, aws_secret_access_key="any")

    def control(self, method, path, body=None):
        """The control API: control("PATCH", "/settings", {"limit.projects": 3})"""
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(urllib.request.Request(self.url + "/_local" + path, data, method=method)) as answer:
            return json.load(answer)


@pytest.fixture(scope="session")
def rekognition_local():
    program = os.environ.get("REKOGNITION_LOCAL", "rekognition-local")
    with subprocess.Popen([program, "--port", "0", "--db", ":memory:", "--profile", "instant", "--log", "off"],
                          stdout=subprocess.PIPE, text=True) as server:
        yield RekognitionLocal(server.stdout.readline().rpartition(" ready on ")[2].strip())
        server.terminate()
    assert server.returncode == 0


@pytest.fixture
def rekognition(rekognition_local):
    return rekognition_local.client(f"{next(accounts):012}")
