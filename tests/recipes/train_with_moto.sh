#!/bin/sh
# A training whose buckets are moto's (pip install 'moto[server]'); MinIO, LocalStack and the like serve as well.
set -eu
here=$(dirname "$0")
port=${MOTO_PORT:-5000}
export AWS_ACCESS_KEY_ID=123456789012 AWS_SECRET_ACCESS_KEY=any AWS_DEFAULT_REGION=us-east-1
export AWS_ENDPOINT_URL_S3="http://127.0.0.1:$port"

moto_server -p "$port" >moto.log 2>&1 &
trap 'kill $!; wait' EXIT
until aws s3 mb s3://birds 2>/dev/null; do sleep 0.2; done
aws s3 cp --quiet --recursive "$here/buckets/birds" s3://birds
aws s3 mb s3://results

rekognition-local exec --s3 "$AWS_ENDPOINT_URL_S3" --set describe.hold=30s -- python3 "$here/training.py"
aws s3 ls s3://results/first/
