#!/bin/sh
# Makes the root directory of the image. Usage, in the build stage: docker/root.sh PROGRAM DIRECTORY
set -eu
program=$1
root=$2

install -D -s -m 755 "$program" "$root/usr/local/bin/rekognition-local"
install -D -m 644 LICENSE "$root/usr/share/doc/rekognition-local/LICENSE"

# The libraries, where the program looks for them, each with its licence. libcurl is loaded when it is needed.
libcurl=$(ldconfig -p | grep -o '/[^ ]*libcurl-gnutls\.so\.4$' | head -n 1)
{ ldd "$program" && ldd "$libcurl" && echo "$libcurl"; } | grep -o '/[^ ]*' | sort -u | while read -r library; do
    install -D -m 755 "$library" "$root$library"
    package=$(dpkg -S "$(realpath "$library")" 2>/dev/null || dpkg -S "$library" 2>/dev/null || true)
    package=${package%%:*}
    if [ -e "/usr/share/doc/$package/copyright" ]; then
        install -D -m 644 "/usr/share/doc/$package/copyright" "$root/usr/share/doc/$package/copyright"
    fi
done

# What the libraries read: whom to trust, and that names are looked up in /etc/hosts first.
install -D -m 644 /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
echo 'hosts: files dns' >"$root/etc/nsswitch.conf"
echo 'rekognition:x:65532:65532::/data:/' >"$root/etc/passwd"
echo 'rekognition:x:65532:' >"$root/etc/group"
install -d -m 1777 "$root/tmp"
# Whoever it runs as: the only folder that it writes.
install -d -m 1777 "$root/data"
