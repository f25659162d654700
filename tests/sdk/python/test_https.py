"""HTTPS, with a certificate that nobody signed, as boto3, curl and `wait` speak it."""
import os
import subprocess
import tempfile
import unittest

import boto3
from botocore.config import Config
from botocore.exceptions import SSLError
from server import PATIENCE, Server

from local import png


class HttpsTest(unittest.TestCase):
    def setUp(self):
        folder = self.enterContext(tempfile.TemporaryDirectory())
        self.certificate, key = folder + "/certificate.pem", folder + "/key.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1",
                        "-keyout", key, "-out", self.certificate], check=True, stderr=subprocess.DEVNULL)
        server = self.enterContext(Server(os.environ["TEST_BINARY"], [
            "--profile", "instant", "--tls-cert", self.certificate, "--tls-key", key]).start())
        self.url = f"https://127.0.0.1:{server.address[1]}"

    def client(self, verify):
        return boto3.client("rekognition", endpoint_url=self.url, region_name="us-east-1", verify=verify,
                            aws_access_key_id="123456789012", aws_secret_access_key="any",
                            config=Config(proxies={}, retries={"total_max_attempts": 1}))

    def test_boto3_speaks_https_with_whom_it_trusts(self):
        client = self.client(self.certificate)
        project = client.create_project(ProjectName="birds")["ProjectArn"]
        version = client.create_project_version(
            ProjectArn=project, VersionName="v1", OutputConfig={"S3Bucket": "results"}, TestingData={"AutoCreate": True},
            TrainingData={"Assets": [{"GroundTruthManifest": {"S3Object": {"Bucket": "data", "Name": "m"}}}]})
        client.get_waiter("project_version_training_completed").wait(ProjectArn=project)
        client.start_project_version(ProjectVersionArn=version["ProjectVersionArn"], MinInferenceUnits=1)
        client.detect_custom_labels(ProjectVersionArn=version["ProjectVersionArn"], Image={"Bytes": png(extra=3900000)})
        with self.assertRaises(SSLError):
            self.client(None).describe_projects()

    def test_waiting_and_curl_speak_https(self):
        for command in ([os.environ["TEST_BINARY"], "wait", "--url", self.url, "--timeout", f"{PATIENCE:.0f}s"],
                        ["curl", "-sf", "--noproxy", "*", "--cacert", self.certificate, self.url + "/_local/health"]):
            done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
