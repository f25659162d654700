"""Failures that AWS has rarely, and here happen when they are told to: a step, a call, a connection."""
import pytest
from test_birds import train


def test_a_training_fails(rekognition, local):
    project = rekognition.create_project(ProjectName="birds")["ProjectArn"]
    local.control("POST", "/outcomes", {"resource": project.rpartition("/")[0] + "/*", "event": "train", "to": "fail",
                                        "message": "The manifest file is not accessible."})
    train(rekognition, project, "first")
    [version] = rekognition.describe_project_versions(ProjectArn=project)["ProjectVersionDescriptions"]
    assert (version["Status"], version["StatusMessage"]) == ("TRAINING_FAILED", "The manifest file is not accessible.")


def test_two_calls_are_throttled_and_the_sdk_tries_again(rekognition, local):
    fault = local.control("POST", "/faults", {"operation": "CreateProject", "account": local.account, "times": 2,
                                              "error": {"code": "ThrottlingException"}})["id"]
    rekognition.create_project(ProjectName="birds")  # succeeds, with the third call
    assert local.control("GET", f"/faults/{fault}")["hits"] == 2
    assert local.control("GET", "/requests/count", account=local.account, error="ThrottlingException") == {"count": 2}


def test_a_limit_is_reached(rekognition, local):
    project = rekognition.create_project(ProjectName="birds")["ProjectArn"]
    *two, third = [train(rekognition, project, name) for name in ("first", "second", "third")]
    for model in two:
        rekognition.start_project_version(ProjectVersionArn=model, MinInferenceUnits=1)
    with pytest.raises(rekognition.exceptions.LimitExceededException):
        rekognition.start_project_version(ProjectVersionArn=third, MinInferenceUnits=1)
    refused = local.control("GET", "/requests", account=local.account, error="LimitExceededException")["requests"]
    assert refused[0]["explain"]["rule"] == "RUNNING_LIMIT"
    for model in two:
        rekognition.stop_project_version(ProjectVersionArn=model)
