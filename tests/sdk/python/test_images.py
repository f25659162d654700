"""What images show, through boto3: declared once, and the same to every operation that looks at them."""
import hashlib

from botocore.exceptions import ClientError

from local import LocalTest, png


class ImagesTest(LocalTest):
    def declare(self, image, **shows):
        self.control("POST", "/images", {"image": {"sha256": hashlib.sha256(image).hexdigest()}, "shows": shows})

    def test_two_pictures_of_one_person_match_and_a_stranger_does_not(self):
        one, other, third = png(80, 81), png(80, 82), png(80, 83)
        self.declare(one, persons=[{"person": "ann"}])
        self.declare(other, persons=[{"person": "bob"}, {"person": "ann"}])
        answer = self.rekognition.compare_faces(SourceImage={"Bytes": one}, TargetImage={"Bytes": other}, SimilarityThreshold=0)
        mine, strange = answer["FaceMatches"]
        self.assertTrue(97 <= mine["Similarity"] < 100, mine)
        self.assertTrue(0 < strange["Similarity"] < 2.6, strange)
        again = self.rekognition.compare_faces(SourceImage={"Bytes": one}, TargetImage={"Bytes": third})
        self.assertEqual((again["FaceMatches"], len(again["UnmatchedFaces"])), ([], 1))
        faces = self.rekognition.detect_faces(Image={"Bytes": other}, Attributes=["ALL"])["FaceDetails"]
        self.assertEqual([len(face["Landmarks"]) for face in faces], [30, 30])

    def test_labels_text_moderation_equipment_and_celebrities_come_from_one_declaration(self):
        image = png(90, 91)
        self.control("POST", "/people", {"name": "ann", "celebrity": {"Id": "a1", "Urls": ["www.example.com/ann"]}})
        self.declare(image, persons=[{"person": "ann"}], labels=[{"Name": "Car", "Parents": [{"Name": "Vehicle"}]}],
                     text=[{"DetectedText": "NO PARKING"}], moderation=[{"Name": "Smoking", "Confidence": 90}])
        seen = {"Image": {"Bytes": image}}
        self.assertEqual([label["Name"] for label in self.rekognition.detect_labels(**seen)["Labels"]], ["Car", "Vehicle"])
        self.assertEqual([text["DetectedText"] for text in self.rekognition.detect_text(**seen)["TextDetections"]],
                         ["NO PARKING", "NO", "PARKING"])
        self.assertEqual([label["TaxonomyLevel"] for label in self.rekognition.detect_moderation_labels(**seen)["ModerationLabels"]],
                         [3, 2, 1])
        summary = self.rekognition.detect_protective_equipment(
            SummarizationAttributes={"MinConfidence": 80, "RequiredEquipmentTypes": ["HEAD_COVER"]}, **seen)["Summary"]
        self.assertEqual(summary["PersonsWithoutRequiredEquipment"], [0])
        self.assertEqual([face["Id"] for face in self.rekognition.recognize_celebrities(**seen)["CelebrityFaces"]], ["a1"])
        self.assertEqual(self.rekognition.get_celebrity_info(Id="a1")["Urls"], ["www.example.com/ann"])

    def test_an_image_that_nobody_declared_can_be_refused(self):
        self.control("PATCH", "/settings", {"unknown.image": "refuse"})
        with self.assertRaises(ClientError) as caught:
            self.rekognition.detect_faces(Image={"Bytes": png(80, 80)})
        self.assertEqual(caught.exception.response["Error"]["Code"], "ImageNotDeclared")
