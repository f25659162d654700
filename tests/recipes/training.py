"""Datasets and a training that read a manifest and its images, and write results, as with AWS."""
import boto3

rekognition = boto3.client("rekognition")  # where AWS_ENDPOINT_URL_REKOGNITION says
project = rekognition.create_project(ProjectName="birds")["ProjectArn"]
manifest = {"GroundTruthManifest": {"S3Object": {"Bucket": "birds", "Name": "train.manifest"}}}
for kind in "TRAIN", "TEST":
    dataset = rekognition.create_dataset(ProjectArn=project, DatasetType=kind, DatasetSource=manifest)["DatasetArn"]
    while rekognition.describe_dataset(DatasetArn=dataset)["DatasetDescription"]["Status"] == "CREATE_IN_PROGRESS":
        pass  # describe.hold: the answer comes when the step has ended
rekognition.create_project_version(ProjectArn=project, VersionName="first",
                                   OutputConfig={"S3Bucket": "results", "S3KeyPrefix": "first"})
rekognition.get_waiter("project_version_training_completed").wait(ProjectArn=project)
[model] = rekognition.describe_project_versions(ProjectArn=project)["ProjectVersionDescriptions"]
print(model["Status"], model["EvaluationResult"]["Summary"]["S3Object"]["Name"])
