"""A model's life, and what goes wrong in it."""
import pathlib

import pytest

ROBIN = (pathlib.Path(__file__).parent / "robin.png").read_bytes()
DATA = {"Assets": [{"GroundTruthManifest": {"S3Object": {"Bucket": "data", "Name": "train.manifest"}}}]}


def train(rekognition, project, name):
    return rekognition.create_project_version(
        ProjectArn=project, VersionName=name, OutputConfig={"S3Bucket": "results", "S3KeyPrefix": "birds"},
        TrainingData=DATA, TestingData={"AutoCreate": True})["ProjectVersionArn"]


@pytest.fixture
def model(rekognition):
    project = rekognition.create_project(ProjectName="birds")["ProjectArn"]
    model = train(rekognition, project, "first")
    rekognition.get_waiter("project_version_training_completed").wait(ProjectArn=project)
    rekognition.start_project_version(ProjectVersionArn=model, MinInferenceUnits=1)
    rekognition.get_waiter("project_version_running").wait(ProjectArn=project)
    yield model
    rekognition.stop_project_version(ProjectVersionArn=model)


def test_a_model_sees_what_it_is_told(rekognition, local, model):
    local.control("POST", "/detections", {"version": model, "labels": [{"name": "robin", "confidence": 98}]})
    answer = rekognition.detect_custom_labels(ProjectVersionArn=model, Image={"Bytes": ROBIN})
    assert [label["Name"] for label in answer["CustomLabels"]] == ["robin"]


def test_what_is_running_can_not_be_deleted(rekognition, model):
    with pytest.raises(rekognition.exceptions.ResourceInUseException):
        rekognition.delete_project_version(ProjectVersionArn=model)
