"""Asks a model about a local photo or one in S3, and says how often it found something."""
import argparse
import logging
import os

import boto3
from botocore.exceptions import ClientError

logger = logging.getLogger(__name__)


def analyze_image(rek_client, model, photo, min_confidence):
    try:
        if os.path.exists(photo):
            with open(photo, "rb") as image:
                image = {"Bytes": image.read()}
        else:
            bucket, _, key = photo.removeprefix("s3://").partition("/")
            image = {"S3Object": {"Bucket": bucket, "Name": key}}
        response = rek_client.detect_custom_labels(Image=image, MinConfidence=min_confidence, ProjectVersionArn=model)
        for label in response["CustomLabels"]:
            logger.info("%s: %s", label["Name"], label["Confidence"])
        return len(response["CustomLabels"])
    except rek_client.exceptions.ResourceNotReadyException:
        print("The model is not running; start it first.")
        raise
    except ClientError as err:
        logger.error("Couldn't detect labels: %s", err)
        raise


def main():
    logging.basicConfig(level=logging.INFO, format="%(levelname)s: %(message)s")
    parser = argparse.ArgumentParser(usage=argparse.SUPPRESS)
    parser.add_argument("model_arn", help="The ARN of the model that you want to use.")
    parser.add_argument("photo", help="The path and file name of the photo.")
    args = parser.parse_args()

    session = boto3.Session(profile_name="custom-labels-access")
    count = analyze_image(session.client("rekognition"), args.model_arn, args.photo, 0)
    print(f"Custom labels detected: {count}")


if __name__ == "__main__":
    main()
