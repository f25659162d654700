"""Detection through boto3: what models are told to see, by the bytes of an image and by its name in S3."""
import hashlib

from botocore.exceptions import ClientError

from local import LocalTest, png


class DetectionTest(LocalTest):
    def script(self, version, *labels, **more):
        more.setdefault("labels", [{"name": name, "confidence": confidence} for name, confidence in labels])
        return self.control("POST", "/detections", {"version": version, **more})["id"]

    def detect(self, version, image=None, **more):
        image = image or {"Bytes": png()}
        return self.rekognition.detect_custom_labels(ProjectVersionArn=version, Image=image, **more)["CustomLabels"]

    def names(self, *arguments, **more):
        return [label["Name"] for label in self.detect(*arguments, **more)]

    def test_labels_come_with_boxes_as_ratios_and_without_geometry_for_the_whole_image(self):
        version = self.running()
        self.script(version, labels=[
            {"name": "bird", "confidence": 75.5},
            {"name": "beak", "confidence": 99.25, "boundingBox": {"left": 0.5, "top": 0.25, "width": 0.125, "height": 0.0625}}])
        self.assertEqual(self.detect(version), [
            {"Name": "beak", "Confidence": 99.25,
             "Geometry": {"BoundingBox": {"Left": 0.5, "Top": 0.25, "Width": 0.125, "Height": 0.0625}}},
            {"Name": "bird", "Confidence": 75.5}])

    def test_an_image_is_known_by_its_bytes_and_by_its_name(self):
        version = self.running()
        one, other = png(64, 65), png(65, 64)
        self.script("*", ("any", 90))
        self.script("*", ("named", 90), image={"s3": "images/birds/*"})
        self.script("*", ("one", 90), image={"sha256": hashlib.sha256(one).hexdigest()})
        self.assertEqual(self.names(version, {"Bytes": one}), ["one"])
        self.assertEqual(self.names(version, {"Bytes": other}), ["any"])
        self.assertEqual(self.names(version, {"S3Object": {"Bucket": "images", "Name": "birds/1.png"}}), ["named"])
        self.assertEqual(self.names(version, {"S3Object": {"Bucket": "images", "Name": "cats/1.png"}}), ["any"])

    def test_the_caller_cuts_what_comes_back(self):
        version = self.running()
        self.script(version, ("a", 90), ("b", 60), ("c", 10))
        self.assertEqual(self.names(version, MinConfidence=60), ["a", "b"])
        self.assertEqual(self.names(version, MinConfidence=60.5), ["a"])
        self.assertEqual(self.names(version, MaxResults=1), ["a"])
        self.assertEqual(self.names(version, MinConfidence=0), ["a", "b", "c"])

    def test_an_error_is_typed_and_a_retry_gets_the_labels(self):
        version = self.running()
        self.script(version, ("robin", 90))
        self.control("POST", "/detections", {
            "version": version, "times": 1, "error": {"code": "ProvisionedThroughputExceededException", "message": "Slowly."}})
        patient = self.client(retries={"total_max_attempts": 2, "mode": "standard"})
        with self.assertRaises(ClientError) as caught:
            self.detect(version)
        self.assertEqual(caught.exception.response["Error"],
                         {"Code": "ProvisionedThroughputExceededException", "Message": "Slowly."})
        self.control("POST", "/detections", {"version": version, "times": 1, "error": {"code": "ThrottlingException"}})
        sent = self.count(patient, "DetectCustomLabels")
        answer = patient.detect_custom_labels(ProjectVersionArn=version, Image={"Bytes": png()})
        self.assertEqual([label["Name"] for label in answer["CustomLabels"]], ["robin"])
        self.assertEqual(len(sent), 2)

    def test_an_adapter_moderates_and_the_base_model_answers_without_one(self):
        project = self.rekognition.create_project(
            ProjectName="mod", Feature="CONTENT_MODERATION", AutoUpdate="DISABLED")["ProjectArn"]
        adapter = self.train(project, "a1")
        self.script(adapter, ("Smoke", 80), ("Haze", 40))
        image = {"Bytes": png(80, 80)}
        answer = self.rekognition.detect_moderation_labels(Image=image, ProjectVersion=adapter)
        self.assertEqual(answer["ModerationLabels"],
                         [{"Name": "Smoke", "Confidence": 80.0, "ParentName": "", "TaxonomyLevel": 1}])
        self.assertEqual(answer["ProjectVersion"], adapter)
        answer = self.rekognition.detect_moderation_labels(Image=image)
        self.assertEqual(answer["ModerationLabels"], [])
        self.assertNotIn("ProjectVersion", answer)
