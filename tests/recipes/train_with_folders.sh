#!/bin/sh
# A training whose buckets are folders: buckets/birds/train.manifest is s3://birds/train.manifest.
set -eu
here=$(dirname "$0")
export AWS_ENDPOINT_URL_REKOGNITION="http://127.0.0.1:${REKOGNITION_LOCAL_PORT:-7356}"
export AWS_ACCESS_KEY_ID=123456789012 AWS_SECRET_ACCESS_KEY=any AWS_DEFAULT_REGION=us-east-1
cp -r "$here/buckets" .
mkdir -p buckets/results
rekognition-local --db :memory: --profile instant --log off --s3 dir:buckets >/dev/null &
trap 'kill $!' EXIT
rekognition-local wait
python3 "$here/training.py"
ls buckets/results/first
