"""Models copied within an account, and to another one under a project policy."""
import json

from local import LocalTest

OTHER = "210987654321"


class CopyingTest(LocalTest):
    def setUp(self):
        super().setUp()
        self.source = self.project("source")
        self.version = self.train(self.source)
        self.stranger = self.client(account=OTHER)
        self.destination = self.project("destination", self.stranger)

    def document(self, effect="Allow", principal=f"arn:aws:iam::{OTHER}:root", resource=None):
        return json.dumps({"Version": "2012-10-17", "Statement": [{
            "Sid": "copying", "Effect": effect, "Principal": {"AWS": principal},
            "Action": "rekognition:CopyProjectVersion",
            "Resource": resource or self.source.rpartition("/")[0] + "/version/*"}]})

    def put(self, name="p", document=None, **more):
        return self.rekognition.put_project_policy(
            ProjectArn=self.source, PolicyName=name, PolicyDocument=document or self.document(), **more)["PolicyRevisionId"]

    def copying(self, client=None, destination=None, **more):
        return {"operation": (client or self.stranger).copy_project_version, "SourceProjectArn": self.source,
                "SourceProjectVersionArn": self.version, "DestinationProjectArn": destination or self.destination,
                "VersionName": "copied", "OutputConfig": {"S3Bucket": "theirs", "S3KeyPrefix": "copies"}, **more}

    def copy(self, **more):
        arguments = self.copying(**more)
        return arguments.pop("operation")(**arguments)["ProjectVersionArn"]

    def test_another_account_copies_what_a_policy_allows(self):
        self.refuses("AccessDeniedException", **self.copying())
        self.put()
        copy = self.copy(Tags={"from": "them"})
        self.assertIn(f":{OTHER}:project/destination/version/copied/", copy)
        described = self.stranger.describe_project_versions(ProjectArn=self.destination)["ProjectVersionDescriptions"][0]
        self.assertEqual((described["Status"], described["SourceProjectVersionArn"], described["OutputConfig"]),
                         ("COPYING_COMPLETED", self.version, {"S3Bucket": "theirs", "S3KeyPrefix": "copies"}))
        self.assertEqual(self.stranger.list_tags_for_resource(ResourceArn=copy)["Tags"], {"from": "them"})
        self.stranger.start_project_version(ProjectVersionArn=copy, MinInferenceUnits=1)
        self.stranger.get_waiter("project_version_running").wait(ProjectArn=self.destination)

    def test_no_policy_is_needed_within_an_account(self):
        self.assertIn("/copied/", self.copy(client=self.rekognition, destination=self.project("mine")))

    def test_a_denial_binds_the_owner_too(self):
        self.put(document=self.document("Deny", "*"))
        self.refuses("AccessDeniedException", **self.copying(client=self.rekognition, destination=self.project("mine")))

    def test_a_policy_for_another_version_does_not_help(self):
        self.put(document=self.document(resource=self.version.replace("/v1/", "/v2/")))
        self.refuses("AccessDeniedException", **self.copying())

    def test_a_policy_that_is_gone_does_not_help(self):
        self.put()
        self.copy()
        self.rekognition.delete_project_policy(ProjectArn=self.source, PolicyName="p")
        self.refuses("AccessDeniedException", **self.copying(VersionName="again"))

    def test_policies_have_revisions(self):
        c, arguments = self.rekognition, {"ProjectArn": self.source, "PolicyName": "p"}
        first = self.put()
        self.assertRegex(first, "^[0-9a-f]{32}$")
        self.refuses("ResourceAlreadyExistsException", c.put_project_policy, PolicyDocument=self.document(), **arguments)
        second = self.put(PolicyRevisionId=first)
        self.assertNotEqual(first, second)
        self.refuses("InvalidPolicyRevisionIdException", c.put_project_policy, PolicyDocument=self.document(),
                     PolicyRevisionId=first, **arguments)
        self.refuses("InvalidPolicyRevisionIdException", c.delete_project_policy, PolicyRevisionId=first, **arguments)
        listed = c.list_project_policies(ProjectArn=self.source)["ProjectPolicies"]
        self.assertEqual([(p["PolicyName"], p["PolicyRevisionId"], p["PolicyDocument"]) for p in listed],
                         [("p", second, self.document())])
        self.assertGreaterEqual(listed[0]["LastUpdatedTimestamp"], listed[0]["CreationTimestamp"])
        c.delete_project_policy(PolicyRevisionId=second, **arguments)
        self.refuses("ResourceNotFoundException", c.delete_project_policy, **arguments)

    def test_a_policy_that_is_none_is_malformed(self):
        for document in ("{", "{}", '{"Version":"2012-10-17","Statement":[]}', self.document("Perhaps"),
                         self.document().replace("Action", "NotAction")):
            self.refuses("MalformedPolicyDocumentException", self.rekognition.put_project_policy, ProjectArn=self.source,
                         PolicyName="p", PolicyDocument=document)
        self.assertEqual(self.rekognition.list_project_policies(ProjectArn=self.source)["ProjectPolicies"], [])

    def test_a_copy_needs_a_name_that_is_free_and_a_version_of_the_source(self):
        self.put()
        self.copy()
        self.refuses("ResourceInUseException", **self.copying())
        self.refuses("ResourceNotFoundException", **self.copying(
            VersionName="new", SourceProjectVersionArn=self.version.replace("/v1/", "/v2/")))

    def test_adapters_are_not_copied(self):
        adapters = self.project("adapters", Feature="CONTENT_MODERATION", AutoUpdate="DISABLED")
        adapter = self.train(adapters)
        self.refuses("InvalidParameterException", **self.copying(
            client=self.rekognition, destination=self.project("mine"), SourceProjectArn=adapters,
            SourceProjectVersionArn=adapter))
