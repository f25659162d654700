#!/bin/sh
# Makes the root directory of the image, of a portable program. Usage, in the build stage: docker/root.sh HOST DIRECTORY
set -eu
host=$1
root=$2
program=build/portable/$host/rekognition-local
doc=$root/usr/share/doc

install -D -m 755 "$program" "$root/usr/local/bin/rekognition-local"
install -D -m 644 LICENSE "$doc/rekognition-local/LICENSE"
docker/sbom "$host" "build/portable/libraries/$host" --image >"$doc/rekognition-local/sbom.spdx.json"
docker/sbom "$host" "build/portable/libraries/$host" --licences "$doc/rekognition-local/licences"
install -m 644 docker/portable/README "$doc/rekognition-local/licences/README"
for package in libc6 ca-certificates; do
    install -D -m 644 "/usr/share/doc/$package/copyright" "$doc/$package/copyright"
done

# The C library is all that it is linked with: the loader, and what that finds.
ldd "$program" | grep -o '/[^ ]*' | sort -u | while read -r library; do
    install -D -m 755 "$library" "$root$library"
done

# What they read: whom to trust, and that names are looked up in /etc/hosts first.
install -D -m 644 /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
echo 'hosts: files dns' >"$root/etc/nsswitch.conf"
echo 'rekognition:x:65532:65532::/data:/' >"$root/etc/passwd"
echo 'rekognition:x:65532:' >"$root/etc/group"
install -d -m 1777 "$root/tmp"
# Whoever it runs as: the only folder that it writes.
install -d -m 1777 "$root/data"
