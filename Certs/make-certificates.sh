#!/usr/bin/env bash
# Makes a local certificate authority and a server certificate for development, with openssl alone.
#
#   Certs/make-certificates.sh [-d DIRECTORY] [NAME-OR-ADDRESS…]
#
# DIRECTORY (default Certs/local, ignored by git) receives ca.pem, ca.key, server.pem (certificate, then authority) and
# server.key. The server certificate names localhost, this host, every local address, and the arguments of this and all
# earlier runs. A second run changes nothing unless the certificate ends within 30 days or a name is missing; the authority
# is kept, so clients that trust it go on trusting.
set -euo pipefail

ca_days=3650
server_days=397
renew_seconds=$((30 * 24 * 3600))
directory="$(cd "$(dirname "$0")" && pwd)/local"
if [ "${1:-}" = -d ]; then
    directory="${2:?-d needs a directory}"
    shift 2
fi

command -v openssl >/dev/null || { echo "make-certificates: openssl is missing; run Scripts/setup.sh run" >&2; exit 1; }

umask 077
mkdir -p "$directory"
cd "$directory"

local_addresses() {
    if command -v ip >/dev/null; then
        ip -o addr show | awk '{ sub(/\/.*/, "", $4); print $4 }'
    else
        hostname -I 2>/dev/null | tr ' ' '\n'
    fi | sed '/^$/d; /%/d; /^fe80:/d'
}

is_address() { [[ "$1" == *:* || "$1" =~ ^[0-9]+(\.[0-9]+){3}$ ]]; }

wanted_names() {
    {
        printf '%s\n' localhost 127.0.0.1 ::1
        cat extra-names
        hostname 2>/dev/null || true
        local_addresses
    } | awk 'NF && !seen[$0]++' | while read -r name; do
        if is_address "$name"; then echo "IP:$name"; else echo "DNS:$name"; fi
    done
}

make_authority() {
    openssl ecparam -name prime256v1 -genkey -noout -out ca.key
    openssl req -x509 -new -key ca.key -sha256 -days "$ca_days" -out ca.pem \
        -subj "/O=Parley/CN=Parley local authority ($(hostname 2>/dev/null || echo here))" \
        -addext "basicConstraints=critical,CA:true,pathlen:0" -addext "keyUsage=critical,keyCertSign,cRLSign" \
        -addext "subjectKeyIdentifier=hash"
}

make_server() {
    local work
    work="$(mktemp -d)"
    trap 'rm -rf "$work"' RETURN
    openssl ecparam -name prime256v1 -genkey -noout -out server.key
    openssl req -new -key server.key -subj "/O=Parley/CN=localhost" -out "$work/request"
    cat >"$work/extensions" <<EXTENSIONS
basicConstraints=critical,CA:false
keyUsage=critical,digitalSignature
extendedKeyUsage=serverAuth
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
subjectAltName=$(paste -sd, <<<"$1")
EXTENSIONS
    openssl x509 -req -in "$work/request" -CA ca.pem -CAkey ca.key -set_serial "0x$(openssl rand -hex 16)" -sha256 \
        -days "$server_days" -extfile "$work/extensions" -out "$work/certificate" 2>/dev/null
    cat "$work/certificate" ca.pem >server.pem
    printf '%s\n' "$1" >names
}

touch extra-names
for name in "$@"; do grep -qxF -- "$name" extra-names || echo "$name" >>extra-names; done
names="$(wanted_names)"
if [ ! -s ca.pem ] || [ ! -s ca.key ] || ! openssl x509 -in ca.pem -noout -checkend "$renew_seconds" >/dev/null; then
    make_authority
    rm -f server.pem
    echo "Certificate authority made: $directory/ca.pem"
fi
if [ ! -s server.pem ] || [ ! -s server.key ] || [ ! -s names ] \
    || ! openssl x509 -in server.pem -noout -checkend "$renew_seconds" >/dev/null \
    || [ -n "$(comm -13 <(sort names) <(sort <<<"$names"))" ]; then
    make_server "$names"
    echo "Server certificate made for $(tr '\n' ' ' <<<"$names")"
fi
chmod 600 ca.key server.key
chmod 644 ca.pem server.pem
