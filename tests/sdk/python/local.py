"""A server for each test, and clients of it."""
import os
import struct
import unittest
import unittest.mock
import zlib

import boto3
from botocore.config import Config
from server import Server

SESSION = boto3.session.Session()  # reads the description of the service once for all


def png(width=64, height=64, extra=0):
    """An image of one grey, with a private chunk of `extra` bytes."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = zlib.compress(b"".join(b"\0" + b"\x80" * width for _ in range(height)))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)) +
            (chunk(b"prVt", os.urandom(extra)) if extra else b"") + chunk(b"IDAT", rows) + chunk(b"IEND", b""))


class LocalTest(unittest.TestCase):
    """Each test has a server of its own, started with `options`, that must end well."""
    options = ["--profile", "instant"]

    def setUp(self):
        self.server = self.enterContext(Server(os.environ["TEST_BINARY"], self.options).start())
        self.url = "http://{}:{}".format(*self.server.address)
        self.rekognition = self.client()

    def control(self, method, path, body=None):
        answer = self.server.control(method, "/_local" + path, body)
        self.assertEqual(answer.status, 200, answer.body)
        return answer.json()

    def advance(self, by=None, **until):
        """Sets the clock forward; what fired."""
        return self.control("POST", "/clock/advance", {"by": by} if by else until)["fired"]

    def client(self, account="123456789012", region="us-east-1", **config):
        # A user's call may be retried; one that a test makes is answered by its first answer.
        config.setdefault("retries", {"total_max_attempts": 1})
        return SESSION.client(
            "rekognition", endpoint_url=self.url, region_name=region, aws_access_key_id=account,
            aws_secret_access_key="secret", config=Config(proxies={}, **config))

    # --- what many tests begin with

    def project(self, name="birds", client=None, **more):
        return (client or self.rekognition).create_project(ProjectName=name, **more)["ProjectArn"]

    def train(self, project, name="v1", client=None, **more):
        wanted = dict(OutputConfig={"S3Bucket": "results", "S3KeyPrefix": "birds"}, **DATA)
        wanted.update(more)
        return (client or self.rekognition).create_project_version(
            ProjectArn=project, VersionName=name, **wanted)["ProjectVersionArn"]

    def trained(self, name="v1", project=None):
        """A version that is trained; the clock must be instant."""
        return self.train(project or self.project(), name)

    def running(self, name="v1", project=None, **units):
        version = self.trained(name, project)
        self.rekognition.start_project_version(ProjectVersionArn=version, **(units or {"MinInferenceUnits": 1}))
        return version

    def describe(self, project, *names):
        more = {"VersionNames": list(names)} if names else {}
        return self.rekognition.describe_project_versions(ProjectArn=project, **more)["ProjectVersionDescriptions"]

    def status(self, version):
        project, name = version.split("/")[1], version.split("/")[3]
        arn = self.rekognition.describe_projects(
            ProjectNames=[project], Features=["CUSTOM_LABELS", "CONTENT_MODERATION"])["ProjectDescriptions"][0]["ProjectArn"]
        found = self.describe(arn, name)
        return found[0]["Status"] if found else None

    def refuses(self, name, operation, **arguments):
        """The call is refused with the typed exception of that name; its response."""
        with self.assertRaises(getattr(operation.__self__.exceptions, name)) as caught:
            operation(**arguments)
        return caught.exception.response

    def count(self, client, operation):
        """A list that grows by one with each request of the operation that is sent."""
        sent = []
        client.meta.events.register(f"before-send.rekognition.{operation}", lambda **_: sent.append(1) or None)
        return sent

    def virtual_time(self):
        """What sleeps in an SDK sets the frozen clock of the server forward instead; returns how long, each time."""
        slept = []
        self.control("PATCH", "/settings", {"describe.holdWaiters": "0s"})  # a frozen clock brings the end of no hold

        def sleep(seconds):
            slept.append(seconds)
            self.advance(f"{max(1, round(seconds * 1000))}ms")
        patch = unittest.mock.patch("time.sleep", sleep)
        patch.start()
        self.addCleanup(patch.stop)
        return slept


DATA = {
    "TrainingData": {"Assets": [{"GroundTruthManifest": {"S3Object": {"Bucket": "data", "Name": "train.manifest"}}}]},
    "TestingData": {"Assets": [{"GroundTruthManifest": {"S3Object": {"Bucket": "data", "Name": "test.manifest"}}}]},
}
