"""HTTPS, with a certificate that nobody signed, as boto3, curl and `wait` speak it."""
import os
import signal
import socket
import ssl
import subprocess
import tempfile
import time
import unittest

import boto3
from botocore.config import Config
from botocore.exceptions import SSLError
from server import PATIENCE, Server

from local import png


class HttpsTest(unittest.TestCase):
    def setUp(self):
        folder = self.enterContext(tempfile.TemporaryDirectory())
        self.certificate, self.key = folder + "/certificate.pem", folder + "/key.pem"
        self.make_certificate("first")
        self.server = self.enterContext(Server(os.environ["TEST_BINARY"], [
            "--profile", "instant", "--tls-cert", self.certificate, "--tls-key", self.key]).start())
        self.url = f"https://127.0.0.1:{self.server.address[1]}"

    def make_certificate(self, name):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-days", "2", "-subj", "/CN=" + name, "-addext", "subjectAltName=IP:127.0.0.1",
                        "-keyout", self.key, "-out", self.certificate], check=True, stderr=subprocess.DEVNULL)

    def shown(self, version=None):
        """The name in the certificate that somebody who connects now is shown."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(self.certificate)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        if version:
            context.minimum_version = context.maximum_version = version
        with socket.create_connection(self.server.address) as plain, context.wrap_socket(plain) as connection:
            self.assertTrue(version is None or connection.version() == {ssl.TLSVersion.TLSv1_2: "TLSv1.2", ssl.TLSVersion.TLSv1_3: "TLSv1.3"}[version])
            text = subprocess.run(["openssl", "x509", "-inform", "der", "-noout", "-subject"], input=connection.getpeercert(True), capture_output=True, check=True)
        return text.stdout.decode().rpartition("=")[2].strip()

    def reload(self):
        before = self.server.log_text().count("certificate:")
        self.server.process.send_signal(signal.SIGHUP)
        until = time.monotonic() + PATIENCE
        while self.server.log_text().count("certificate:") == before:
            self.assertLess(time.monotonic(), until)

    def test_both_versions_of_tls_are_spoken_and_a_hangup_renews_the_certificate(self):
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            self.assertEqual(self.shown(version), "first")
        old = self.client(self.certificate)
        old.describe_projects()
        self.make_certificate("second")
        self.assertEqual(self.shown(), "first")
        self.reload()
        self.assertEqual(self.shown(), "second")
        old.describe_projects()  # its connection goes on
        self.client(self.certificate).describe_projects()
        with open(self.key, "w") as f:
            f.write("no key")
        self.reload()
        self.assertIn("certificate: it stays as it was", self.server.log_text())
        self.assertEqual(self.shown(), "second")

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
