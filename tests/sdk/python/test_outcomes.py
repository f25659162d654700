"""Failures that a test asks for, as boto3 and its waiters see them; and the assertion that nothing is left running."""
from botocore.exceptions import WaiterError

from local import LocalTest, png


class OutcomesTest(LocalTest):
    options = ["--profile", "quick", "--clock", "frozen"]

    def fail(self, resource, event, **more):
        return self.control("POST", "/outcomes", {"resource": resource, "event": event, "to": "fail", **more})["id"]

    def wait(self, waiter, project):
        self.rekognition.get_waiter(waiter).wait(ProjectArn=project)

    def waits_in_vain(self, waiter, project):
        with self.assertRaises(WaiterError) as caught:
            self.wait(waiter, project)
        return caught.exception.last_response["ProjectVersionDescriptions"][0]

    def test_training_fails_for_the_waiter_with_the_message_given(self):
        self.virtual_time()
        project = self.project()
        self.fail("*:project/birds/version/*", "train", message="The manifest file contains too many invalid lines.")
        self.train(project)
        shown = self.waits_in_vain("project_version_training_completed", project)
        self.assertEqual((shown["Status"], shown["StatusMessage"]),
                         ("TRAINING_FAILED", "The manifest file contains too many invalid lines."))
        self.assertNotIn("BillableTrainingTimeInSeconds", shown)

    def test_a_start_fails_for_the_waiter_and_the_next_one_succeeds(self):
        self.virtual_time()
        project = self.project()
        version = self.train(project)
        self.wait("project_version_training_completed", project)
        self.fail(version, "start", message="Out of capacity.")
        self.rekognition.start_project_version(ProjectVersionArn=version, MinInferenceUnits=1)
        shown = self.waits_in_vain("project_version_running", project)
        self.assertEqual((shown["Status"], shown["StatusMessage"]), ("FAILED", "Out of capacity."))
        self.rekognition.start_project_version(ProjectVersionArn=version, MinInferenceUnits=1)
        self.wait("project_version_running", project)

    def test_stopping_fails_and_nothing_is_left_running(self):
        project = self.project()
        version = self.train(project)
        self.advance(until="settled")
        self.rekognition.start_project_version(ProjectVersionArn=version, MinInferenceUnits=2)
        self.advance(until="settled")
        self.rekognition.detect_custom_labels(ProjectVersionArn=version, Image={"Bytes": png()})
        self.assertEqual(self.control("GET", "/usage")["running"], [version])
        self.advance("30m")
        self.fail(version, "stop")
        self.rekognition.stop_project_version(ProjectVersionArn=version)
        self.advance(until="settled")
        self.assertEqual(self.status(version), "FAILED")
        usage = self.control("GET", "/usage")
        self.assertEqual(usage["running"], [])
        self.assertEqual((usage["totals"]["inferenceUnitHours"], usage["totals"]["calls"]), (1, 1))

    def test_a_copy_fails(self):
        project = self.project()
        version = self.train(project)
        self.advance(until="settled")
        self.fail("*:project/copies/*", "copy")
        copy = self.rekognition.copy_project_version(
            SourceProjectArn=project, SourceProjectVersionArn=version, DestinationProjectArn=self.project("copies"),
            VersionName="copied", OutputConfig={"S3Bucket": "results"})["ProjectVersionArn"]
        self.advance(until="settled")
        self.assertEqual(self.status(copy), "COPYING_FAILED")
        self.refuses("ResourceInUseException", self.rekognition.start_project_version,
                     ProjectVersionArn=copy, MinInferenceUnits=1)
