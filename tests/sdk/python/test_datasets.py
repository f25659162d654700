"""Datasets through boto3: from manifests on servers of S3 that others wrote to training, with its paginators."""
import json
import os

from server import Server

from local import LocalTest
from s3 import Moto, S3rver


def line(image, label, bucket="data"):
    name = f"job_{label}"
    return {"source-ref": f"s3://{bucket}/{image}.jpg", name: 1,
            name + "-metadata": {"confidence": 1, "job-name": f"labeling-job/{name}", "class-name": label,
                                 "human-annotated": "yes", "creation-date": "2021-07-11T03:33:42.025Z",
                                 "type": "groundtruth/image-classification"}}


def boxes(image, **labels):
    return {"source-ref": f"s3://data/{image}.jpg",
            "BB": {"image_size": [{"width": 640, "height": 480, "depth": 3}],
                   "annotations": [{"class_id": i, "left": 10 * i, "top": 0, "width": 9, "height": 9}
                                   for i, (_, count) in enumerate(labels.items()) for _ in range(count)]},
            "BB-metadata": {"objects": [{"confidence": 1}] * sum(labels.values()),
                            "class-map": {str(i): label for i, label in enumerate(labels)},
                            "type": "groundtruth/object-detection", "human-annotated": "yes",
                            "creation-date": "2021-06-22T10:11:18.006Z", "job-name": "labeling-job/BB"}}


def lines(*entries):
    return "".join(json.dumps(entry) + "\n" for entry in entries)


class DatasetTest(LocalTest):
    @classmethod
    def setUpClass(cls):
        cls.s3_server = cls.enterClassContext(cls.kind())
        cls.s3 = cls.s3_server.client()
        cls.s3.create_bucket(Bucket="data")

    def setUp(self):
        options = ["--profile", "instant", "--s3", self.s3_server.url, "--set", "describe.hold=1m"]
        self.server = self.enterContext(Server(os.environ["TEST_BINARY"], options))
        self.server.start(self.s3_server.environment())
        self.url = "http://{}:{}".format(*self.server.address)
        self.rekognition = self.client()

    def upload(self, key, text):
        self.s3.put_object(Bucket="data", Key=key, Body=text.encode())
        return {"GroundTruthManifest": {"S3Object": {"Bucket": "data", "Name": key}}}

    def settled(self, arn):
        """The call is held until the step is over."""
        description = self.rekognition.describe_dataset(DatasetArn=arn)["DatasetDescription"]
        self.assertFalse(description["Status"].endswith("_IN_PROGRESS"), description)
        return description

    def make(self, project, kind, source=None):
        more = {"DatasetSource": source} if source else {}
        return self.rekognition.create_dataset(ProjectArn=project, DatasetType=kind, **more)["DatasetArn"]

    def pages(self, operation, **arguments):
        (key,) = self.rekognition.get_paginator(operation).result_keys
        return list(self.rekognition.get_paginator(operation).paginate(**arguments).search(key.expression))


class Datasets:
    def test_a_manifest_becomes_a_dataset_that_is_distributed_and_trained_with(self):
        project = self.project()
        source = self.upload("train.manifest", lines(*[line(i, ("rose", "lily")[i % 2]) for i in range(250)]))
        train = self.make(project, "TRAIN", source)
        description = self.settled(train)
        self.assertEqual((description["Status"], description["StatusMessageCode"]), ("CREATE_COMPLETE", "SUCCESS"))
        self.assertEqual(description["DatasetStats"],
                         {"LabeledEntries": 250, "TotalEntries": 250, "TotalLabels": 2, "ErrorEntries": 0})
        listed = self.pages("list_dataset_entries", DatasetArn=train, PaginationConfig={"PageSize": 70})
        self.assertEqual([json.loads(entry)["source-ref"] for entry in listed],
                         [f"s3://data/{i}.jpg" for i in range(250)])
        self.assertEqual(self.pages("list_dataset_labels", DatasetArn=train),
                         [{"LabelName": label, "LabelStats": {"EntryCount": 125}} for label in ("rose", "lily")])
        test = self.make(project, "TEST")
        self.settled(test)
        self.rekognition.distribute_dataset_entries(Datasets=[{"Arn": train}, {"Arn": test}])
        self.assertEqual(self.settled(test)["DatasetStats"]["TotalEntries"], 50)
        self.assertEqual(self.settled(train)["DatasetStats"]["TotalEntries"], 200)
        version = self.rekognition.create_project_version(
            ProjectArn=project, VersionName="v", OutputConfig={"S3Bucket": "data"})["ProjectVersionArn"]
        self.assertIn("/version/v/", version)

    def test_boxes_are_counted_and_updates_replace(self):
        project = self.project()
        train = self.make(project, "TRAIN", self.upload("boxes.manifest", lines(boxes(1, bee=2, ant=1), boxes(2, bee=1))))
        self.assertEqual(self.settled(train)["Status"], "CREATE_COMPLETE")
        self.assertEqual(self.pages("list_dataset_labels", DatasetArn=train), [
            {"LabelName": "bee", "LabelStats": {"EntryCount": 2, "BoundingBoxCount": 3}},
            {"LabelName": "ant", "LabelStats": {"EntryCount": 1, "BoundingBoxCount": 1}}])
        self.rekognition.update_dataset_entries(
            DatasetArn=train, Changes={"GroundTruth": lines(boxes(1, ant=1), boxes(3, fly=1))})
        self.assertEqual(self.settled(train)["Status"], "UPDATE_COMPLETE")
        self.assertEqual(self.pages("list_dataset_labels", DatasetArn=train), [
            {"LabelName": label, "LabelStats": {"EntryCount": 1, "BoundingBoxCount": 1}} for label in ("bee", "ant", "fly")])

    def test_a_manifest_that_is_not_there_is_refused(self):
        source = {"GroundTruthManifest": {"S3Object": {"Bucket": "data", "Name": "none.manifest"}}}
        with self.assertRaises(self.rekognition.exceptions.InvalidS3ObjectException):
            self.make(self.project(), "TRAIN", source)

