#!/bin/sh
# A training whose buckets are folders: buckets/birds/train.manifest is s3://birds/train.manifest.
set -eu
here=$(dirname "$0")
cp -r "$here/buckets" .
mkdir -p buckets/results
rekognition-local exec --s3 dir:buckets --set describe.hold=30s -- python3 "$here/training.py"
ls buckets/results/first
