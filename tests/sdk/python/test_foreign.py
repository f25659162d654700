"""SDKs whose endpoint for all services is this one, by AWS_ENDPOINT_URL, learn what it is."""
import os
import subprocess

from botocore.config import Config
from botocore.exceptions import ClientError
from local import SESSION, LocalTest
from server import PATIENCE

MESSAGE = "This is rekognition-local, which serves Amazon Rekognition only, and this call is for {}. Set " \
          "AWS_ENDPOINT_URL_REKOGNITION in place of AWS_ENDPOINT_URL."


class ForeignTest(LocalTest):
    def of(self, service):
        return SESSION.client(service, endpoint_url=self.url, region_name="us-east-1", aws_access_key_id="111122223333",
                              aws_secret_access_key="any", config=Config(proxies={}))

    def test_clients_of_other_services_are_told_in_their_own_protocol(self):
        for service, operation, arguments, code in (
                ("s3", "list_buckets", {}, "InvalidRequest"),
                ("s3", "put_object", {"Bucket": "b", "Key": "k", "Body": b"x" * 100000}, "InvalidRequest"),
                ("s3", "get_object", {"Bucket": "b", "Key": "k"}, "InvalidRequest"),
                ("sts", "get_session_token", {}, "InvalidAction"),
                ("iam", "list_users", {}, "InvalidAction"),
                ("ec2", "describe_regions", {}, "InvalidAction"),
                ("dynamodb", "list_tables", {}, "UnknownOperationException"),
                ("sqs", "list_queues", {}, "UnknownOperationException"),
                ("lambda", "list_functions", {}, "UnknownOperationException"),
                ("route53", "list_hosted_zones", {}, "InvalidAction")):
            with self.subTest(service, operation=operation):
                client = self.of(service)
                sent = []
                client.meta.events.register("before-send", lambda sent=sent, **_: sent.append(1) or None)
                with self.assertRaises(ClientError) as caught:
                    getattr(client, operation)(**arguments)
                self.assertEqual(caught.exception.response["Error"]["Code"], code)
                self.assertEqual(caught.exception.response["Error"]["Message"], MESSAGE.format(service))
                self.assertEqual(len(sent), 1, "it is not tried again")

    def test_the_identity_is_the_account_of_the_key(self):
        identity = self.of("sts").get_caller_identity()
        self.assertEqual([identity[name] for name in ("Account", "UserId", "Arn")],
                         ["111122223333", "111122223333", "arn:aws:iam::111122223333:root"])

    def test_the_cli_too(self):
        env = {**os.environ, "AWS_ENDPOINT_URL": self.url, "AWS_ACCESS_KEY_ID": "111122223333", "AWS_DEFAULT_REGION": "us-east-1",
               "AWS_SECRET_ACCESS_KEY": "any"}
        for command, status, output in (("s3 ls", 255, MESSAGE.format("s3")),
                                        ("sts get-caller-identity --query Account --output text", 0, "111122223333\n")):
            done = subprocess.run([os.environ["AWS"], *command.split()], env=env, stdin=subprocess.DEVNULL, text=True,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=PATIENCE, check=False)
            self.assertEqual(done.returncode, status, done.stdout)
            self.assertIn(output, done.stdout)

    def test_the_reason_of_a_refusal_is_in_its_headers(self):
        response = self.refuses("ResourceNotFoundException", self.rekognition.describe_project_versions,
                                ProjectArn="arn:aws:rekognition:us-east-1:123456789012:project/birds/1700000000000")
        self.assertEqual(response["ResponseMetadata"]["HTTPHeaders"]["x-rekognition-local-reason"],
                         "NOT_FOUND: there is no arn:aws:rekognition:us-east-1:123456789012:project/birds/1700000000000")
