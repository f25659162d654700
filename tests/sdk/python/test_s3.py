"""Images that lie on servers of S3 which others wrote."""
import json
import os

from botocore.exceptions import ClientError
from server import Connection, Server, credentials, request

from local import LocalTest, png
from s3 import Moto, S3rver

UNREADABLE = "Unable to get object metadata from S3. Check object key, region and/or access permissions."
ODD = ["a b+c%20d.png", "\u00fcber/\u20ac.png", "q?x=1&y#z.png", "it's (1)!*.png", "a=b;c,d:e@f$.png", "~tilde_-.png"]


class S3Test(LocalTest):
    @classmethod
    def setUpClass(cls):
        cls.s3_server = cls.enterClassContext(cls.kind())
        cls.s3 = cls.s3_server.client()
        cls.s3.create_bucket(Bucket="images")

    def setUp(self):
        """Every test begins its server itself."""

    def begin(self, where=None, environment=None, options=()):
        """A server that is told where the objects are, with a model that runs."""
        options = ["--profile", "instant", "--set", "training.needsData=0", "--s3", where or self.s3_server.url, *options]
        self.server = self.enterContext(Server(os.environ["TEST_BINARY"], options))
        self.server.start(self.s3_server.environment() if environment is None else environment)
        self.url = "http://{}:{}".format(*self.server.address)
        self.rekognition = self.client()
        self.version = self.rekognition.create_project_version(
            ProjectArn=self.project(), VersionName="v1", OutputConfig={"S3Bucket": "results"})["ProjectVersionArn"]
        self.rekognition.start_project_version(ProjectVersionArn=self.version, MinInferenceUnits=1)

    def upload(self, key, body):
        return self.s3.put_object(Bucket="images", Key=key, Body=body)

    def look(self, key, bucket="images", **version):
        image = {"S3Object": {"Bucket": bucket, "Name": key, **version}}
        return self.rekognition.detect_custom_labels(ProjectVersionArn=self.version, Image=image)["CustomLabels"]

    def refused(self, code, key, message=None, **more):
        with self.assertRaises(ClientError) as caught:
            self.look(key, **more)
        error = caught.exception.response["Error"]
        self.assertEqual(error["Code"], code)
        if message:
            self.assertEqual(error["Message"], message)


class Images:
    """What holds of every server."""

    def test_images_are_read_by_bucket_and_key(self):
        self.begin()
        self.upload("birds/1.png", png())
        self.upload("birds/large.png", png(extra=10_000_000))
        self.upload("notes.txt", b"no image")
        self.assertEqual(self.look("birds/1.png"), [])
        self.assertEqual(self.look("birds/large.png"), [])
        self.refused("InvalidImageFormatException", "notes.txt")

    def test_keys_may_be_odd(self):
        self.begin()
        for key in ODD:
            with self.subTest(key):
                self.upload(key, png())
                self.assertEqual(self.look(key), [])

    def test_what_is_not_there_is_no_s3_object(self):
        self.begin()
        self.refused("InvalidS3ObjectException", "none.png", UNREADABLE)
        self.refused("InvalidS3ObjectException", "none.png", UNREADABLE, bucket="no-such-bucket")
        self.assertIn("404 NoSuchKey", self.server.log_text())
        self.assertIn("404 NoSuchBucket", self.server.log_text())

    def test_an_image_may_have_fifteen_megabytes(self):
        self.begin()
        self.upload("too-large.png", png(extra=15 * 1024 * 1024))
        self.refused("ImageTooLargeException", "too-large.png")

    def test_many_images_are_read_at_once(self):
        self.begin()
        self.upload("1.png", png(extra=300_000))
        body = {"ProjectVersionArn": self.version, "Image": {"S3Object": {"Bucket": "images", "Name": "1.png"}}}
        self.assertEqual(self.at_once(200, "DetectCustomLabels", body), {200})

    def at_once(self, count, operation, body):
        """The statuses of as many calls, all under way together."""
        data = request("POST", "/", [("Content-Type", "application/x-amz-json-1.1"),
                                     ("X-Amz-Target", "RekognitionService." + operation),
                                     credentials("123456789012", "us-east-1")], json.dumps(body).encode())
        connections = [Connection(self.server.address) for _ in range(count)]
        for connection in connections:
            connection.send(data)
        statuses = {connection.answer().status for connection in connections}
        for connection in connections:
            connection.close()
        return statuses


class MotoTest(Images, S3Test):
    kind = Moto

    def test_a_version_is_what_it_was(self):
        self.s3.put_bucket_versioning(Bucket="images", VersioningConfiguration={"Status": "Enabled"})
        self.begin()
        first = self.upload("changed.png", png())["VersionId"]
        second = self.upload("changed.png", b"no image any more")["VersionId"]
        self.assertEqual(self.look("changed.png", Version=first), [])
        self.refused("InvalidImageFormatException", "changed.png", Version=second)
        self.refused("InvalidImageFormatException", "changed.png")
        none = "00000000-0000-0000-0000-000000000000"
        self.refused("InvalidS3ObjectException", "changed.png", UNREADABLE, Version=none)


class SignedTest(S3Test):
    """moto can check signatures, and does so with botocore's code."""
    kind = Moto

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for key in ODD:
            cls.s3.put_object(Bucket="images", Key=key, Body=png())
        cls.keys = cls.s3_server.check_signatures()

    def test_what_is_asked_is_signed_as_botocore_would(self):
        self.begin(environment=self.keys)
        for key in ODD:
            with self.subTest(key):
                self.assertEqual(self.look(key), [])

    def test_a_wrong_secret_is_denied(self):
        self.begin(environment={**self.keys, "AWS_SECRET_ACCESS_KEY": "wrong"})
        self.refused("InvalidS3ObjectException", ODD[0], UNREADABLE)
        self.assertIn("403 SignatureDoesNotMatch", self.server.log_text())

    def test_who_does_not_sign_is_denied(self):
        self.begin(environment={})
        self.refused("InvalidS3ObjectException", ODD[0], UNREADABLE)


class S3rverTest(Images, S3Test):
    kind = S3rver

    def test_a_wrong_key_is_denied(self):
        self.upload("1.png", png())
        self.begin(environment={"AWS_ACCESS_KEY_ID": "nobody", "AWS_SECRET_ACCESS_KEY": "S3RVER"})
        self.refused("InvalidS3ObjectException", "1.png", UNREADABLE)

    def test_a_session_token_is_signed(self):
        self.upload("1.png", png())
        self.begin(environment={**self.s3_server.environment(), "AWS_SESSION_TOKEN": "a token/with+signs="})
        self.assertEqual(self.look("1.png"), [])

    def test_a_bucket_may_be_part_of_the_host(self):
        self.begin("http://{bucket}.s3.localhost:%d" % self.s3_server.port)
        for key in ["1.png", *ODD]:
            with self.subTest(key):
                self.upload(key, png())
                self.assertEqual(self.look(key), [])
        self.refused("InvalidS3ObjectException", "none.png", UNREADABLE)
