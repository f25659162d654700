#!/bin/sh
# The container image (make docker): a server with its data in a volume, until it is stopped.
set -eu
port=${REKOGNITION_LOCAL_PORT:-7356}
container=$(docker run -d --rm -p "127.0.0.1:$port:7356" -v rekognition:/data rekognition-local --profile instant)
trap 'docker stop "$container" >/dev/null' EXIT
curl -sf --retry 20 --retry-connrefused --retry-delay 1 "http://127.0.0.1:$port/_local/health"
