#!/bin/bash
# Builds the image, starts it as a user would, and sees what it does. With a Docker engine that does it; without one,
# buildah and chroot do, as root, on a Debian 12 made by debootstrap. Everything else stays under build/image.
#   docker/check.sh
# shellcheck disable=SC2317 # the functions are called by check
set -u
cd "$(dirname "$0")/.." || exit 1
work=$PWD/build/image
log=$work/log
passed=0 failed=0
mebibytes=16
version=$(sed -n 's/^.define VERSION "\(.*\)"/\1/p' server/http/program.h)
engine=chroot
if docker info >/dev/null 2>&1; then
    engine=docker
fi

check() { # NAME COMMAND…
    local name=$1 start=$SECONDS
    shift
    if "$@" >>"$log" 2>&1; then
        passed=$((passed + 1))
        echo "ok image: $name ($((SECONDS - start)) s)"
    else
        failed=$((failed + 1))
        tail -n 60 "$log"
        echo "FAIL image: $name"
        finish
    fi
}

finish() {
    "${engine}_clean" >/dev/null 2>&1
    echo "$passed passed, $failed failed"
    exit $((failed > 0))
}

arguments() {
    printf -- '--build-arg\nVERSION=%s\n--build-arg\nREVISION=%s\n--build-arg\nSOURCE_DATE_EPOCH=%s\n' \
        "$version" "$(git rev-parse HEAD 2>/dev/null)" "$(docker/epoch)"
}

# ---- with Docker's engine: image, config, unpack, start, run_ready, owner, stop, clean

docker_build() {
    local words
    mapfile -t words < <(arguments)
    docker build -f docker/Dockerfile "${words[@]}" -t rekognition-local . || return 1
    container=$(docker create rekognition-local) && rm -rf "$work/root" && mkdir -p "$work/root" &&
        docker export "$container" | tar -C "$work/root" -xf - && docker rm "$container" && root=$work/root
}

docker_config() { # user, environment, health, version
    local field
    case $1 in
    user) field='{{.Config.User}}' ;;
    environment) field='{{range .Config.Env}}{{.}} {{end}}' ;;
    health) field='{{.Config.Healthcheck.Test}}' ;;
    version) field='{{index .Config.Labels "org.opencontainers.image.version"}}' ;;
    esac
    docker image inspect --format "$field" rekognition-local
}

docker_start() { # OPTION…
    container=$(docker run -d --read-only --cap-drop ALL --security-opt no-new-privileges -p 127.0.0.1::7356 \
        -v rekognition-local-check:/data rekognition-local "$@") || return 1
    url=http://$(docker port "$container" 7356/tcp | head -n 1)
}

docker_wait() {
    docker exec "$container" /usr/local/bin/rekognition-local wait --timeout 5s
}

docker_owner() {
    docker exec "$container" /usr/local/bin/rekognition-local wait && [ "$(docker inspect --format '{{.Config.User}}' "$container")" != 0 ]
}

docker_stop() {
    docker stop "$container" && [ "$(docker inspect --format '{{.State.ExitCode}}' "$container")" = 0 ] &&
        docker rm "$container" && container=
}

docker_clean() {
    if [ -n "${container-}" ]; then
        docker rm -f "$container"
    fi
    docker volume rm rekognition-local-check
}

# ---- without: buildah makes it, and it runs as the image says on a root that is mounted read-only

buildah() {
    command buildah --root "$work/storage" --runroot "$work/run" --storage-driver vfs "$@"
}

chroot_base() {
    if [ ! -e "$work/base.tar" ]; then
        rm -rf "$work/base" && debootstrap --variant=minbase bookworm "$work/base" || return 1
        # Packages come in the way this machine gets them.
        apt-config dump | grep -E '^Acquire::(Check-|Retries|http|https|ForceIPv4)' \
            >"$work/base/etc/apt/apt.conf.d/90acquire"
        tar -C "$work/base" --exclude './var/cache/apt/archives/*.deb' --exclude './dev/*' \
            -cf "$work/base.tar.new" . && mv "$work/base.tar.new" "$work/base.tar" || return 1
        rm -rf "$work/base"
    fi
    local from
    from=$(buildah from scratch) && buildah add -q "$from" "$work/base.tar" / &&
        buildah commit -q "$from" base && buildah rm "$from"
}

chroot_build() {
    local words
    mapfile -t words < <(arguments)
    chroot_base && buildah bud --isolation chroot --format docker --build-arg BASE=localhost/base "${words[@]}" \
        -f docker/Dockerfile -t rekognition-local . </dev/null &&
        container=$(buildah from localhost/rekognition-local) && root=$(buildah mount "$container")
}

chroot_config() {
    local field
    case $1 in
    user) field=.OCIv1.Config.User ;;
    environment) field='range .OCIv1.Config.Env}}{{.}} {{end' ;;
    health) field=.Docker.Config.Healthcheck.Test ;;
    version) field='index .OCIv1.Config.Labels "org.opencontainers.image.version"' ;;
    esac
    buildah inspect --type image --format "{{$field}}" localhost/rekognition-local
}

# A folder is /data, as a volume would be; nothing else can be written.
chroot_start() {
    local words
    words=$(chroot_config environment)
    install -d -m 1777 "$work/data"
    : >"$work/ready"
    # shellcheck disable=SC2016,SC2086 # the words are a list of NAME=VALUE
    unshare -m sh -c 'root=$1 data=$2 user=$3 && shift 3 && mount --bind "$root" "$root" &&
        mount -o remount,bind,ro "$root" && mount --bind "$data" "$root/data" &&
        ! touch "$root/tmp/x" 2>/dev/null && exec env -i "$@"' sh "$root" "$work/data" x \
        $words chroot --userspec="${as:-$(chroot_config user)}" "$root" /usr/local/bin/rekognition-local --port 0 "$@" \
        >"$work/ready" 2>>"$log" </dev/null &
    server=$!
    url=
    for _ in $(seq 100); do
        url=$(sed -n 's/.* ready on //p' "$work/ready")
        if [ -n "$url" ]; then break; fi
        sleep 0.1
    done
    url=${url/0.0.0.0/127.0.0.1}
    [ -n "$url" ]
}

chroot_wait() {
    chroot --userspec="$(chroot_config user)" "$root" /usr/local/bin/rekognition-local wait --url "$url" --timeout 5s
}

chroot_owner() {
    [ "$(stat -c %u "$work/data/rekognition-local.db")" = 65532 ]
}

chroot_stop() {
    local status=0
    kill -TERM "$server" && wait "$server" || status=$?
    server=
    return "$status"
}

chroot_clean() {
    if [ -n "${server-}" ]; then
        kill "$server"
    fi
    if [ -n "${container-}" ]; then
        buildah umount "$container"
    fi
    rm -rf "$work/storage" "$work/run" "$work/data"
}

# ---- what is checked

small() {
    local bytes
    bytes=$(find "$root" -type f -printf '%s\n' | awk '{ sum += $1 } END { print sum }')
    find "$root" -type f -size +100k -printf '%s /%P\n' | sort -rn | tee "$work/contents"
    echo "$bytes" >"$work/size"
    [ "$bytes" -le $((mebibytes * 1024 * 1024)) ]
}

bare() {
    [ -z "$(find "$root" -type f -perm /6000)" ] && [ ! -e "$root/bin/sh" ] && [ ! -e "$root/usr/bin" ] &&
        [ "$("${engine}_config" user)" = 65532:65532 ] && [ "$("${engine}_config" version)" = "$version" ] &&
        "${engine}_config" health | grep -q ' wait ' && [ -s "$root/usr/share/doc/rekognition-local/sbom.spdx.json" ]
}

starts() {
    "${engine}_start" --profile instant && "${engine}_wait" && "${engine}_owner"
}

# A call of the API, as an SDK would send it; without a signature, since that is not asked for.
call() { # OPERATION INPUT
    curl -sf -H "X-Amz-Target: RekognitionService.$1" -H 'Content-Type: application/x-amz-json-1.1' -d "$2" "$url/"
}

lives() {
    local project version
    project=$(call CreateProject '{"ProjectName":"birds"}' | sed 's/.*"ProjectArn":"\([^"]*\)".*/\1/') &&
        version=$(call CreateProjectVersion "{\"ProjectArn\":\"$project\",\"VersionName\":\"first\",\"OutputConfig\":{\"S3Bucket\":\"results\",\"S3KeyPrefix\":\"birds\"}}" |
            sed 's/.*"ProjectVersionArn":"\([^"]*\)".*/\1/') &&
        call StartProjectVersion "{\"ProjectVersionArn\":\"$version\",\"MinInferenceUnits\":1}" &&
        call DescribeProjectVersions "{\"ProjectArn\":\"$project\"}" | grep RUNNING &&
        call StopProjectVersion "{\"ProjectVersionArn\":\"$version\"}"
}

stops() {
    local begin=$EPOCHREALTIME
    "${engine}_stop" || return 1
    awk -v begin="$begin" -v end="$EPOCHREALTIME" 'BEGIN { print end - begin " s"; exit !(end - begin < 1) }'
}

remembers() {
    "${engine}_start" --profile instant && "${engine}_wait" && call DescribeProjects '{}' | grep :project/birds/ && "${engine}_stop"
}

mkdir -p "$work"
rm -rf "$work/storage" "$work/run" "$work/data"
: >"$log"
check "docker/Dockerfile builds, with $engine" "${engine}_build"
check "the image is of $mebibytes MiB at most" small
sed 's/^/    /' "$work/contents"
echo "    $(cat "$work/size") bytes in all"
check "no shell, nobody special, a health check, labels and an SBOM" bare
check "it starts where nothing but /data can be written, and its health check says so" starts
check "a model is made, trained, started and stopped" lives
check "it stops within a second when told to" stops
check "it remembers its world the next time" remembers
finish
