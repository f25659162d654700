"""Deletes a model, and looks again and again until the project no longer lists it."""
import argparse
import logging
import time

import boto3
from botocore.exceptions import ClientError

logger = logging.getLogger(__name__)


def find_model(rek_client, project_arn, model_arn):
    paginator = rek_client.get_paginator("describe_project_versions")
    for page in paginator.paginate(ProjectArn=project_arn):
        for model in page["ProjectVersionDescriptions"]:
            if model["ProjectVersionArn"] == model_arn:
                return model
    return None


def delete_model(rek_client, project_arn, model_arn):
    try:
        logger.info("Deleting dataset: %s", model_arn)
        rek_client.delete_project_version(ProjectVersionArn=model_arn)
        while find_model(rek_client, project_arn, model_arn) is not None:
            logger.info("Model deletion in progress: %s", model_arn)
            time.sleep(5)
    except ClientError as err:
        logger.exception("Couldn't delete model - %s: %s", model_arn, err.response["Error"]["Message"])
        raise


def main():
    logging.basicConfig(level=logging.INFO, format="%(levelname)s: %(message)s")
    parser = argparse.ArgumentParser(usage=argparse.SUPPRESS)
    parser.add_argument("project_arn", help="The ARN of the project that contains the model that you want to delete.")
    parser.add_argument("model_arn", help="The ARN of the model version that you want to delete.")
    args = parser.parse_args()

    if input(f"Are you sure you want to delete the model ARN {args.model_arn}? (y/n) ").lower() == "y":
        session = boto3.Session(profile_name="custom-labels-access")
        delete_model(session.client("rekognition"), args.project_arn, args.model_arn)
        print(f"Finished deleting model: {args.model_arn}")


if __name__ == "__main__":
    main()
