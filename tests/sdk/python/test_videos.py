"""Stored videos, through boto3: a job is started, polled, and tells in pages what was declared of its video."""
import json
import os
import struct
import time

from botocore.exceptions import ClientError

from server import Server

from local import LocalTest
from s3 import Moto

VIDEO = {"S3Object": {"Bucket": "videos", "Name": "cats.mp4"}}
SHOWN = {"durationMs": 2000, "shows": [
    {"persons": [{"person": "ann"}], "labels": [{"Name": "Cat", "Parents": [{"Name": "Animal"}]}],
     "text": [{"DetectedText": "NO PARKING"}], "moderation": [{"Name": "Smoking", "Confidence": 90}]}],
    "segments": [{"Type": "SHOT", "StartTimestampMillis": 0, "EndTimestampMillis": 2000}]}

PAIRS = [
    ("label_detection", {}, "Labels", 8),
    ("content_moderation", {}, "ModerationLabels", 12),
    ("face_detection", {"FaceAttributes": "ALL"}, "Faces", 4),
    ("face_search", {"CollectionId": "staff"}, "Persons", 30),
    ("celebrity_recognition", {}, "Celebrities", 4),
    ("person_tracking", {}, "Persons", 30),
    ("segment_detection", {"SegmentTypes": ["SHOT"]}, "Segments", 1),
    ("text_detection", {}, "TextDetections", 12),
]


def pages(get, items, **wanted):
    """All items, as the guide's samples read them."""
    token, found = "", []
    while token is not None:
        answer = get(NextToken=token, **wanted)
        found += answer[items]
        token = answer.get("NextToken")
    return found


class VideoTest(LocalTest):
    options = ["--profile", "quick", "--clock", "frozen"]

    def test_every_pair_of_operations_starts_a_job_and_tells_what_it_found(self):
        self.control("POST", "/people", {"name": "ann", "celebrity": {"Id": "a1"}})
        self.control("POST", "/videos", {"video": {"s3": "videos/*.mp4"}, **SHOWN})
        self.rekognition.create_collection(CollectionId="staff")
        for name, more, items, count in PAIRS:
            with self.subTest(name):
                start, get = (getattr(self.rekognition, verb + name) for verb in ("start_", "get_"))
                job = start(Video=VIDEO, JobTag="tag", ClientRequestToken=name, **more)["JobId"]
                self.assertEqual(start(Video=VIDEO, JobTag="tag", ClientRequestToken=name, **more)["JobId"], job)
                self.assertEqual(get(JobId=job)["JobStatus"], "IN_PROGRESS")
                self.advance("3s")
                answer = get(JobId=job, MaxResults=3)
                self.assertEqual((answer["JobStatus"], answer["JobTag"], answer["Video"]), ("SUCCEEDED", "tag", VIDEO))
                self.assertEqual(len(pages(get, items, JobId=job, MaxResults=3)), count)
                with self.assertRaises(self.rekognition.exceptions.IdempotentParameterMismatchException):
                    start(Video=VIDEO, ClientRequestToken=name, **more)

    def test_a_face_search_finds_whom_a_search_by_image_finds_with_the_same_numbers(self):
        for name in ("videos/*.mp4", "faces/ann.png"):
            self.control("POST", "/images", {"image": {"s3": name}, "shows": {"persons": [{"person": "ann"}]}})
        self.control("POST", "/videos", {"video": {"s3": "videos/*.mp4"}, **SHOWN})
        self.rekognition.create_collection(CollectionId="staff")
        self.rekognition.index_faces(CollectionId="staff", Image={"S3Object": {"Bucket": "faces", "Name": "ann.png"}})
        self.advance("1s")
        job = self.rekognition.start_face_search(Video=VIDEO, CollectionId="staff")["JobId"]
        self.advance("3s")
        matches = [person["FaceMatches"] for person in pages(self.rekognition.get_face_search, "Persons", JobId=job)]
        self.assertEqual(len(matches), 30)
        wanted = self.rekognition.search_faces_by_image(CollectionId="staff", Image=VIDEO)["FaceMatches"]
        self.assertEqual(matches, [wanted] * 30)

    def test_a_job_that_fails_says_why_and_one_that_is_forgotten_is_not_found(self):
        self.control("POST", "/outcomes", {"resource": "*", "event": "video", "to": "fail", "message": "Unsupported codec/format."})
        job = self.rekognition.start_label_detection(Video=VIDEO)["JobId"]
        self.advance("3s")
        answer = self.rekognition.get_label_detection(JobId=job)
        self.assertEqual((answer["JobStatus"], answer["StatusMessage"]), ("FAILED", "Unsupported codec/format."))
        self.advance("168h")
        with self.assertRaises(self.rekognition.exceptions.ResourceNotFoundException):
            self.rekognition.get_label_detection(JobId=job)

    def test_thousands_of_jobs_are_due_in_one_moment(self):
        self.control("PATCH", "/settings", {"limit.concurrentVideoJobs": 5000})
        self.control("POST", "/videos", {"video": {"s3": "videos/*"}, **SHOWN})
        jobs = [self.rekognition.start_label_detection(Video=VIDEO)["JobId"] for _ in range(2000)]
        self.assertEqual(len(set(jobs)), 2000)
        fired = self.advance("3s")
        self.assertEqual((len(fired), {move["to"] for move in fired}, len({move["at"] for move in fired})), (2000, {"SUCCEEDED"}, 1))
        for job in jobs[::400]:
            self.assertEqual(len(self.rekognition.get_label_detection(JobId=job)["Labels"]), 8)


def box(kind, *parts):
    body = b"".join(parts)
    return struct.pack(">I4s", 8 + len(body), kind) + body


def movie(codec, length):
    """The least that is a video, with so many bytes of pictures before its index."""
    entry = box(codec, bytes(24), struct.pack(">HH", 320, 240), bytes(50))
    table = box(b"stbl", box(b"stsd", struct.pack(">II", 0, 1), entry),
                box(b"stts", struct.pack(">IIII", 0, 1, 50, 1)))
    track = box(b"trak", box(b"mdia", box(b"mdhd", struct.pack(">IIIIII", 0, 0, 0, 25, 50, 0)),
                             box(b"hdlr", struct.pack(">II4s12sB", 0, 0, b"vide", b"", 0)), box(b"minf", table)))
    index = box(b"moov", box(b"mvhd", struct.pack(">IIIII", 0, 0, 0, 1000, 2000), bytes(80)), track)
    return box(b"ftyp", b"isom\0\0\2\0isomavc1") + box(b"mdat", bytes(length)) + index


class StoredVideoTest(LocalTest):
    """On a server of S3 that others wrote."""
    @classmethod
    def setUpClass(cls):
        cls.s3_server = cls.enterClassContext(Moto())
        cls.s3 = cls.s3_server.client()
        cls.s3.create_bucket(Bucket="videos")

    def setUp(self):
        options = ["--profile", "instant", "--s3", self.s3_server.url, "--set", "describe.hold=1m"]
        self.server = self.enterContext(Server(os.environ["TEST_BINARY"], options))
        self.server.start(self.s3_server.environment())
        self.url = "http://{}:{}".format(*self.server.address)
        self.rekognition = self.client()

    def ended(self, key):
        """The call is held until the job is over."""
        job = self.rekognition.start_text_detection(Video={"S3Object": {"Bucket": "videos", "Name": key}})["JobId"]
        return self.rekognition.get_text_detection(JobId=job)

    def test_an_index_behind_megabytes_of_pictures_is_read(self):
        self.s3.put_object(Bucket="videos", Key="a.mp4", Body=movie(b"avc1", 3_000_000))
        answer = self.ended("a.mp4")
        self.assertEqual(answer["JobStatus"], "SUCCEEDED", answer)
        measures = answer["VideoMetadata"]
        self.assertEqual([measures[name] for name in ("Codec", "DurationMillis", "FrameRate", "FrameWidth", "FrameHeight")],
                         ["h264", 2000, 25.0, 320, 240])

    def test_a_codec_that_the_service_does_not_take_ends_the_job(self):
        self.s3.put_object(Bucket="videos", Key="b.mp4", Body=movie(b"vp09", 10))
        self.assertEqual(self.ended("b.mp4")["StatusMessage"], "Unsupported codec/format.")

    def test_an_object_that_is_not_there_is_refused_at_once(self):
        with self.assertRaises(ClientError) as caught:
            self.ended("none.mp4")
        self.assertEqual(caught.exception.response["Error"]["Code"], "InvalidS3ObjectException")


class NotificationTest(LocalTest):
    """To a topic on a server of SNS that others wrote, and from there into a queue."""
    @classmethod
    def setUpClass(cls):
        cls.aws = cls.enterClassContext(Moto())
        cls.sqs = cls.aws.client("sqs")
        cls.queue = cls.sqs.create_queue(QueueName="word")["QueueUrl"]
        queue_arn = cls.sqs.get_queue_attributes(QueueUrl=cls.queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        sns = cls.aws.client("sns")
        cls.topic = sns.create_topic(Name="AmazonRekognition-word")["TopicArn"]
        sns.subscribe(TopicArn=cls.topic, Protocol="sqs", Endpoint=queue_arn)

    def setUp(self):
        self.server = self.enterContext(Server(os.environ["TEST_BINARY"], ["--profile", "quick", "--clock", "frozen", "--sns", self.aws.url]))
        self.begin()

    def begin(self):
        self.server.start(self.aws.environment())
        self.url = "http://{}:{}".format(*self.server.address)
        self.rekognition = self.client()

    def messages(self, jobs):
        """What has come into the queue of these jobs; of others it may come twice, too."""
        found, late = {}, time.monotonic() + 60 * float(os.environ.get("TEST_SLOW", "1"))
        while not found.keys() >= set(jobs) and time.monotonic() < late:
            answer = self.sqs.receive_message(QueueUrl=self.queue, MaxNumberOfMessages=10, WaitTimeSeconds=1)
            for message in answer.get("Messages", []):
                self.sqs.delete_message(QueueUrl=self.queue, ReceiptHandle=message["ReceiptHandle"])
                word = json.loads(json.loads(message["Body"])["Message"])
                found[word["JobId"]] = word
        self.assertLessEqual(set(jobs), found.keys())
        return found

    def start(self, count):
        channel = {"SNSTopicArn": self.topic, "RoleArn": "arn:aws:iam::123456789012:role/word"}
        return [self.rekognition.start_label_detection(Video=VIDEO, JobTag="mine", NotificationChannel=channel)["JobId"]
                for _ in range(count)]

    def test_the_end_of_a_job_comes_into_a_queue(self):
        job, = self.start(1)
        self.advance("3s")
        word = self.messages([job])[job]
        self.assertEqual({name: word[name] for name in ("Status", "API", "JobTag", "Video")},
                         {"Status": "SUCCEEDED", "API": "StartLabelDetection", "JobTag": "mine",
                          "Video": {"S3ObjectName": "cats.mp4", "S3Bucket": "videos"}})

    def test_no_word_is_lost_when_the_program_dies(self):
        jobs = self.start(10)
        self.advance("3s")
        self.server.kill()
        self.begin()
        self.messages(jobs)
