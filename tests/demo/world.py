"""A believable world for the demo and for tests of the console: buckets of drawn images with their manifests, a flower
classifier, a circuit-board inspector, a face collection, and models in several states, one of which failed.

    fill_buckets(folder)     before the server starts: for --s3 dir:FOLDER
    build(url)               when it answers
"""
import base64
import hashlib
import json
import os
import sys
import urllib.error
import urllib.request

from draw import FLOWERS, HEIGHT, WIDTH, draw

ACCOUNT, REGION = "123456789012", "us-east-1"
SCOPE = f"{ACCOUNT}/20300101/{REGION}/rekognition/aws4_request"
DEFECTS = ("scratch", "missing part", "solder bridge", "good")
PEOPLE = ("ann", "ben", "chloe", "dan", "eve")
MADE = "2026-01-01T00:00:00"


def send(url, method, path, body=None, **headers):
    request = urllib.request.Request(url + path, method=method, headers={"Content-Type": "application/json", **headers},
                                     data=None if body is None else json.dumps(body).encode())
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as answer:
        return json.load(answer)


def call(url, operation, **given):
    """A call of the API; a refusal raises urllib.error.HTTPError."""
    return send(url, "POST", "/", given, **{"X-Amz-Target": f"RekognitionService.{operation}",
                                            "Content-Type": "application/x-amz-json-1.1",
                                            "Authorization": f"AWS4-HMAC-SHA256 Credential={SCOPE}, SignedHeaders=host, Signature=0"})


def control(url, method, path, body=None):
    return send(url, method, "/_local" + path, body)


# ---- buckets ------------------------------------------------------------------------------------

def image_line(key, label):
    return {"source-ref": f"s3://{key}", "kind": 1, "kind-metadata": {
        "class-name": label, "confidence": 1, "type": "groundtruth/image-classification", "human-annotated": "yes", "creation-date": MADE}}


def box_line(key, boxes):
    names = sorted(name for name in DEFECTS if name != "good")
    return {"source-ref": f"s3://{key}", "defects": {
        "image_size": [{"width": WIDTH, "height": HEIGHT, "depth": 3}],
        "annotations": [{"class_id": names.index(label), "left": round(left), "top": round(top), "width": round(width), "height": round(height)}
                        for label, left, top, width, height in boxes]},
        "defects-metadata": {"objects": [{"confidence": 1} for _ in boxes], "class-map": {str(i): name for i, name in enumerate(names)},
                             "type": "groundtruth/object-detection", "human-annotated": "yes", "creation-date": MADE, "job-name": "boards"}}


def write(folder, key, data):
    path = os.path.join(folder, key)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(data)


def fill_buckets(folder):
    for part, count in (("train", 5), ("test", 2)):
        flowers, boards = [], []
        for label in FLOWERS:
            for i in range(count):
                key = f"flowers/{part}/{label}-{i + 1}.png"
                write(folder, key, draw("flower", key, label)[0])
                flowers.append(image_line(key, label))
        for label in DEFECTS[:3]:
            for i in range(count):
                key = f"boards/{part}/{label.replace(' ', '-')}-{i + 1}.png"
                png, boxes = draw("board", key, label)
                write(folder, key, png)
                boards.append(box_line(key, boxes))
        for name, lines in (("flowers", flowers), ("boards", boards)):
            if name == "flowers" and part == "train":  # one is missing from the bucket, one is of no format
                lines += [image_line("flowers/train/lost.png", "rose"), {"source-ref": "s3://flowers/train/rose-1.png", "kind": "one"}]
            write(folder, f"{name}/{part}.manifest", "".join(json.dumps(line) + "\n" for line in lines).encode())
    for person in PEOPLE:
        write(folder, f"faces/{person}.png", draw("face", person, person)[0])
    os.makedirs(os.path.join(folder, "results"), exist_ok=True)


# ---- the world -------------------------------------------------------------------------------------

def settle(url):
    control(url, "POST", "/clock/advance", {"until": "settled"})


def manifest(bucket, part):
    return {"GroundTruthManifest": {"S3Object": {"Bucket": bucket, "Name": f"{part}.manifest"}}}


def train(url, project, name, **given):
    return call(url, "CreateProjectVersion", ProjectArn=project, VersionName=name, OutputConfig={"S3Bucket": "results", "S3KeyPrefix": name}, **given)["ProjectVersionArn"]


def build_flowers(url):
    project = call(url, "CreateProject", ProjectName="flowers", Tags={"team": "garden", "stage": "demo"})["ProjectArn"]
    for part in ("train", "test"):
        call(url, "CreateDataset", ProjectArn=project, DatasetType=part.upper(), DatasetSource=manifest("flowers", part))
    settle(url)
    control(url, "PATCH", "/settings", {"training.f1Score": 0.81})
    first = train(url, project, "first")
    settle(url)
    control(url, "PATCH", "/settings", {"training.f1Score": 0.94})
    second = train(url, project, "second")
    settle(url)
    for _ in range(2):
        call(url, "StartProjectVersion", ProjectVersionArn=first, MinInferenceUnits=1)
        control(url, "POST", "/clock/advance", {"by": "20m"})
        call(url, "StopProjectVersion", ProjectVersionArn=first)
        settle(url)
    call(url, "StartProjectVersion", ProjectVersionArn=second, MinInferenceUnits=2, MaxInferenceUnits=4)
    settle(url)
    return project, second


def build_boards(url):
    project = call(url, "CreateProject", ProjectName="circuit-boards", Tags={"team": "factory"})["ProjectArn"]
    call(url, "CreateDataset", ProjectArn=project, DatasetType="TRAIN", DatasetSource=manifest("boards", "train"))
    call(url, "CreateDataset", ProjectArn=project, DatasetType="TEST", DatasetSource=manifest("boards", "test"))
    settle(url)
    inspector = train(url, project, "inspector")
    settle(url)
    control(url, "POST", "/outcomes", {"resource": project.replace(project.split("/")[-1], "*").replace(":project/circuit-boards/*", ":project/circuit-boards/version/*"),
                                       "event": "train", "to": "fail", "message": "The manifest file contains too many invalid data objects."})
    train(url, project, "night-shift")
    settle(url)
    return project, inspector


def build_faces(url):
    call(url, "CreateCollection", CollectionId="staff", Tags={"door": "front"})
    for person in PEOPLE:
        png = draw("face", person, person)[0]
        digest = hashlib.sha256(png).hexdigest()
        control(url, "POST", "/images", {"image": {"sha256": digest}, "shows": {"persons": [{"person": person, "box": {"left": 0.31, "top": 0.18, "width": 0.38, "height": 0.6}}]}})
        call(url, "IndexFaces", CollectionId="staff", ExternalImageId=person, Image={"Bytes": base64.b64encode(png).decode()})
    call(url, "CreateUser", CollectionId="staff", UserId="ann")
    faces = call(url, "ListFaces", CollectionId="staff")["Faces"]
    call(url, "AssociateFaces", CollectionId="staff", UserId="ann", FaceIds=[face["FaceId"] for face in faces if face["ExternalImageId"] == "ann"])
    control(url, "POST", "/people", {"name": "ben", "resembles": [{"person": "dan", "similarity": 86.5}]})


def build_beside(url):
    """A stream, a job, a session, and what was refused."""
    call(url, "CreateStreamProcessor", Name="front-door", RoleArn=f"arn:aws:iam::{ACCOUNT}:role/rekognition", Settings={"FaceSearch": {"CollectionId": "staff"}},
         Input={"KinesisVideoStream": {"Arn": f"arn:aws:kinesisvideo:{REGION}:{ACCOUNT}:stream/door/1"}}, Output={"KinesisDataStream": {"Arn": f"arn:aws:kinesis:{REGION}:{ACCOUNT}:stream/faces"}})
    call(url, "StartStreamProcessor", Name="front-door")
    settle(url)
    control(url, "POST", "/frames", {"processor": f"arn:aws:rekognition:{REGION}:{ACCOUNT}:streamprocessor/front-door", "persons": [{"person": "ann"}]})
    call(url, "CreateFaceLivenessSession")


def refused(url, operation, **given):
    try:
        call(url, operation, **given)
    except urllib.error.HTTPError as error:
        error.close()


def build(url):
    """Answers (the project of flowers, its running version, the version that inspects boards)."""
    flowers, second = build_flowers(url)
    boards, inspector = build_boards(url)
    build_faces(url)
    build_beside(url)
    refused(url, "CreateProject", ProjectName="flowers")
    refused(url, "DeleteProjectVersion", ProjectVersionArn=second)
    refused(url, "DetectCustomLabels", ProjectVersionArn=inspector, Image={"S3Object": {"Bucket": "boards", "Name": "test/scratch-1.png"}})
    return flowers, second, inspector


if __name__ == "__main__":
    {"fill": fill_buckets, "build": build}[sys.argv[1]](sys.argv[2])
