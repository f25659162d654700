#!/bin/sh
# Installs what is missing for a purpose, and nothing when nothing is missing. Usage:
#   docker/deps.sh [--check] PURPOSE…
# where a purpose is build, test, lint, valgrind, fuzz, bench, browser, deb, dist, ways, root or image. With --check
# it only says what is missing. On a system without apt-get it says what to install, and fails.
set -eu

check=
missing=  # what is missing, in words
packages= # the Debian packages that have it

miss() {
    missing="$missing
    $1 (Debian: $2)"
    packages="$packages $2"
}

program() { # NAME PACKAGE…
    name=$1
    shift
    command -v "$name" >/dev/null 2>&1 || miss "the program $name" "$*"
}

module() { # NAME PACKAGE
    pkg-config --exists "$1" 2>/dev/null || miss "the library $1, with its headers" "$2"
}

file() { # WHAT PACKAGE PATH…
    what=$1 package=$2
    shift 2
    for path; do
        if [ -e "$path" ]; then return; fi
    done
    miss "$what" "$package"
}

needs() {
    case $1 in
    build)
        program cc gcc libc6-dev
        program make make
        program awk mawk
        program ar binutils
        program pkg-config pkg-config
        module libmicrohttpd libmicrohttpd-dev
        module gnutls libgnutls28-dev
        module libcjson libcjson-dev
        module sqlite3 libsqlite3-dev
        module libpcre2-8 libpcre2-dev
        module nettle nettle-dev
        module libcurl libcurl4-gnutls-dev
        module libjpeg libjpeg62-turbo-dev
        module libpng libpng-dev
        module zlib zlib1g-dev
        file "the library mimalloc" libmimalloc-dev \
            /usr/lib/*/libmimalloc.so /usr/lib64/libmimalloc.so /usr/local/lib/libmimalloc.so
        ;;
    test)
        program curl curl
        program openssl openssl
        module cmocka libcmocka-dev
        program python3 python3
        python3 -c 'import ensurepip, venv' 2>/dev/null ||
            miss "Python's module venv" python3-venv
        ;;
    lint)
        program clang-format-14 clang-format-14
        program clang-tidy-14 clang-tidy-14
        program cppcheck cppcheck
        program shellcheck shellcheck
        program python3 python3
        ;;
    valgrind)
        program valgrind valgrind
        ;;
    fuzz)
        program clang-14 clang-14
        file "the run-time library of clang 14" libclang-rt-14-dev \
            /usr/lib/llvm-14/lib/clang/14*/lib/linux/libclang_rt.fuzzer-*.a
        ;;
    bench)
        program valgrind valgrind
        program wrk wrk
        program python3 python3
        ;;
    browser)
        program chromium chromium
        ;;
    root)
        file "the certificates of the public authorities" ca-certificates /etc/ssl/certs/ca-certificates.crt
        ;;
    deb)
        program dpkg-shlibdeps dpkg-dev
        program strip binutils
        program lintian lintian
        ;;
    dist)
        program dpkg-source dpkg-dev
        program xz xz-utils
        file "the archive of libunistring" libunistring-dev \
            /usr/lib/*/libunistring.a
        ;;
    ways)
        program debootstrap debootstrap
        program groff groff-base
        program haproxy haproxy
        program readelf binutils
        ;;
    image)
        program buildah buildah
        program debootstrap debootstrap
        ;;
    *)
        echo "deps.sh: no such purpose: $1" >&2
        exit 2
        ;;
    esac
}

if [ "${1-}" = --check ]; then
    check=yes
    shift
fi
for purpose; do
    needs "$purpose"
done
if [ -z "$missing" ]; then
    exit 0
fi
# shellcheck disable=SC2086 # the list of packages is a list of words
packages=$(printf '%s\n' $packages | sort -u | tr '\n' ' ')
packages=${packages% }

if [ -n "$check" ]; then
    echo "missing, for $*:$missing" >&2
    echo "'make deps' installs what building needs." >&2
    exit 1
fi
if ! command -v apt-get >/dev/null 2>&1; then
    echo "This system has no apt-get. Please install, for $*:$missing" >&2
    exit 1
fi
as_root=
if [ "$(id -u)" != 0 ]; then
    if ! command -v sudo >/dev/null 2>&1; then
        echo "Please run as root: apt-get update && apt-get install $packages" >&2
        exit 1
    fi
    as_root=sudo
fi

echo "Installing, for $*: $packages" >&2
apt() {
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 \
        -o Dpkg::Use-Pty=0 "$@" </dev/null >>"$log" 2>&1
}
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# shellcheck disable=SC2086
if ! { apt update && apt install --no-install-recommends $packages; }; then
    cat "$log" >&2
    echo "apt-get could not install: $packages" >&2
    exit 1
fi

# What apt-get installed may still not be what was looked for.
missing=
hash -r
for purpose; do
    needs "$purpose"
done
if [ -n "$missing" ]; then
    echo "still missing, for $*:$missing" >&2
    exit 1
fi
