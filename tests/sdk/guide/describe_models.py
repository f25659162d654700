"""Shows each project of an account with its datasets, and each of its models with its tags: all of it or one project."""
import argparse

import boto3


def display_version(rek_client, version):
    print(f"\tModel: {version['ProjectVersionArn']}")
    print(f"\tStatus: {version['Status']}")
    print(f"\tMessage: {version['StatusMessage']}")
    if "MinInferenceUnits" in version:
        print(f"\tInference units: {version['MinInferenceUnits']}")
    if "EvaluationResult" in version:
        summary = version["EvaluationResult"]["Summary"]["S3Object"]
        print(f"\tEvaluation: s3://{summary['Bucket']}/{summary['Name']}")
    for kind in ("TrainingDataResult", "TestingDataResult"):
        for asset in version.get(kind, {}).get("Output", {}).get("Assets", []):
            print(f"\t{kind}: {asset['GroundTruthManifest']['S3Object']['Name']}")
    tags = rek_client.list_tags_for_resource(ResourceArn=version["ProjectVersionArn"])["Tags"]
    for key, value in tags.items():
        print(f"\tTag: {key}={value}")


def main():
    parser = argparse.ArgumentParser(usage=argparse.SUPPRESS)
    parser.add_argument("--project_name", required=False)
    args = parser.parse_args()

    rek_client = boto3.Session(profile_name="custom-labels-access").client("rekognition")
    wanted = {"ProjectNames": [args.project_name]} if args.project_name else {}
    for project in rek_client.describe_projects(**wanted)["ProjectDescriptions"]:
        print(f"Project: {project['ProjectArn'].split('/')[1]}")
        print(f"Status: {project['Status']}; created: {project['CreationTimestamp']:%Y-%m-%d}")
        for dataset in project["Datasets"]:
            print(f"Dataset: {dataset['DatasetType']}: {dataset['Status']}: {dataset['StatusMessage']}")
        token = ""
        while True:
            page = rek_client.describe_project_versions(ProjectArn=project["ProjectArn"], MaxResults=1, NextToken=token)
            for version in page["ProjectVersionDescriptions"]:
                display_version(rek_client, version)
            token = page.get("NextToken")
            if not token:
                break


if __name__ == "__main__":
    main()
