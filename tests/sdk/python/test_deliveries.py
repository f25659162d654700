"""Word to other servers: it reaches queues, streams and buckets of a server that others wrote, also after a crash."""
import base64
import json
import os
import socket
import struct
import time

from botocore.exceptions import ClientError
from server import Server

from local import LocalTest, png
from s3 import Moto

CAMERA = {"KinesisVideoStream": {"Arn": "arn:aws:kinesisvideo:us-east-1:123456789012:stream/camera/1"}}
ROLE = "arn:aws:iam::123456789012:role/rekognition"
PATIENCE = 30 * float(os.environ.get("TEST_SLOW", "1"))


def closed_port():
    """Where nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def single(number):
    """It as a number of 32 bits."""
    return struct.unpack("f", struct.pack("f", number))[0]


class DeliveriesTest(LocalTest):
    @classmethod
    def setUpClass(cls):
        cls.moto = cls.enterClassContext(Moto())
        cls.moto.client().create_bucket(Bucket="seen")

    def setUp(self):
        """Every test begins its server itself."""

    def begin(self, *options):
        self.server = self.enterContext(Server(os.environ["TEST_BINARY"], ["--clock", "frozen", "--set", "delivery.backoff=20ms", *options]))
        self.go_on()

    def go_on(self, *options):
        if options:
            self.server.arguments = ["--set", "delivery.backoff=20ms", *options]
        self.server.start(self.moto.environment())
        self.url = "http://{}:{}".format(*self.server.address)
        self.rekognition = self.client()

    def topic(self, name):
        """A topic, and the queue that hears of it."""
        sns, sqs = self.moto.client("sns"), self.moto.client("sqs")
        topic = sns.create_topic(Name=name)["TopicArn"]
        queue = sqs.create_queue(QueueName=name)["QueueUrl"]
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=sqs.get_queue_attributes(
            QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"])
        return topic, queue

    def heard(self, queue):
        """The messages that wait in it."""
        sqs, all_of_them = self.moto.client("sqs"), []
        while some := sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages"):
            all_of_them += [json.loads(json.loads(m["Body"])["Message"])["Message"] for m in some]
            for message in some:
                sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
        return all_of_them

    def records(self, stream):
        kinesis = self.moto.client("kinesis")
        shard = kinesis.list_shards(StreamName=stream)["Shards"][0]["ShardId"]
        at = kinesis.get_shard_iterator(StreamName=stream, ShardId=shard, ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
        return [json.loads(r["Data"]) for r in kinesis.get_records(ShardIterator=at, Limit=1000)["Records"]]

    def sent(self, *states):
        """Once nothing is on its way any more: what there is."""
        end = time.monotonic() + PATIENCE
        while True:
            deliveries = self.control("GET", "/deliveries")["deliveries"]
            if all(d["state"] != "WAITING" for d in deliveries):
                self.assertEqual({d["state"] for d in deliveries}, set(states or ["DONE"]), deliveries)
                return deliveries
            self.assertLess(time.monotonic(), end, deliveries)

    def watch_for_faces(self, stream, shards=1):
        self.moto.client("kinesis").create_stream(StreamName=stream, ShardCount=shards)
        self.rekognition.create_collection(CollectionId="staff")
        self.rekognition.create_stream_processor(
            Name="door", Input=CAMERA, RoleArn=ROLE, Settings={"FaceSearch": {"CollectionId": "staff"}},
            Output={"KinesisDataStream": {"Arn": f"arn:aws:kinesis:us-east-1:123456789012:stream/{stream}"}})
        self.rekognition.start_stream_processor(Name="door")
        self.advance(until="settled")

    def watch_for_labels(self, topic, name="porch"):
        self.rekognition.create_stream_processor(
            Name=name, Input=CAMERA, RoleArn=ROLE, Settings={"ConnectedHome": {"Labels": ["ALL"]}},
            Output={"S3Destination": {"Bucket": "seen", "KeyPrefix": "frames/"}}, NotificationChannel={"SNSTopicArn": topic})
        return self.rekognition.start_stream_processor(
            Name=name, StartSelector={"KVSStreamStartSelector": {"ProducerTimestamp": 1893456000}},
            StopSelector={"MaxDurationInSeconds": 30})["SessionId"]

    def show(self, processor, **frame):
        return self.control("POST", "/frames", {"processor": processor, **frame})["deliveries"]

    def test_labels_reach_a_queue_and_the_frame_a_bucket(self):
        topic, queue = self.topic("porch")
        self.begin("--aws", self.moto.url)
        session = self.watch_for_labels(topic)
        image = png()
        self.show("porch", image={"bytes": base64.b64encode(image).decode()})
        self.advance(until="settled")
        self.sent()
        heard = {m["eventNamespace"]["type"]: m for m in self.heard(queue)}
        seen, over = heard["LABEL_DETECTED"], heard["STREAM_PROCESSING_COMPLETE"]
        self.assertEqual((seen["labels"][0]["name"], seen["sessionId"], over["sessionId"]), ("PERSON", session, session))
        bucket, _, key = seen["labels"][0]["frameImageUri"].removeprefix("s3://").partition("/")
        stored = self.moto.client().get_object(Bucket=bucket, Key=key)
        self.assertEqual((stored["Body"].read(), stored["ContentType"]), (image, "image/png"))
        self.assertTrue(key.startswith(f"frames/porch/{session}/"), key)

    def test_records_reach_a_stream_in_their_order(self):
        self.begin("--kinesis", self.moto.url)
        self.watch_for_faces("order")
        for number in range(30):
            self.show("door", persons=[{"person": f"p{number}"}] * (number % 2))
        bodies = [json.loads(d["body"]) for d in self.sent()]
        self.assertEqual(len(bodies), 30)
        self.assertEqual(self.records("order"), bodies)

    def test_a_face_that_is_seen_matches_whom_a_search_by_image_finds_with_the_same_numbers(self):
        self.begin("--kinesis", self.moto.url)
        self.watch_for_faces("matches")
        seen = {"S3Object": {"Bucket": "faces", "Name": "seen.png"}}
        for name in ("seen.png", "a.png", "b.png"):
            self.control("POST", "/images", {"image": {"s3": f"faces/{name}"}, "shows": {"persons": [{"person": "ann"}]}})
            self.rekognition.index_faces(CollectionId="staff", ExternalImageId=name,
                                         Image={"S3Object": {"Bucket": "faces", "Name": name}})
        self.advance("1s")
        self.show("door", image={"s3": "faces/seen.png"})
        self.sent()
        record, = self.records("matches")
        found = self.rekognition.search_faces_by_image(CollectionId="staff", Image=seen)["FaceMatches"]
        matched = record["FaceSearchResponse"][0]["MatchedFaces"]
        self.assertEqual(len(found), 3)
        self.assertEqual([match["Face"]["ExternalImageId"] for match in matched], [match["Face"]["ExternalImageId"] for match in found])
        for match, other in zip(matched, found):
            # Both are numbers of 32 bits; an answer has all their digits, a record the fewest.
            self.assertEqual(single(match["Similarity"]), single(other["Similarity"]))
            self.assertEqual(match["Face"]["FaceId"], other["Face"]["FaceId"])
            self.assertEqual(match["Face"]["ImageId"], other["Face"]["ImageId"])
            for side, value in match["Face"]["BoundingBox"].items():
                self.assertEqual(single(value), single(other["Face"]["BoundingBox"][side]))

    def test_what_a_server_refuses_has_failed_and_fails_nothing_else(self):
        self.begin("--aws", self.moto.url)
        self.watch_for_labels("arn:aws:sns:us-east-1:123456789012:no-such-topic")
        self.advance(until="settled")
        self.assertEqual(self.rekognition.describe_stream_processor(Name="porch")["Status"], "STOPPED")
        delivery, = self.sent("FAILED")
        self.assertEqual((delivery["tries"], delivery["why"]), (1, "the server answers 404 NotFound"))

    def test_a_server_that_is_not_there_is_asked_so_often(self):
        self.begin("--sns", f"http://127.0.0.1:{closed_port()}", "--set", "delivery.tries=3")
        self.watch_for_labels("arn:aws:sns:us-east-1:123456789012:porch")
        self.advance(until="settled")
        delivery, = self.sent("FAILED")
        self.assertEqual(delivery["tries"], 3)

    def test_what_was_not_told_before_a_crash_is_told_after_it(self):
        topic, queue = self.topic("crash")
        self.begin("--sns", f"http://127.0.0.1:{closed_port()}")
        session = self.watch_for_labels(topic)
        self.show("porch", persons=[{"person": "ann"}])
        self.advance(until="settled")
        self.assertEqual(self.heard(queue), [])
        self.server.kill()
        self.go_on("--sns", self.moto.url)
        self.sent()
        self.assertEqual({m["eventNamespace"]["type"] for m in self.heard(queue)},
                         {"LABEL_DETECTED", "STREAM_PROCESSING_COMPLETE"})
        self.assertEqual(self.rekognition.describe_stream_processor(Name="porch")["Status"], "STOPPED")
        self.assertTrue(session)

    def test_of_many_that_are_on_their_way_none_is_lost_by_a_crash(self):
        self.begin("--kinesis", self.moto.url)
        self.watch_for_faces("many")
        for _ in range(3):
            for _ in range(40):
                self.show("door", persons=[])
            self.server.kill()
            self.go_on()
        told = {d["body"] for d in self.sent()}
        self.assertEqual(len(told), 120)
        came = [json.dumps(r, separators=(",", ":")) for r in self.records("many")]
        self.assertEqual({json.dumps(json.loads(body), separators=(",", ":")) for body in told}, set(came))

    def test_processors_are_listed_in_pages_and_gone_when_deleted(self):
        self.begin()
        self.rekognition.create_collection(CollectionId="staff")
        for number in range(7):
            self.rekognition.create_stream_processor(
                Name=f"p{number}", Input=CAMERA, RoleArn=ROLE, Settings={"FaceSearch": {"CollectionId": "staff"}},
                Output={"KinesisDataStream": {"Arn": "arn:aws:kinesis:us-east-1:123456789012:stream/s"}}, Tags={"n": str(number)})
        pages = list(self.rekognition.get_paginator("list_stream_processors").paginate(PaginationConfig={"PageSize": 3}))
        self.assertEqual([p["Name"] for page in pages for p in page["StreamProcessors"]], [f"p{n}" for n in range(7)])
        self.assertEqual(len(pages), 3)
        self.rekognition.delete_stream_processor(Name="p3")
        with self.assertRaises(ClientError) as caught:
            self.rekognition.describe_stream_processor(Name="p3")
        self.assertEqual(caught.exception.response["Error"]["Code"], "ResourceNotFoundException")
