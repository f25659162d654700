"""What public programs for Custom Labels rely on, one by one: facts gathered from programs in Python, R, JavaScript,
TypeScript, Go, Ruby and Java, from Step Functions and from infrastructure tools."""
import base64
import json
import os
import re
import subprocess

from local import DATA, LocalTest, png
from server import Connection, request

HEADERS = [("Content-Type", "application/x-amz-json-1.1")]


class ProgramsTest(LocalTest):
    def test_arns_are_taken_apart(self):
        project = self.project("my_project.1")
        version = self.train(project, "my_project.2026-11-23T10.00.00")
        self.assertEqual((version.split("/")[1], version.split("/")[3]), ("my_project.1", "my_project.2026-11-23T10.00.00"))
        self.assertEqual(re.search(r":project\/([a-zA-Z0-9_.\-]{1,255})\/([0-9]+)$", project)[1], "my_project.1")
        self.assertEqual(project.split(":")[3:5], ["us-east-1", "123456789012"])
        self.assertRegex(version.split("/")[-1], r"^\d{13}$")

    def test_testing_data_may_be_split_off_with_an_empty_list_of_assets(self):
        project = self.project()
        self.train(project, TestingData={"AutoCreate": True, "Assets": []}, Tags={"stage": "test"})
        given = self.describe(project)[0]["TestingDataResult"]["Input"]
        self.assertEqual(given, {"AutoCreate": True, "Assets": []})

    def test_tags_and_units_are_read_back(self):
        project = self.project()
        version = self.train(project, Tags={"owner": "me", "empty": ""})
        self.assertEqual(self.rekognition.list_tags_for_resource(ResourceArn=version)["Tags"], {"owner": "me", "empty": ""})
        self.rekognition.start_project_version(ProjectVersionArn=version, MinInferenceUnits=2)
        self.assertEqual(self.describe(project, "v1")[0]["MinInferenceUnits"], 2)

    def test_infrastructure_tools_see_created_twice_in_a_row(self):
        project = self.project()
        for _ in range(2):
            found = self.rekognition.describe_projects(ProjectNames=["birds"])["ProjectDescriptions"]
            self.assertEqual([(p["ProjectArn"], p["Status"]) for p in found], [(project, "CREATED")])

    def test_infrastructure_tools_list_projects_of_every_feature(self):
        self.project("models")
        self.project("adapters", Feature="CONTENT_MODERATION", AutoUpdate="ENABLED")
        list_projects = self.rekognition.describe_projects
        both = list_projects(Features=["CUSTOM_LABELS", "CONTENT_MODERATION"], MaxResults=100)["ProjectDescriptions"]
        self.assertEqual({p["ProjectArn"].split("/")[1]: (p.get("Feature", "CUSTOM_LABELS"), p.get("AutoUpdate"))
                          for p in both}, {"models": ("CUSTOM_LABELS", None), "adapters": ("CONTENT_MODERATION", "ENABLED")})
        self.assertEqual(len(list_projects(Features=["CONTENT_MODERATION"])["ProjectDescriptions"]), 1)
        self.assertEqual(list_projects(ProjectNames=["adapters"])["ProjectDescriptions"], [])
        self.assertEqual([p["Datasets"] for p in both], [[], []])

    def test_the_newest_version_is_the_first_whatever_the_size_of_the_page(self):
        project = self.project()
        for n in range(3):
            self.train(project, f"v{n}")
        for size in (1, 20, 50):
            answer = self.rekognition.describe_project_versions(ProjectArn=project, MaxResults=size)
            self.assertIn("/v2/", answer["ProjectVersionDescriptions"][0]["ProjectVersionArn"])
            self.assertEqual("NextToken" in answer, size == 1)
            named = self.rekognition.describe_project_versions(ProjectArn=project, VersionNames=["v1"], MaxResults=size)
            self.assertEqual(["/v1/" in v["ProjectVersionArn"] for v in named["ProjectVersionDescriptions"]], [True])
            self.assertNotIn("NextToken", named)

    def test_a_name_that_is_unknown_is_an_empty_list_and_a_project_an_error(self):
        project = self.project()
        self.assertEqual(self.describe(project, "nobody"), [])
        self.refuses("ResourceNotFoundException", self.rekognition.describe_project_versions,
                     ProjectArn=project[:-1] + "0" if project[-1] != "0" else project[:-1] + "1")

    def test_every_description_has_a_message_to_print(self):
        project = self.project()
        version = self.train(project)
        for act in (lambda: None,
                    lambda: self.rekognition.start_project_version(ProjectVersionArn=version, MinInferenceUnits=1),
                    lambda: self.rekognition.stop_project_version(ProjectVersionArn=version)):
            act()
            self.assertGreater(len(self.describe(project)[0]["StatusMessage"]), 0)

    def test_pipelines_read_the_score_and_the_time_of_training(self):
        self.control("PATCH", "/settings", {"training.f1Score": 0.875})
        project = self.project()
        self.train(project)
        described = self.describe(project)[0]
        self.assertEqual(described["EvaluationResult"]["F1Score"], 0.875)
        self.assertGreaterEqual(described["BillableTrainingTimeInSeconds"], 0)
        name = described["EvaluationResult"]["Summary"]["S3Object"]["Name"]
        self.assertEqual(name, "birds/EvaluationResultSummary-birds-v1.json")

    def test_a_stopped_model_is_started_again(self):
        version = self.running()
        for _ in range(2):
            self.rekognition.stop_project_version(ProjectVersionArn=version)
            self.assertEqual(self.rekognition.start_project_version(
                ProjectVersionArn=version, MinInferenceUnits=1)["Status"], "STARTING")

    def test_scripts_delete_what_is_already_gone(self):
        version = self.trained()
        self.rekognition.delete_project_version(ProjectVersionArn=version)
        self.refuses("ResourceNotFoundException", self.rekognition.delete_project_version, ProjectVersionArn=version)


class WireTest(LocalTest):
    def errors(self):
        """Refusals of every kind that an SDK can meet: (status, body)."""
        project, version = self.project(), "arn:aws:rekognition:us-east-1:123456789012:project/birds/version/v1/1700000000000"
        for operation, arguments in (
                ("CreateProject", {"ProjectName": "birds"}),
                ("DescribeProjectVersions", {"ProjectArn": project[:-3] + "000"}),
                ("StopProjectVersion", {"ProjectVersionArn": version}),
                ("CreateProject", {"ProjectName": "no spaces"}),
                ("CreateProject", {}),
                ("DescribeProjects", {"NextToken": "made up"}),
                ("DescribeProjects", {"MaxResults": 0}),
                ("CreateProject", {"ProjectName": 1}),
                ("PutProjectPolicy", {"ProjectArn": project, "PolicyName": "p", "PolicyDocument": "{"}),
                ("TagResource", {"ResourceArn": "arn:aws:s3:::bucket/and/more", "Tags": {}}),
                ("IndexFaces", {"CollectionId": "c", "Image": {"Bytes": "AAAA"}})):
            answer = self.server.call(operation, arguments, "123456789012")
            self.assertGreaterEqual(answer.status, 400, operation)
            yield operation, answer

    def test_the_body_of_an_error_has_one_message(self):
        """paws, of R, looks for __type, and for exactly one other key like /message/i."""
        for operation, answer in self.errors():
            with self.subTest(operation):
                body = answer.json()
                self.assertRegex(body["__type"], r"^[A-Z]\w+$")
                found = [key for key in body if key != "__type" and re.search("message", key, re.I)]
                self.assertEqual(len(found), 1, body)
                self.assertGreater(len(body[found[0]]), 0)

    def test_an_answer_is_identified_and_typed(self):
        for _, answer in self.errors():
            self.assertEqual(answer.header("Content-Type"), "application/x-amz-json-1.1")
            self.assertRegex(answer.header("x-amzn-RequestId"), "^[0-9a-f-]{36}$")

    def detect(self, version, size):
        image = base64.b64encode(png(extra=size)).decode()
        return json.dumps({"ProjectVersionArn": version, "Image": {"Bytes": image}}).encode()

    def target(self, operation):
        return [*HEADERS, ("X-Amz-Target", "RekognitionService." + operation),
                ("Authorization", "AWS4-HMAC-SHA256 Credential=123456789012/20300101/us-east-1/rekognition/aws4_request, "
                                  "SignedHeaders=host, Signature=00")]

    def test_large_photos_are_posted_over_one_connection(self):
        body = self.detect(self.running(), 3900000)
        self.assertGreater(len(body), 5200000)
        connection = Connection(self.server.address)
        for _ in range(5):
            connection.send(request("POST", "/", self.target("DetectCustomLabels"), body))
            answer = connection.answer()
            self.assertEqual((answer.status, answer.json()), (200, {"CustomLabels": []}))
        connection.close()

    def test_a_client_that_expects_to_continue_is_told_to(self):
        body = self.detect(self.running(), 3900000)
        connection = Connection(self.server.address)
        head, _, _ = request("POST", "/", [*self.target("DetectCustomLabels"), ("Expect", "100-continue")],
                             body).partition(b"\r\n\r\n")
        connection.send(head + b"\r\n\r\n")
        self.assertEqual(connection.answer(interim=True).status, 100)
        connection.send(body)
        self.assertEqual(connection.answer().status, 200)
        connection.close()

    def test_curl_posts_a_large_photo_and_waits_to_be_told(self):
        """libcurl, and so PHP, sends Expect: 100-continue with a large body."""
        path = os.path.join(self.server.folder, "body")
        with open(path, "wb") as f:
            f.write(self.detect(self.running(), 3900000))
        headers = [word for name, value in [*self.target("DetectCustomLabels"), ("Expect", "100-continue")]
                   for word in ("-H", f"{name}: {value}")]
        done = subprocess.run(["curl", "-sv", "--noproxy", "*", "--http1.1", "--expect100-timeout", "30", *headers,
                               "--data-binary", "@" + path, self.url, self.url], capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, check=True)
        self.assertEqual(done.stdout, '{"CustomLabels":[]}' * 2)
        self.assertEqual(done.stderr.count("< HTTP/1.1 100 Continue"), 2)
        self.assertIn("Re-using existing connection", done.stderr)

    def test_a_body_may_come_in_chunks(self):
        connection = Connection(self.server.address)
        head = request("POST", "/", [*self.target("CreateProject"), ("Content-Length", None),
                                     ("Transfer-Encoding", "chunked")])
        connection.send(head + b'9\r\n{"Project\r\nf\r\nName": "chunks"\r\n1\r\n}\r\n0\r\n\r\n')
        self.assertEqual(connection.answer().status, 200)
        connection.close()
        self.assertEqual(len(self.rekognition.describe_projects(ProjectNames=["chunks"])["ProjectDescriptions"]), 1)

    def test_a_browser_asks_first_and_then_posts(self):
        asked = self.server.ask(request("OPTIONS", "/", [
            ("Origin", "http://localhost:3000"), ("Access-Control-Request-Method", "POST"),
            ("Access-Control-Request-Headers", "amz-sdk-invocation-id,authorization,content-type,x-amz-date,x-amz-target")]))
        self.assertEqual((asked.status, asked.header("Access-Control-Allow-Origin"), asked.body), (200, "http://localhost:3000", b""))
        self.assertIn("x-amz-target", asked.header("Access-Control-Allow-Headers"))
        posted = self.server.call("CreateProject", {"ProjectName": "browser"}, "123456789012",
                                  headers=[("Origin", "http://localhost:3000")])
        self.assertEqual((posted.status, posted.header("Access-Control-Allow-Origin")), (200, "http://localhost:3000"))
        refused = self.server.call("CreateProject", {"ProjectName": "browser"}, "123456789012",
                                   headers=[("Origin", "http://localhost:3000")])
        self.assertEqual((refused.status, refused.header("Access-Control-Allow-Origin")), (400, "http://localhost:3000"))

    def test_an_endpoint_may_have_a_path(self):
        self.url += "/rekognition/api"
        self.assertEqual(self.client().describe_projects()["ProjectDescriptions"], [])

    def test_a_client_without_credentials_is_of_the_default_account(self):
        answer = self.server.call("CreateProject", {"ProjectName": "plain"})
        self.assertIn(":us-east-1:123456789012:project/plain/", answer.json()["ProjectArn"])


class AccountsTest(LocalTest):
    options = ["--profile", "instant", "--account", "999999999999"]

    def test_an_access_key_of_twelve_digits_is_an_account(self):
        for key, account in (("000000000001", "000000000001"), ("AKIAIOSFODNN7EXAMPLE", "999999999999"),
                             ("12345678901", "999999999999"), ("1234567890123", "999999999999")):
            self.assertIn(f":{account}:", self.project("p" + key, self.client(key)))

    def test_accounts_have_worlds_of_their_own(self):
        one, two = self.client("000000000001"), self.client("000000000002")
        self.assertNotEqual(self.project("birds", one), self.project("birds", two))
        self.train(self.project("models", one), client=one, **DATA)
        for client, count in ((one, 2), (two, 1)):
            self.assertEqual(len(client.describe_projects()["ProjectDescriptions"]), count)
