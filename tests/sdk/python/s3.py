"""Servers of S3 that others wrote, with a client of each. They are started on a free port and ended by their id."""
import contextlib
import http.client
import json
import os
import re
import shutil
import subprocess
import tempfile
import threading

import boto3
from botocore.config import Config

PATIENCE = 60 * float(os.environ.get("TEST_SLOW", "1"))


class S3Server:
    """A program that says where it listens. `keys` are those that it knows."""
    keys = ("123456789012", "secret")

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="rekognition-local-s3.")

    def __enter__(self):
        self.process = subprocess.Popen(self.command(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, cwd=self.folder)
        late = threading.Timer(PATIENCE, self.process.kill)
        late.start()
        said = []
        for line in self.process.stdout:
            said.append(line.decode())
            if found := re.search(self.ready, said[-1]):
                break
        else:
            raise RuntimeError(f"{type(self).__name__} did not start: " + "".join(said))
        late.cancel()
        self.port = int(found[1])
        self.url = f"http://127.0.0.1:{self.port}"
        # Nobody may be kept from writing by a full pipe.
        self.reader = threading.Thread(target=self.process.stdout.read)
        self.reader.start()
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(PATIENCE)
        self.reader.join()
        self.process.stdout.close()
        shutil.rmtree(self.folder)

    def environment(self):
        """For the server under test: its keys."""
        return {"AWS_ACCESS_KEY_ID": self.keys[0], "AWS_SECRET_ACCESS_KEY": self.keys[1]}

    def client(self, service="s3"):
        return boto3.client(service, endpoint_url=self.url, region_name="us-east-1", aws_access_key_id=self.keys[0],
                            aws_secret_access_key=self.keys[1],
                            config=Config(proxies={}, s3={"addressing_style": "path"},
                                          request_checksum_calculation="when_required"))


class Moto(S3Server):
    ready = r"Running on http://127\.0\.0\.1:(\d+)"

    def command(self):
        return [os.environ["PYTHON"], "-m", "moto.server", "-H", "127.0.0.1", "-p", "0"]

    def check_signatures(self):
        """From here on it serves nobody but a user of its own, whose keys these are: what the user sends must be
        signed, as botocore signs it."""
        iam = self.client("iam")
        iam.create_user(UserName="reader")
        iam.put_user_policy(UserName="reader", PolicyName="all", PolicyDocument=json.dumps(
            {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}))
        key = iam.create_access_key(UserName="reader")["AccessKey"]
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)) as connection:
            connection.request("POST", "/moto-api/reset-auth", b"0", {"Content-Type": "text/plain"})
            if connection.getresponse().status != 200:
                raise RuntimeError("moto does not check signatures")
        return {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}


class S3rver(S3Server):
    """It knows one key; a bucket may be part of the host, below s3.localhost."""
    keys = ("S3RVER", "S3RVER")
    ready = r"listening on 127\.0\.0\.1:(\d+)"

    def command(self):
        # $NODE may be a wrapper, and then it is not the wrapper that has to end.
        node = subprocess.run([os.environ["NODE"], "-p", "process.execPath"], stdout=subprocess.PIPE, check=True)
        return [node.stdout.decode().strip(), os.environ["NODE_PATH"] + "/s3rver/bin/s3rver.js", "-a", "127.0.0.1", "-p", "0",
                "-d", self.folder, "--service-endpoint", "localhost"]
