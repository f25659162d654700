"""Fixtures and their JSON Schema, read by a program that is not ours."""
import jsonschema
from local import LocalTest

ACCOUNT, REGION = "123456789012", "us-east-1"
STATUSES = ["TRAINING_IN_PROGRESS", "TRAINING_COMPLETED", "TRAINING_FAILED", "STARTING", "RUNNING", "FAILED", "STOPPING",
            "STOPPED", "DELETING", "COPYING_IN_PROGRESS", "COPYING_COMPLETED", "COPYING_FAILED", "DEPRECATED", "EXPIRED"]


def world(**project):
    return {"accounts": {ACCOUNT: {REGION: {"projects": [{"name": "birds", **project}]}}}}


class FixtureTest(LocalTest):
    options = ["--profile", "aws", "--clock", "frozen"]

    def setUp(self):
        super().setUp()
        schema = self.control("GET", "/schema/fixture")
        jsonschema.Draft202012Validator.check_schema(schema)
        self.validator = jsonschema.Draft202012Validator(schema)

    def test_the_state_of_a_furnished_world_fits_the_schema(self):
        c = self.rekognition
        project = self.project(Tags={"größe": "3 m", "empty": ""})
        version = self.train(project, VersionDescription="the first", KmsKeyId="alias/key", Tags={"k": "v"})
        self.project("adapters", Feature="CONTENT_MODERATION", AutoUpdate="ENABLED")
        self.validator.validate(self.control("GET", "/state"))
        self.advance(until="settled")
        c.start_project_version(ProjectVersionArn=version, MinInferenceUnits=1, MaxInferenceUnits=3)
        self.validator.validate(self.control("GET", "/state"))
        self.advance(until="settled")
        state = self.control("GET", "/state")
        self.validator.validate(state)
        self.control("POST", "/reset")
        self.control("POST", "/load", state)
        self.assertEqual(self.control("GET", "/state"), state)

    def test_every_status_can_be_declared_and_is_what_describe_shows(self):
        fixture = world(versions=[{"name": status, "status": status} for status in STATUSES])
        self.validator.validate(fixture)
        self.control("POST", "/load", fixture)
        self.validator.validate(self.control("GET", "/state"))
        arn = self.rekognition.describe_projects()["ProjectDescriptions"][0]["ProjectArn"]
        shown = {v["ProjectVersionArn"].split("/")[3]: v["Status"] for v in self.describe(arn)}
        self.assertEqual(shown, {status: status for status in STATUSES})

    def test_structures_of_the_api_are_taken_in_either_case(self):
        asset = {"groundTruthManifest": {"s3Object": {"bucket": "data", "name": "train"}}}
        fixture = world(versions=[{"name": "v1", "outputConfig": {"s3Bucket": "out", "S3KeyPrefix": "pre"},
                                   "trainingData": {"assets": [asset]}, "testingData": {"AutoCreate": True}}])
        self.validator.validate(fixture)
        self.control("POST", "/load", fixture)
        arn = self.rekognition.describe_projects()["ProjectDescriptions"][0]["ProjectArn"]
        self.assertEqual(self.describe(arn)[0]["OutputConfig"], {"S3Bucket": "out", "S3KeyPrefix": "pre"})

    def test_what_the_schema_refuses_the_server_refuses(self):
        for wrong in ({}, {"accounts": []}, {"accounts": {"1": {}}}, {"accounts": {ACCOUNT: {"US": {}}}},
                      {"accounts": {ACCOUNT: {REGION: {"project": []}}}}, world(name=""), world(name="a b"),
                      world(colour="red"), world(status="DONE"), world(tags={"k": 1}), world(tags=[]),
                      world(versions={}), world(versions=[{}]), world(versions=[{"name": "v", "status": "DONE"}]),
                      world(versions=[{"name": "v", "minInferenceUnits": 0}]), world(policies=[{"name": "p"}]),
                      world(versions=[{"name": "v", "outputConfig": {"S3Bucket": "o"}}]),
                      world(versions=[{"name": "v", "outputConfig": {"bucket": "out"}}]),
                      world(versions=[{"name": "v", "f1Score": 2}]), world(versions=[{"name": "v", "completed": 1}]),
                      world(versions=[{"name": "v", "demand": {"peak": 1}}]), world(createdAt=1)):
            with self.subTest(wrong=wrong):
                self.assertFalse(self.validator.is_valid(wrong))
                answer = self.server.control("POST", "/_local/load", wrong)
                self.assertEqual(answer.status, 400, answer.body)
        self.assertEqual(self.control("GET", "/state")["accounts"], {})
