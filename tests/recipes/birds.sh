#!/bin/sh
# A model trained, started and stopped by the aws CLI, on a server of the script's own.
set -eu
export REKOGNITION_LOCAL_PORT="${REKOGNITION_LOCAL_PORT:-7356}"
rekognition-local --db :memory: --profile instant --log off >/dev/null &
server=$!
trap 'kill $server; wait' EXIT
rekognition-local wait --timeout 10s

export AWS_ENDPOINT_URL_REKOGNITION="http://127.0.0.1:$REKOGNITION_LOCAL_PORT"
export AWS_ACCESS_KEY_ID=123456789012 AWS_SECRET_ACCESS_KEY=any AWS_DEFAULT_REGION=us-east-1 AWS_DEFAULT_OUTPUT=text
project=$(aws rekognition create-project --project-name birds)
manifest='{"GroundTruthManifest":{"S3Object":{"Bucket":"data","Name":"train.manifest"}}}'
model=$(aws rekognition create-project-version --project-arn "$project" --version-name first \
    --output-config S3Bucket=results,S3KeyPrefix=birds \
    --training-data "{\"Assets\":[$manifest]}" --testing-data '{"AutoCreate":true}')
aws rekognition wait project-version-training-completed --project-arn "$project"
aws rekognition start-project-version --project-version-arn "$model" --min-inference-units 1
aws rekognition wait project-version-running --project-arn "$project"
aws rekognition stop-project-version --project-version-arn "$model"
