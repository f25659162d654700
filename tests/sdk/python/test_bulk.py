"""Bulk image analysis, through boto3, on a server of S3 that others wrote."""
import json
import os
import time

from server import Server

from local import LocalTest, png
from s3 import Moto

OUT = {"S3Bucket": "results", "S3KeyPrefix": "bulk"}


class BulkTest(LocalTest):
    @classmethod
    def setUpClass(cls):
        cls.s3_server = cls.enterClassContext(Moto())
        cls.s3 = cls.s3_server.client()
        for bucket in ("images", "results"):
            cls.s3.create_bucket(Bucket=bucket)

    def setUp(self):
        self.server = self.enterContext(Server(os.environ["TEST_BINARY"], ["--profile", "instant", "--s3", self.s3_server.url]))
        self.begin()

    def begin(self):
        self.server.start(self.s3_server.environment())
        self.url = "http://{}:{}".format(*self.server.address)
        self.rekognition = self.client()

    def manifest(self, key, *lines):
        text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
        self.s3.put_object(Bucket="images", Key=key, Body=text.encode())
        return {"S3Object": {"Bucket": "images", "Name": key}}

    def start(self, manifest, output=None, least=50.0, **more):
        return self.rekognition.start_media_analysis_job(
            OperationsConfig={"DetectModerationLabels": {"MinConfidence": least}},
            Input=manifest, OutputConfig=output or OUT, **more)["JobId"]

    def ended(self, job):
        """Work in S3 takes real time; how long is not for a test to say."""
        late = time.monotonic() + 60 * float(os.environ.get("TEST_SLOW", "1"))
        while time.monotonic() < late:
            answer = self.rekognition.get_media_analysis_job(JobId=job)
            if answer["Status"] in ("SUCCEEDED", "FAILED"):
                return answer
        return self.fail("the job does not end")

    def read(self, where):
        place = where["S3Object"]
        return self.s3.get_object(Bucket=place["Bucket"], Key=place["Name"])["Body"].read().decode()

    def test_a_hundred_images_come_back_in_the_order_of_the_manifest_with_what_a_call_says(self):
        for n in range(100):
            self.s3.put_object(Bucket="images", Key=f"{n}.png", Body=png(80 + n, 80))
            self.control("POST", "/images", {"image": {"s3": f"images/{n}.png"},
                                             "shows": {"moderation": [{"Name": "Smoking", "Confidence": n}]}})
        names = [f"s3://images/{n}.png" for n in range(99, -1, -1)] + ["s3://images/7.png"] * 2
        answer = self.ended(self.start(self.manifest("all", *({"source-ref": name} for name in names)), least=30.0))
        self.assertEqual(answer["Status"], "SUCCEEDED", answer)
        self.assertEqual(answer["Results"]["ModelVersions"], {"Moderation": "7.0"})
        self.assertEqual(answer["Results"]["S3Object"]["Name"], f"bulk/{answer['JobId']}-results.jsonl")
        lines = [json.loads(line) for line in self.read(answer["Results"]).splitlines()]
        self.assertEqual([line["source-ref"] for line in lines], names)
        for name, line in list(zip(names, lines))[::9]:
            said = self.rekognition.detect_moderation_labels(
                Image={"S3Object": {"Bucket": "images", "Name": name.rsplit("/", 1)[1]}}, MinConfidence=30.0)
            del said["ResponseMetadata"]
            self.assertEqual(line["detect-moderation-labels"], said)
        self.assertEqual(json.loads(self.read(answer["ManifestSummary"])), {
            "version": "1.0", "errors": [],
            "statistics": {"total-json-lines": 102, "valid-json-lines": 102, "invalid-json-lines": 0}})

    def test_a_bucket_for_results_that_there_is_not_and_a_manifest_that_goes(self):
        self.s3.put_object(Bucket="images", Key="a.png", Body=png(80, 80))
        manifest = self.manifest("one", {"source-ref": "s3://images/a.png"})
        answer = self.ended(self.start(manifest, {"S3Bucket": "nobody-has-this"}))
        self.assertEqual((answer["Status"], answer["FailureDetails"]["Code"]), ("FAILED", "INVALID_OUTPUT_CONFIG"))
        self.control("PATCH", "/settings", {"job.mediaQueue": "1h"})
        job = self.start(manifest)
        self.s3.delete_object(Bucket="images", Key="one")
        self.advance("1h")
        answer = self.ended(job)
        self.assertEqual((answer["Status"], answer["FailureDetails"]["Code"]), ("FAILED", "INVALID_S3_OBJECT"))

    def test_the_tokens_that_the_sdk_makes_are_of_one_call_each_and_those_given_of_one_job(self):
        manifest = self.manifest("none", {"source-ref": "s3://images/none.png"})
        self.assertNotEqual(self.start(manifest), self.start(manifest))
        self.assertEqual(self.start(manifest, ClientRequestToken="t"), self.start(manifest, ClientRequestToken="t"))
        self.refuses("IdempotentParameterMismatchException", self.rekognition.start_media_analysis_job,
                     OperationsConfig={"DetectModerationLabels": {}}, Input=manifest, OutputConfig=OUT, ClientRequestToken="t")
        listed, token = [], {}
        while token is not None:
            page = self.rekognition.list_media_analysis_jobs(MaxResults=1, **token)
            listed += page["MediaAnalysisJobs"]
            token = {"NextToken": page["NextToken"]} if "NextToken" in page else None
        self.assertEqual(len(listed), 3)
        self.assertEqual(sorted(listed, key=lambda job: job["CreationTimestamp"], reverse=True), listed)

    def test_a_job_whose_work_was_killed_writes_all_of_it_after_the_restart(self):
        for n in range(40):
            self.s3.put_object(Bucket="images", Key=f"k{n}.png", Body=png(80 + n, 80))
        manifest = self.manifest("killed", *({"source-ref": f"s3://images/k{n}.png"} for n in range(40)))
        for _ in range(3):
            job = self.start(manifest)
            self.server.kill()
            self.begin()
            answer = self.ended(job)
            self.assertEqual(answer["Status"], "SUCCEEDED", answer)
            self.assertEqual(len(self.read(answer["Results"]).splitlines()), 40)
