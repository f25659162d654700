import time

import boto3

rekognition = boto3.client("rekognition", endpoint_url="http://127.0.0.1:7356", region_name="us-east-1",
                           aws_access_key_id="123456789012", aws_secret_access_key="any")
print(rekognition.create_project(ProjectName=f"birds-{time.time_ns()}")["ProjectArn"])
