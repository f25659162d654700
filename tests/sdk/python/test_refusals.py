"""What is refused: limits, bad values, unknown names and operations; each with its typed exception."""
from botocore.exceptions import ClientError

from local import DATA, LocalTest, png

UNKNOWN = "arn:aws:rekognition:us-east-1:123456789012:project/unknown/1700000000000"


class LimitsTest(LocalTest):
    def test_two_models_run_at_once_and_no_more(self):
        c = self.rekognition
        project = self.project()
        versions = [self.train(project, f"v{n}") for n in range(3)]
        for version in versions[:2]:
            c.start_project_version(ProjectVersionArn=version, MinInferenceUnits=1)
        self.refuses("LimitExceededException", c.start_project_version, ProjectVersionArn=versions[2],
                     MinInferenceUnits=1)
        c.stop_project_version(ProjectVersionArn=versions[0])
        c.start_project_version(ProjectVersionArn=versions[2], MinInferenceUnits=1)

    def test_a_model_has_at_most_five_units(self):
        c = self.rekognition
        version = self.trained()
        for units in ({"MinInferenceUnits": 6}, {"MinInferenceUnits": 1, "MaxInferenceUnits": 6}):
            self.refuses("LimitExceededException", c.start_project_version, ProjectVersionArn=version, **units)
        self.refuses("InvalidParameterException", c.start_project_version, ProjectVersionArn=version,
                     MinInferenceUnits=3, MaxInferenceUnits=2)
        c.start_project_version(ProjectVersionArn=version, MinInferenceUnits=5)

    def test_limits_are_settings(self):
        c = self.rekognition
        self.control("PATCH", "/settings", {"limit.projects": 1, "limit.versionsPerProject": 1})
        project = self.project()
        self.refuses("LimitExceededException", c.create_project, ProjectName="second")
        self.train(project)
        self.refuses("LimitExceededException", c.create_project_version, ProjectArn=project, VersionName="v2",
                     OutputConfig={"S3Bucket": "results"}, **DATA)

    def test_trainings_at_once_are_limited(self):
        self.control("PATCH", "/settings", {"version.train": "1h"})
        project = self.project()
        self.train(project, "v1")
        self.train(project, "v2")
        self.refuses("LimitExceededException", self.rekognition.create_project_version, ProjectArn=project,
                     VersionName="v3", OutputConfig={"S3Bucket": "results"}, **DATA)

    def test_policies_and_tags_are_limited(self):
        c = self.rekognition
        project = self.project()
        document = ('{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"210987654321"},'
                    f'"Action":"rekognition:CopyProjectVersion","Resource":"{project.rpartition("/")[0]}/version/*"}}]}}')
        for n in range(5):
            c.put_project_policy(ProjectArn=project, PolicyName=f"p{n}", PolicyDocument=document)
        self.refuses("ServiceQuotaExceededException", c.put_project_policy, ProjectArn=project, PolicyName="p5",
                     PolicyDocument=document)
        c.tag_resource(ResourceArn=project, Tags={f"k{n}": "v" for n in range(50)})
        self.refuses("ServiceQuotaExceededException", c.tag_resource, ResourceArn=project, Tags={"k50": "v"})
        self.assertEqual(len(c.list_tags_for_resource(ResourceArn=project)["Tags"]), 50)


class ValuesTest(LocalTest):
    def refuses_value(self, operation, message, **arguments):
        """A value that the SDK lets through and the service does not: ValidationException, which no model has."""
        with self.assertRaises(ClientError) as caught:
            operation(**arguments)
        error = caught.exception.response["Error"]
        self.assertEqual((error["Code"], error["Message"]), ("ValidationException", message))

    def test_names_that_exist_are_in_use(self):
        c = self.rekognition
        project = self.project()
        self.train(project)
        self.refuses("ResourceInUseException", c.create_project, ProjectName="birds")
        self.refuses("ResourceInUseException", c.create_project_version, ProjectArn=project, VersionName="v1",
                     OutputConfig={"S3Bucket": "results"}, **DATA)

    def test_what_does_not_exist_is_not_found(self):
        c = self.rekognition
        version = UNKNOWN.replace("/1700", "/version/v1/1700")
        missing = "ResourceNotFoundException"
        response = self.refuses(missing, c.describe_project_versions, ProjectArn=UNKNOWN)
        self.assertEqual(response["Error"]["Code"], missing)
        self.assertEqual(response["ResponseMetadata"]["HTTPStatusCode"], 400)
        self.assertRegex(response["ResponseMetadata"]["RequestId"], "^[0-9a-f-]{36}$")
        self.refuses(missing, c.delete_project, ProjectArn=UNKNOWN)
        self.refuses(missing, c.list_project_policies, ProjectArn=UNKNOWN)
        self.refuses(missing, c.tag_resource, ResourceArn=version, Tags={"a": "b"})
        self.refuses(missing, c.start_project_version, ProjectVersionArn=version, MinInferenceUnits=1)

    def test_another_account_is_denied(self):
        stranger = self.client(account="210987654321")
        project = self.project()
        self.refuses("AccessDeniedException", stranger.describe_project_versions, ProjectArn=project)
        self.assertEqual(stranger.describe_projects()["ProjectDescriptions"], [])

    def test_a_region_does_not_see_another(self):
        self.project()
        elsewhere = self.client(region="eu-west-1")
        self.assertEqual(elsewhere.describe_projects()["ProjectDescriptions"], [])
        self.assertIn(":eu-west-1:", self.project("birds", elsewhere))

    def test_values_that_break_a_constraint_name_it(self):
        self.refuses_value(
            self.rekognition.create_project,
            "1 validation error detected: Value 'no spaces' at 'projectName' failed to satisfy constraint: "
            "Member must satisfy regular expression pattern: [a-zA-Z0-9_.\\-]+", ProjectName="no spaces")
        self.refuses_value(
            self.rekognition.describe_projects,
            "1 validation error detected: Value '101' at 'maxResults' failed to satisfy constraint: "
            "Member must have value less than or equal to 100", MaxResults=101)

    def test_images_are_looked_at(self):
        c = self.rekognition
        version = self.running()
        for error, image in (("InvalidImageFormatException", b"GIF89a, and more than a few bytes of it"),
                             ("ImageTooLargeException", png(extra=4200000)),
                             ("ImageTooLargeException", png(5000, 100)),
                             ("InvalidParameterException", png(63, 63))):
            self.refuses(error, c.detect_custom_labels, ProjectVersionArn=version, Image={"Bytes": image})
        self.refuses("InvalidParameterException", c.detect_custom_labels, ProjectVersionArn=version, Image={})
        c.detect_custom_labels(ProjectVersionArn=version, Image={"S3Object": {"Bucket": "photos", "Name": "robin.png"}})

    def test_what_is_not_known_of_an_image_says_so_and_is_not_tried_again(self):
        self.control("PATCH", "/settings", {"unknown.image": "refuse"})
        self.addCleanup(self.control, "PATCH", "/settings", {"unknown.image": "face"})
        patient = self.client(retries={"mode": "standard", "total_max_attempts": 5})
        sent = self.count(patient, "DetectFaces")
        with self.assertRaises(ClientError) as caught:
            patient.detect_faces(Image={"S3Object": {"Bucket": "photos", "Name": "nobody.png"}})
        self.assertEqual(caught.exception.response["Error"]["Code"], "ImageNotDeclared")
        self.assertIn("photos/nobody.png", caught.exception.response["Error"]["Message"])
        self.assertEqual(caught.exception.response["ResponseMetadata"]["HTTPStatusCode"], 501)
        self.assertEqual(len(sent), 1)


class ThroughputTest(LocalTest):
    options = ["--profile", "instant", "--clock", "frozen", "--set", "inference.tpsPerUnit=2"]

    def test_retries_survive_what_is_above_the_throughput(self):
        version = self.running()
        one = {"ProjectVersionArn": version, "Image": {"S3Object": {"Bucket": "photos", "Name": "robin.png"}}}
        hasty, patient = self.rekognition, self.client(retries={"mode": "standard", "total_max_attempts": 5})
        for _ in range(2):
            hasty.detect_custom_labels(**one)
        response = self.refuses("ProvisionedThroughputExceededException", hasty.detect_custom_labels, **one)
        self.assertEqual(response["Error"]["Message"], "Provisioned Rate exceeded.")
        self.virtual_time()
        answer = patient.detect_custom_labels(**one)
        self.assertGreater(answer["ResponseMetadata"]["RetryAttempts"], 0)
