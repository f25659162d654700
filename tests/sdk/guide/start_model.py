"""Starts a model; finds the name of its version in its ARN, as the waiter wants that."""
import argparse
import logging

import boto3
from botocore.exceptions import ClientError

logger = logging.getLogger(__name__)


def get_model_status(rek_client, project_arn, model_arn):
    version_name = model_arn.split("version/", 1)[1].rpartition("/")[0]
    models = rek_client.describe_project_versions(ProjectArn=project_arn, VersionNames=[version_name])
    for model in models["ProjectVersionDescriptions"]:
        logger.info("Status: %s", model["StatusMessage"])
        return model["Status"]
    raise RuntimeError(f"Model {model_arn} not found.")


def start_model(rek_client, project_arn, model_arn, min_inference_units, max_inference_units=None):
    try:
        logger.info("Starting model: %s. Please wait....", model_arn)
        units = {"MinInferenceUnits": int(min_inference_units)}
        if max_inference_units is not None:
            units["MaxInferenceUnits"] = int(max_inference_units)
        rek_client.start_project_version(ProjectVersionArn=model_arn, **units)
        version_name = model_arn.split("version/", 1)[1].rpartition("/")[0]
        waiter = rek_client.get_waiter("project_version_running")
        waiter.wait(ProjectArn=project_arn, VersionNames=[version_name])
        return get_model_status(rek_client, project_arn, model_arn)
    except ClientError as err:
        logger.exception("Client error: Problem starting model: %s", err)
        raise


def main():
    logging.basicConfig(level=logging.INFO, format="%(levelname)s: %(message)s")
    parser = argparse.ArgumentParser(usage=argparse.SUPPRESS)
    parser.add_argument("project_arn", help="The ARN of the project that contains the model.")
    parser.add_argument("model_arn", help="The ARN of the model.")
    parser.add_argument("min_inference_units", help="The minimum number of inference units to use.")
    parser.add_argument("--max_inference_units", help="The maximum number of inference units to use.", required=False)
    args = parser.parse_args()

    session = boto3.Session(profile_name="custom-labels-access")
    status = start_model(session.client("rekognition"), args.project_arn, args.model_arn, args.min_inference_units,
                         args.max_inference_units)
    print(f"Finished starting model: {args.model_arn}\nStatus: {status}")


if __name__ == "__main__":
    main()
