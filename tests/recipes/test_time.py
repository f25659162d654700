"""Time that a test moves itself: the clock and the settings of its account are its own, whatever others do meanwhile."""
from test_birds import train


def test_a_training_takes_half_an_hour(rekognition, local):
    local.control("PUT", "/clock", {"mode": "frozen"}, account=local.account)
    local.control("PATCH", "/settings", {"version.train": "30m"}, account=local.account)
    project = rekognition.create_project(ProjectName="birds")["ProjectArn"]
    train(rekognition, project, "first")
    [version] = rekognition.describe_project_versions(ProjectArn=project)["ProjectVersionDescriptions"]
    assert version["Status"] == "TRAINING_IN_PROGRESS"
    fired = local.control("POST", "/clock/advance", {"by": "30m"}, account=local.account)["fired"]
    assert [move["to"] for move in fired] == ["TRAINING_COMPLETED"]
