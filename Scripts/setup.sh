#!/usr/bin/env bash
# Installs what is missing on a Debian or Ubuntu machine that has the Swift toolchain.
#
#   Scripts/setup.sh run|test|interop|conformance|converse|impair|engines|console|bench
#
# Does nothing, in less than a second, when nothing is missing.
set -euo pipefail
cd "$(dirname "$0")/.."

# The one list of system packages. Each set includes the one before it.
run_packages=(libnice-dev libopus-dev libogg-dev libmpg123-dev libusrsctp-dev libssl-dev libspeexdsp-dev
    libkissfft-dev pkg-config openssl curl python3-pip cmake ninja-build g++)
test_packages=(iproute2 iptables)
interop_packages=(python3-venv chromium firefox-esr pulseaudio coturn janus)
# Others' servers, to be measured beside; one that cannot be had is left out.
rivals=("janus" "gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-bad gstreamer1.0-nice
    gir1.2-gst-plugins-bad-1.0 python3-gi python3-gst-1.0")
# Recordings of keys and doors, which must not interrupt.
converse_packages=(bucklespring-data freedoom)
# All into one .venv, so they have to agree; servers of others get one of their own.
interop_python=(Tests/Interop/requirements.txt)
conformance_python=("${interop_python[@]}" Tests/Conformance/requirements.txt)
converse_python=("${conformance_python[@]}" Tests/Converse/requirements.txt)
impair_python=("${converse_python[@]}" Tests/Impair/requirements.txt)
servers_python=(Tests/Converse/requirements-servers.txt)
console_python=("${converse_python[@]}" Tests/Console/requirements.txt)
bench_python=(Benchmarks/WebSocketBench/requirements.txt Tests/Interop/requirements.txt)

fail() { echo "setup: $*" >&2; exit 1; }

packages=("${run_packages[@]}") optional=() python=() servers=()
case "${1:-}" in
    run) ;;
    test) packages+=("${test_packages[@]}") ;;
    interop) packages+=("${test_packages[@]}" "${interop_packages[@]}") python=("${interop_python[@]}") ;;
    conformance) packages+=(python3-venv) python=("${conformance_python[@]}") ;;
    converse)
        packages+=("${test_packages[@]}" "${interop_packages[@]}" "${converse_packages[@]}")
        python=("${converse_python[@]}") ;;
    impair) packages+=("${test_packages[@]}" "${interop_packages[@]}") python=("${impair_python[@]}") ;;
    engines)
        packages+=("${test_packages[@]}" "${interop_packages[@]}" "${converse_packages[@]}")
        python=("${converse_python[@]}") servers=("${servers_python[@]}") ;;
    console)
        packages+=("${test_packages[@]}" "${interop_packages[@]}" "${converse_packages[@]}")
        python=("${console_python[@]}") ;;
    bench) packages+=(python3-venv) optional=("${rivals[@]}") python=("${bench_python[@]}") ;;
    *) fail "say what for: run, test, interop, conformance, converse, impair, engines, console or bench" ;;
esac
what="$1"

# missing_packages NAME…
missing_packages() {
    local name
    for name in "$@"; do
        [ "$(dpkg-query -W -f='${db:Status-Status}' "$name" 2>/dev/null || true)" = installed ] || echo "$name"
    done
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    else
        command -v sudo >/dev/null || fail "not root and no sudo: as root, run: apt-get install -y ${missing[*]}"
        sudo "$@"
    fi
}

# The servers among the packages are started by the tests themselves, never by the installation.
install_missing() {
    local policy=/usr/sbin/policy-rc.d mine=no
    if [ ! -e "$policy" ]; then
        printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
        as_root chmod 755 "$policy"
        mine=yes
    fi
    as_root apt-get update -q || true
    local status=0
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}" || status=$?
    if [ "$mine" = yes ]; then as_root rm -f "$policy"; fi
    return "$status"
}

# ready VENV REQUIREMENTS…: whether exactly these are installed.
ready() {
    [ $# = 1 ] || cat "${@:2}" | cmp -s - "$1/$what.installed"
}

# install_python VENV TIME REQUIREMENTS…
install_python() {
    echo "==> Python packages of ${*:3} into $1 ($2)"
    [ -x "$1/bin/pip" ] || python3 -m venv "$1"
    # Of llama-cpp-python nothing is compiled: it takes the library that the models came with.
    local requirements=("${@:3}")
    CMAKE_ARGS=-DLLAMA_BUILD=OFF "$1/bin/pip" install --quiet --disable-pip-version-check "${requirements[@]/#/--requirement=}"
    cat "${requirements[@]}" >"$1/$what.installed"
}

command -v swift >/dev/null || fail "no Swift toolchain: install Swift 6.3 or later from swift.org"
command -v dpkg-query >/dev/null || fail "this is no Debian or Ubuntu: install the counterparts of ${packages[*]}"

mapfile -t missing < <(missing_packages "${packages[@]}")
if [ ${#missing[@]} -gt 0 ]; then
    echo "==> system packages: ${missing[*]} (1 to 5 minutes)"
    install_missing || fail "apt-get could not install: ${missing[*]}"
fi
for set in "${optional[@]}"; do
    read -r -d '' -a names <<<"$set" || true
    mapfile -t missing < <(missing_packages "${names[@]}")
    [ ${#missing[@]} -gt 0 ] || continue
    echo "==> system packages: ${missing[*]} (1 to 5 minutes)"
    install_missing || echo "setup: goes on without ${missing[*]}, which apt-get could not install" >&2
done
if ! ready .venv "${python[@]}"; then install_python .venv "1 to 3 minutes" "${python[@]}"; fi
if ! ready .venv/servers "${servers[@]}"; then install_python .venv/servers "2 to 5 minutes, 2 GB" "${servers[@]}"; fi
