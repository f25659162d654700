"""Signatures that SDKs make are taken with --auth signature, and nothing that was altered on the way."""
import hashlib
import json
import os
import signal
import subprocess
import tempfile
import time

from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError
from local import SESSION, LocalTest
from server import Connection, Server, request

ALL = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "rekognition:*", "Resource": "*"}]}
ANN = {"accessKeyId": "AKIAIOSFODNN7EXAMPLE", "secretAccessKey": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
       "account": "111122223333", "arn": "arn:aws:iam::111122223333:user/ann", "policies": [ALL]}
BOB = {"accessKeyId": "ASIAIOSFODNN7EXAMPLE", "secretAccessKey": "secret+of/bob", "sessionToken": "token//of+bob==",
       "account": "444455556666", "arn": "arn:aws:sts::444455556666:assumed-role/builder/bob", "policies": [ALL]}
OLD = {**BOB, "accessKeyId": "ASIAIOSFODNN7OUTDATE", "expires": "2020-01-01T00:00:00Z"}


class SignedTest(LocalTest):
    users = [ANN, BOB, OLD]
    options = ["--profile", "instant", "--auth", "signature", "--credentials", "credentials.json"]

    def setUp(self):
        folder = self.enterContext(tempfile.TemporaryDirectory())
        self.file = os.path.join(folder, "credentials.json")
        self.write({"users": self.users})
        options = [self.file if option == "credentials.json" else option for option in self.options]
        self.server = self.enterContext(Server(os.environ["TEST_BINARY"], options).start())
        self.url = "http://{}:{}".format(*self.server.address)

    def write(self, content, mode=0o600):
        with open(self.file, "w") as f:
            f.write(content if isinstance(content, str) else json.dumps(content))
        os.chmod(self.file, mode)

    def as_user(self, user, region="us-east-1", **more):
        return SESSION.client("rekognition", endpoint_url=self.url, region_name=region,
                              aws_access_key_id=user["accessKeyId"], aws_secret_access_key=user["secretAccessKey"],
                              aws_session_token=user.get("sessionToken"),
                              config=Config(proxies={}, retries={"total_max_attempts": 1}), **more)

    def refused(self, code, call, **input):
        with self.assertRaises(ClientError) as caught:
            call(**input)
        self.assertEqual(caught.exception.response["Error"]["Code"], code)
        return caught.exception.response["Error"]["Message"]


class SignatureTest(SignedTest):
    def test_a_user_and_a_session_are_who_the_file_says(self):
        arn = self.as_user(ANN).create_project(ProjectName="birds")["ProjectArn"]
        self.assertRegex(arn, r"^arn:aws:rekognition:us-east-1:111122223333:project/birds/")
        arn = self.as_user(BOB, "eu-west-1").create_project(ProjectName="birds")["ProjectArn"]
        self.assertRegex(arn, r"^arn:aws:rekognition:eu-west-1:444455556666:project/birds/")
        [first, _] = self.control("GET", "/requests")["requests"]
        self.assertEqual((first["account"], first["accessKeyId"]), ("111122223333", ANN["accessKeyId"]))

    def test_who_has_another_secret_or_token_or_none_is_refused(self):
        message = self.refused("InvalidSignatureException", self.as_user({**ANN, "secretAccessKey": "x"}).describe_projects)
        self.assertIn("The request signature we calculated does not match the signature you provided.", message)
        self.assertIn("The Canonical String for this request should have been\n'POST\n/\n\ncontent-type:application/x-amz-json-1.1", message)
        invalid = "The security token included in the request is invalid"
        for user, words in (({**ANN, "accessKeyId": "AKIANOBODY7EXAMPLE"}, invalid + "."), ({**ANN, "sessionToken": "x"}, invalid),
                            ({**BOB, "sessionToken": "x"}, invalid), ({**BOB, "sessionToken": None}, invalid)):
            self.assertEqual(self.refused("UnrecognizedClientException", self.as_user(user).describe_projects), words)
        self.assertEqual(self.refused("ExpiredTokenException", self.as_user(OLD).describe_projects), invalid[:-7] + "expired")
        answer = self.server.call("DescribeProjects", {})
        self.assertEqual((answer.status, answer.json()), (400, {"__type": "MissingAuthenticationTokenException",
                                                                "message": "Missing Authentication Token"}))

    def signed(self, user=ANN, method="POST", url="/", body=b"{}", signer=SigV4Auth, headers=()):
        asked = AWSRequest(method, self.url + url, data=body, headers={
            "Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "RekognitionService.DescribeProjects", **dict(headers)})
        who = Credentials(user["accessKeyId"], user["secretAccessKey"], user.get("sessionToken"))
        signer(who, "rekognition", "us-east-1").add_auth(asked)
        ready = asked.prepare()
        return [ready.method, ready.url[len(self.url):], dict(ready.headers), ready.body]

    def send(self, method, target, headers, body):
        headers = {name: value.decode() if isinstance(value, bytes) else value for name, value in headers.items()}
        headers.setdefault("Host", self.url.removeprefix("http://"))
        headers["Content-Length"] = str(len(body))
        connection = Connection(self.server.address)
        connection.send(request(method, target, list(headers.items()), body))
        try:
            return connection.answer(method)
        finally:
            connection.close()

    def test_every_part_that_was_altered_after_signing_is_seen(self):
        method, target, headers, body = self.signed(BOB, url="/a/b?x=1&y=2")
        self.assertEqual(self.send(method, target, headers, body).status, 200)
        for altered in ((method, "/a/c?x=1&y=2", headers, body), (method, "/a/b?x=1&y=3", headers, body),
                        (method, "/a/b?x=1", headers, body), (method, "/a/b?x=1&y=2&z", headers, body),
                        (method, target, headers, b'{"MaxResults":1}'), (method, target, headers, b"{} ")):
            self.assertEqual(self.send(*altered).json()["__type"], "InvalidSignatureException", altered)
        for name, value in (("X-Amz-Target", "RekognitionService.ListCollections"), ("Host", "localhost"),
                            ("Content-Type", "application/json"), ("X-Amz-Date", "20150830T123600Z"),
                            ("X-Amz-Date", None), ("X-Amz-Security-Token", "another")):
            changed = {k: v for k, v in headers.items() if k != name} | ({name: value} if value else {})
            answer = self.send(method, target, changed, body)
            self.assertEqual(answer.status, 400, name)
            self.assertRegex(answer.json()["__type"], "Signature|UnrecognizedClient", name)
        for pattern, other in (("rekognition/aws4", "s3/aws4"), ("us-east-1", "us-west-2"), ("Signature=", "Signature=0"),
                               ("Signature=", "Sig="), ("AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256"),
                               ("host;", ""), (BOB["accessKeyId"], ANN["accessKeyId"])):
            changed = {**headers, "Authorization": headers["Authorization"].replace(pattern, other)}
            answer = self.send(method, target, changed, body)
            self.assertRegex(answer.json()["__type"], "Signature|UnrecognizedClient", pattern)

    def test_a_signed_query_is_taken_and_nothing_else_in_its_place(self):
        class Query(SigV4QueryAuth):  # botocore's own puts a body into the query
            def payload(self, _):
                return hashlib.sha256(b"{}").hexdigest()
        method, target, headers, _ = self.signed(BOB, body=b"", signer=Query)
        body = b"{}"
        self.assertEqual(self.send(method, target, headers, body).status, 200)
        self.assertEqual(self.send(method, target, headers, b"{ }").json()["__type"], "InvalidSignatureException")
        self.assertEqual(self.send(method, target + "&a=b", headers, body).json()["__type"], "InvalidSignatureException")
        self.assertEqual(self.send(method, target, {**headers, "Authorization": "x"}, body).json()["message"],
                         "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.")

    def test_odd_paths_queries_and_headers_are_read_as_they_were_signed(self):
        for url in ("/", "/a%20b/%7e", "/a//b/./../c/", "/a+b?x=a+b&x=%2B&x=&y", "/?b=2&a=1&a=0&A=%C3%A4", "/%2F?%2F=%2f", "/*(!)?*=("):
            method, target, headers, body = self.signed(url=url)
            answer = self.send(method, target, headers, body)
            self.assertEqual(answer.status, 200, (url, answer.body))
        method, target, headers, body = self.signed(headers={"X-Amz-Meta-A": "  a   b  ", "X-Amz-Content-Sha256": "UNSIGNED-PAYLOAD"}.items(),
                                                    signer=type("Unsigned", (SigV4Auth,), {"payload": lambda *_: "UNSIGNED-PAYLOAD"}))
        self.assertEqual(self.send(method, target, headers, body).status, 200)
        self.assertEqual(self.send(method, target, headers, b'{"MaxResults":1}').status, 200)

    def test_curl_and_the_cli_sign_as_the_others(self):
        """curl 7.88 leaves paths as they are."""
        for path in ("/", "/a/b?x=1"):
            done = subprocess.run(["curl", "-sS", "--aws-sigv4", "aws:amz:us-east-1:rekognition", "-u",
                                   ANN["accessKeyId"] + ":" + ANN["secretAccessKey"], "-H", "Content-Type: application/x-amz-json-1.1",
                                   "-H", "X-Amz-Target: RekognitionService.DescribeProjects", "-d", "{}", self.url + path],
                                  capture_output=True, text=True, check=True)
            self.assertEqual(done.stdout, '{"ProjectDescriptions":[]}')
        if aws := os.environ.get("AWS"):
            done = subprocess.run([aws, "rekognition", "describe-projects", "--endpoint-url", self.url, "--region", "us-east-1"],
                                  env={**os.environ, "AWS_ACCESS_KEY_ID": BOB["accessKeyId"], "AWS_SECRET_ACCESS_KEY": BOB["secretAccessKey"],
                                       "AWS_SESSION_TOKEN": BOB["sessionToken"]}, capture_output=True, text=True, check=True)
            self.assertEqual(json.loads(done.stdout), {"ProjectDescriptions": []})

    def test_nothing_secret_is_told_anywhere(self):
        self.as_user(BOB).create_project(ProjectName="birds")
        self.refused("InvalidSignatureException", self.as_user({**BOB, "secretAccessKey": "x"}).describe_projects)
        told = "".join(self.server.control("GET", "/_local" + path).body.decode() for path in
                       ("/requests", "/state", "/credentials", "/history", "/metrics")) + self.server.log_text()
        for secret in (ANN["secretAccessKey"], BOB["secretAccessKey"], BOB["sessionToken"]):
            self.assertNotIn(secret, told.replace("\\/", "/"))
        with open(self.server.database, "rb") as f:
            self.assertNotIn(BOB["secretAccessKey"].encode(), f.read())


class CredentialsTest(SignedTest):
    def reload(self):
        before = self.server.log_text().count("credentials:")
        self.server.process.send_signal(signal.SIGHUP)
        until = time.monotonic() + 10
        while self.server.log_text().count("credentials:") == before:
            self.assertLess(time.monotonic(), until)

    def test_the_file_is_read_again_on_a_hangup_all_of_it_or_nothing(self):
        eve = {**ANN, "accessKeyId": "AKIAIOSFODNN7NEWCOME"}
        self.refused("UnrecognizedClientException", self.as_user(eve).describe_projects)
        self.write({"users": [eve, {**ANN, "account": "1"}]})
        self.reload()
        self.assertIn("users[1].account: must be twelve digits", self.server.log_text())
        self.as_user(ANN).describe_projects()
        self.write({"users": [eve]})
        self.reload()
        self.as_user(eve).describe_projects()
        self.refused("UnrecognizedClientException", self.as_user(ANN).describe_projects)
        self.write({"users": [ANN]}, 0o644)
        self.reload()
        self.assertIn("others can read it", self.server.log_text())
        self.as_user(eve).describe_projects()

    def test_the_control_api_replaces_them_in_memory(self):
        eve = {**ANN, "accessKeyId": "AKIAIOSFODNN7NEWCOME"}
        told = self.control("PUT", "/credentials", {"users": [eve]})
        self.assertEqual(told["users"], [{k: v for k, v in eve.items() if k != "secretAccessKey"}])
        self.as_user(eve).describe_projects()
        answer = self.server.control("PUT", "/_local/credentials", {"users": [eve, {**eve, "policies": [{"Statement": []}]}]})
        self.assertEqual((answer.status, answer.json()["error"]["code"]), (400, "InvalidCredentials"))
        self.assertEqual(answer.json()["error"]["message"], "users[1].policies[0]: there is no statement (documented).")
        self.as_user(eve).describe_projects()
        self.reload()
        self.as_user(ANN).describe_projects()

    def test_a_file_that_will_not_do_is_told_at_the_start(self):
        for content, mode, why in (({"users": [ANN]}, 0o644, r".*others can read it \(mode 644\).*"), ("{", 0o600, r".*json: .*"),
                                   ({"users": [ANN, ANN]}, 0o600, r".*users\[1\]: accessKeyId is that of another entry"),
                                   ({"users": [{**ANN, "arn": "ann"}]}, 0o600, r".*users\[0\].arn: must be the ARN of a user.*"),
                                   ({"users": [{**ANN, "arn": BOB["arn"]}]}, 0o600, r".*users\[0\]: arn is of another account"),
                                   ({"users": [{**ANN, "name": "x"}]}, 0o600, r".*users\[0\].name: there is no such member here"),
                                   ({"users": [], "roles": [{"arn": "arn:aws:iam::111122223333:role/r", "account": "111122223333", "trust": ALL,
                                                             "policies": []}]}, 0o600, r".*roles\[0\].trust: statement 1: Resource is prohibited.*")):
            self.write(content, mode)
            done = subprocess.run([os.environ["TEST_BINARY"], "--port", "0", "--db", ":memory:", "--auth", "signature", "--credentials", self.file],
                                  capture_output=True, text=True, timeout=20)
            self.assertEqual(done.returncode, 2, done)
            self.assertRegex(done.stderr, why)
        self.write({"users": [ANN]}, 0o644)
        options = ["--auth", "signature", "--credentials", self.file, "--set", "credentials.anyMode=1"]
        with Server(os.environ["TEST_BINARY"], options).start():
            pass
        done = subprocess.run([os.environ["TEST_BINARY"], "--auth", "signature", "--db", ":memory:"], capture_output=True, text=True, timeout=20)
        self.assertEqual((done.returncode, done.stderr), (2, "rekognition-local: --auth needs --credentials: who may call\n"))
