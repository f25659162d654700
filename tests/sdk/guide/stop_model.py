"""Stops a model, and looks again and again until it has; there is no waiter for that."""
import argparse
import logging
import time

import boto3
from botocore.exceptions import ClientError

logger = logging.getLogger(__name__)


def get_model_status(rek_client, project_arn, model_arn):
    version_name = model_arn.split("version/", 1)[1].rpartition("/")[0]
    response = rek_client.describe_project_versions(ProjectArn=project_arn, VersionNames=[version_name])
    for model in response["ProjectVersionDescriptions"]:
        return model["Status"], model["StatusMessage"]
    raise RuntimeError("Model not found.")


def stop_model(rek_client, project_arn, model_arn):
    try:
        response = rek_client.stop_project_version(ProjectVersionArn=model_arn)
        status = response["Status"]
        while status == "STOPPING":
            status, message = get_model_status(rek_client, project_arn, model_arn)
            logger.info("Model status: %s: %s", status, message)
            if status == "STOPPING":
                time.sleep(10)
        return status
    except ClientError as err:
        logger.exception("Couldn't stop model - %s: %s", model_arn, err.response["Error"]["Message"])
        raise


def main():
    logging.basicConfig(level=logging.INFO, format="%(levelname)s: %(message)s")
    parser = argparse.ArgumentParser(usage=argparse.SUPPRESS)
    parser.add_argument("project_arn", help="The ARN of the project that contains the model.")
    parser.add_argument("model_arn", help="The ARN of the model.")
    args = parser.parse_args()

    session = boto3.Session(profile_name="custom-labels-access")
    status = stop_model(session.client("rekognition"), args.project_arn, args.model_arn)
    print(f"Stopped model: {args.model_arn}\nStatus: {status}")


if __name__ == "__main__":
    main()
