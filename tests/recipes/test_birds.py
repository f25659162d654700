import pytest

MANIFEST = {"GroundTruthManifest": {"S3Object": {"Bucket": "data", "Name": "train.manifest"}}}


def train(rekognition, project, name):
    return rekognition.create_project_version(
        ProjectArn=project, VersionName=name, OutputConfig={"S3Bucket": "results", "S3KeyPrefix": "birds"},
        TrainingData={"Assets": [MANIFEST]}, TestingData={"AutoCreate": True})["ProjectVersionArn"]


def test_a_model_is_trained_and_started(rekognition):
    project = rekognition.create_project(ProjectName="birds")["ProjectArn"]
    model = train(rekognition, project, "first")
    rekognition.get_waiter("project_version_training_completed").wait(ProjectArn=project)
    rekognition.start_project_version(ProjectVersionArn=model, MinInferenceUnits=1)
    rekognition.get_waiter("project_version_running").wait(ProjectArn=project)


def test_a_third_model_does_not_start(rekognition):
    project = rekognition.create_project(ProjectName="birds")["ProjectArn"]
    *running, third = [train(rekognition, project, name) for name in ("first", "second", "third")]
    for model in running:
        rekognition.start_project_version(ProjectVersionArn=model, MinInferenceUnits=1)
    with pytest.raises(rekognition.exceptions.LimitExceededException):
        rekognition.start_project_version(ProjectVersionArn=third, MinInferenceUnits=1)
