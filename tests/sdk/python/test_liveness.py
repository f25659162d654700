"""Face Liveness through boto3, as back ends of web pages use it: a session, its result, and the usual next calls."""
import datetime

from botocore.exceptions import ClientError, ParamValidationError

from local import LocalTest, png


class LivenessTest(LocalTest):
    def create(self, **settings):
        return self.rekognition.create_face_liveness_session(Settings=settings)["SessionId"]

    def result(self, session):
        return self.rekognition.get_face_liveness_session_results(SessionId=session)

    def test_the_image_of_a_session_is_its_persons(self):
        session = self.create(AuditImagesLimit=1)
        self.assertEqual(self.result(session)["Status"], "CREATED")
        self.control("POST", "/liveness", {"session": session, "to": "SUCCEEDED", "confidence": 98.5, "person": "ann"})
        result = self.result(session)
        self.assertEqual((result["Status"], result["Confidence"], len(result["AuditImages"])), ("SUCCEEDED", 98.5, 1))
        reference = result["ReferenceImage"]["Bytes"]
        self.assertTrue(reference.startswith(b"\xff\xd8") and reference.endswith(b"\xff\xd9") and len(reference) <= 204800)
        badge = png(80, 84)
        self.control("POST", "/images", {"image": {"s3": "badges/*"}, "shows": {"persons": [{"person": "ann"}]}})
        match = self.rekognition.compare_faces(SourceImage={"Bytes": reference}, SimilarityThreshold=90,
                                               TargetImage={"S3Object": {"Bucket": "badges", "Name": "ann.jpg"}})
        self.assertEqual(len(match["FaceMatches"]), 1)
        match = self.rekognition.compare_faces(SourceImage={"Bytes": reference}, TargetImage={"Bytes": badge})
        self.assertEqual(match["FaceMatches"], [])

    def test_a_session_that_is_unknown_and_one_that_fails(self):
        with self.assertRaises(self.rekognition.exceptions.SessionNotFoundException):
            self.result("00000000-0000-4000-8000-000000000000")
        self.control("POST", "/liveness", {"session": "*", "to": "FAILED"})
        result = self.result(self.create())
        self.assertEqual(result["Status"], "FAILED")
        self.assertLess(result["Confidence"], 50)

    def test_a_session_expires_three_minutes_after_its_creation(self):
        self.control("PUT", "/clock", {"mode": "frozen"})
        session = self.create()
        self.control("POST", "/clock/advance", {"by": "3m"})
        self.assertEqual(self.result(session)["Status"], "EXPIRED")

    def test_what_the_model_of_the_service_forbids_is_forbidden(self):
        with self.assertRaises(ParamValidationError):
            self.create(AuditImagesLimit=-1)
        with self.assertRaises(ClientError) as caught:
            self.create(AuditImagesLimit=5)
        self.assertEqual(caught.exception.response["Error"]["Code"], "ValidationException")


class AnswersTest(LocalTest):
    def test_a_script_answers_any_operation_that_looks_at_images(self):
        image = {"Bytes": png(80, 85)}
        for operation, member, item, call in (
                ("DetectLabels", "Labels", {"Name": "Dog", "Confidence": 99}, self.rekognition.detect_labels),
                ("DetectText", "TextDetections", {"DetectedText": "STOP", "Type": "LINE"}, self.rekognition.detect_text),
                ("DetectModerationLabels", "ModerationLabels", {"Name": "Smoking", "Confidence": 90},
                 self.rekognition.detect_moderation_labels),
                ("RecognizeCelebrities", "CelebrityFaces", {"Name": "Ann", "Id": "a1"}, self.rekognition.recognize_celebrities),
                ("DetectProtectiveEquipment", "Persons", {"Id": 0}, self.rekognition.detect_protective_equipment)):
            self.control("POST", "/detections", {"operation": operation, "answer": {member: [item]}})
            (seen,) = call(Image=image)[member]
            self.assertEqual({name: seen[name] for name in item}, item)

    def test_a_script_is_an_error(self):
        self.control("POST", "/detections", {"operation": "DetectFaces", "error": {"code": "ImageTooLargeException"}, "times": 1})
        with self.assertRaises(self.rekognition.exceptions.ImageTooLargeException):
            self.rekognition.detect_faces(Image={"Bytes": png(80, 86)})
        self.assertEqual(len(self.rekognition.detect_faces(Image={"Bytes": png(80, 86)})["FaceDetails"]), 1)

    def test_a_human_loop_is_not_begun(self):
        loop = {"HumanLoopName": "loop", "FlowDefinitionArn": "arn:aws:sagemaker:us-east-1:123456789012:flow-definition/f",
                "DataAttributes": {"ContentClassifiers": ["FreeOfAdultContent"]}}
        answer = self.rekognition.detect_moderation_labels(Image={"Bytes": png(80, 87)}, HumanLoopConfig=loop)
        self.assertEqual(answer["HumanLoopActivationOutput"], {})
