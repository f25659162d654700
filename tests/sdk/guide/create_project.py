"""Creates a project. In the shape of the guide's samples: a session of a profile, logging, one function that works."""
import argparse
import logging

import boto3
from botocore.exceptions import ClientError

logger = logging.getLogger(__name__)


def create_project(rek_client, project_name):
    try:
        logger.info("Creating project: %s", project_name)
        response = rek_client.create_project(ProjectName=project_name)
        logger.info("project ARN: %s", response["ProjectArn"])
        return response["ProjectArn"]
    except ClientError as err:
        logger.exception("Couldn't create project - %s: %s", project_name, err.response["Error"]["Message"])
        raise


def main():
    logging.basicConfig(level=logging.INFO, format="%(levelname)s: %(message)s")
    parser = argparse.ArgumentParser(usage=argparse.SUPPRESS)
    parser.add_argument("project_name", help="A name for the new project.")
    args = parser.parse_args()

    session = boto3.Session(profile_name="custom-labels-access")
    project_arn = create_project(session.client("rekognition"), args.project_name)
    print(f"Finished creating project: {args.project_name}")
    print(f"ARN: {project_arn}")


if __name__ == "__main__":
    main()
