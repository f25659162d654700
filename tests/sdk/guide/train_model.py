"""Trains a model, with manifests of one's own, waits by the waiter, and says how it ended and how long that took."""
import argparse
import logging

import boto3
from botocore.exceptions import ClientError

logger = logging.getLogger(__name__)


def train_model(rek_client, project_arn, version_name, output_bucket, output_folder, manifest, tag_key, tag_key_value):
    try:
        # A manifest for training; the service splits off what it tests with.
        bucket, _, key = manifest.removeprefix("s3://").partition("/")
        training = {"Assets": [{"GroundTruthManifest": {"S3Object": {"Bucket": bucket, "Name": key}}}]}
        tags = {tag_key: tag_key_value} if tag_key is not None and tag_key_value is not None else {}
        response = rek_client.create_project_version(
            ProjectArn=project_arn, VersionName=version_name,
            OutputConfig={"S3Bucket": output_bucket, "S3KeyPrefix": output_folder},
            TrainingData=training, TestingData={"AutoCreate": True, "Assets": []}, Tags=tags)
        logger.info("Started training: %s", response["ProjectVersionArn"])

        waiter = rek_client.get_waiter("project_version_training_completed")
        waiter.wait(ProjectArn=project_arn, VersionNames=[version_name])

        described = rek_client.describe_project_versions(ProjectArn=project_arn, VersionNames=[version_name])
        for model in described["ProjectVersionDescriptions"]:
            logger.info("Status: %s", model["Status"])
            logger.info("Message: %s", model["StatusMessage"])
        training_time = model["TrainingEndTimestamp"] - model["CreationTimestamp"]
        return model["Status"], response["ProjectVersionArn"], model["EvaluationResult"]["F1Score"], training_time
    except ClientError as err:
        logger.exception("Couldn't create model: %s", err.response["Error"]["Message"])
        raise


def main():
    logging.basicConfig(level=logging.INFO, format="%(levelname)s: %(message)s")
    parser = argparse.ArgumentParser(usage=argparse.SUPPRESS)
    parser.add_argument("project_arn", help="The ARN of the project in which you want to train a model")
    parser.add_argument("version_name", help="A version name of your choosing.")
    parser.add_argument("output_bucket", help="The S3 bucket that receives the training results.")
    parser.add_argument("output_folder", help="The folder in the S3 bucket where training results are stored.")
    parser.add_argument("--manifest", required=True, help="The S3 path of the manifest file.")
    parser.add_argument("--tag_name", help="The name of a tag to attach to the model", required=False)
    parser.add_argument("--tag_value", help="The value for the tag.", required=False)
    args = parser.parse_args()

    print(f"Training model version {args.version_name} for project {args.project_arn}")
    session = boto3.Session(profile_name="custom-labels-access")
    status, arn, score, time = train_model(
        session.client("rekognition"), args.project_arn, args.version_name, args.output_bucket, args.output_folder,
        args.manifest, args.tag_name, args.tag_value)
    print(f"Finished training model: {arn}")
    print(f"Status: {status}; F1 score: {score:.2f}; time: {time}")


if __name__ == "__main__":
    main()
