"""What the control API does to the world, as boto3 and its waiters see it."""
from local import LocalTest


class MovesTest(LocalTest):
    def test_an_adapter_grows_old(self):
        c = self.rekognition
        project = self.project("adapters", Feature="CONTENT_MODERATION", AutoUpdate="DISABLED")
        version = self.train(project)
        for status in ("DEPRECATED", "EXPIRED"):
            self.control("POST", "/moves", {"arn": version, "to": status})
            self.assertEqual(self.describe(project)[0]["Status"], status)
        c.delete_project_version(ProjectVersionArn=version)
        self.assertEqual(self.describe(project), [])


class CopyingTest(LocalTest):
    options = ["--profile", "aws", "--clock", "frozen"]

    def test_a_copy_under_way_is_left_alone(self):
        c = self.rekognition
        project = self.project()
        version = self.train(project)
        self.advance(until="settled")
        copy = {"SourceProjectArn": project, "DestinationProjectArn": self.project("copies"),
                "OutputConfig": {"S3Bucket": "results"}}
        arn = c.copy_project_version(SourceProjectVersionArn=version, VersionName="copied", **copy)["ProjectVersionArn"]
        self.assertEqual(self.status(arn), "COPYING_IN_PROGRESS")
        self.refuses("ResourceInUseException", c.start_project_version, ProjectVersionArn=arn, MinInferenceUnits=1)
        self.refuses("ResourceInUseException", c.stop_project_version, ProjectVersionArn=arn)
        self.refuses("ResourceInUseException", c.delete_project_version, ProjectVersionArn=arn)
        self.refuses("ResourceNotReadyException", c.detect_custom_labels, ProjectVersionArn=arn,
                     Image={"S3Object": {"Bucket": "photos", "Name": "robin.png"}})
        again = {**copy, "SourceProjectArn": copy["DestinationProjectArn"], "DestinationProjectArn": project}
        self.refuses("ResourceInUseException", c.copy_project_version, SourceProjectVersionArn=arn, VersionName="again",
                     **again)
        self.assertEqual([f["to"] for f in self.advance(until="settled")], ["COPYING_COMPLETED"])
        c.start_project_version(ProjectVersionArn=arn, MinInferenceUnits=1)


class JournalTest(LocalTest):
    def test_the_journal_counts_what_a_waiter_asks(self):
        project = self.project()
        self.train(project)
        self.rekognition.get_waiter("project_version_training_completed").wait(ProjectArn=project)
        self.assertEqual(self.control("GET", "/requests/count?operation=DescribeProjectVersions"), {"count": 1})
        self.refuses("ResourceInUseException", self.rekognition.create_project, ProjectName="birds")
        refused = self.control("GET", "/requests?error=ResourceInUseException")["requests"]
        self.assertEqual([(r["operation"], r["account"], r["status"]) for r in refused],
                         [("CreateProject", "123456789012", 400)])
        self.assertIn("explain", refused[0])

    def test_a_test_can_assert_that_nothing_was_left_on(self):
        version = self.running()
        self.assertEqual(self.control("GET", "/usage")["running"], [version])
        self.rekognition.stop_project_version(ProjectVersionArn=version)
        self.assertEqual(self.control("GET", "/usage")["running"], [])

    def test_a_reset_empties_one_account_and_no_other(self):
        one, two = self.client("000000000001"), self.client("000000000002")
        self.project("birds", one)
        self.project("birds", two)
        self.control("POST", "/reset?account=000000000001")
        self.assertEqual(one.describe_projects()["ProjectDescriptions"], [])
        self.assertEqual(len(two.describe_projects()["ProjectDescriptions"]), 1)
        self.project("birds", one)
