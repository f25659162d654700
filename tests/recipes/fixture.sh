#!/bin/sh
# A world that is there from the start: a model that runs, and one whose training has failed.
set -eu
here=$(dirname "$0")
rekognition-local --db :memory: --log off --load "$here/fixture.json" >/dev/null &
trap 'kill $!; wait' EXIT
rekognition-local wait
export AWS_ENDPOINT_URL_REKOGNITION="http://127.0.0.1:${REKOGNITION_LOCAL_PORT:-7356}"
export AWS_ACCESS_KEY_ID=123456789012 AWS_SECRET_ACCESS_KEY=any AWS_DEFAULT_REGION=us-east-1
project=$(aws rekognition describe-projects --query 'ProjectDescriptions[0].ProjectArn' --output text)
aws rekognition describe-project-versions --project-arn "$project" --output text \
    --query 'ProjectVersionDescriptions[].[Status, StatusMessage]'
curl -s "$AWS_ENDPOINT_URL_REKOGNITION/_local/state" >now.json # the world as it is now: a fixture, too
