#!/usr/bin/env bash
# Runs the media plane under AddressSanitizer (with leak check) and ThreadSanitizer: calls between peers of one
# process, some killed. Only products free of NIO are built, since each sanitizer rebuilds everything it links.
set -euo pipefail
cd "$(dirname "$0")/.."

run() { # sanitizer, options of its run time
    echo "==> $1 sanitizer"
    swift build --product peer-bench --sanitize="$1" --scratch-path ".build-$1"
    env "$2" ".build-$1/debug/peer-bench" soak --calls 12 --at-once 6 --ignore-memory
}

run address "ASAN_OPTIONS=detect_leaks=1:exitcode=99"
run thread "TSAN_OPTIONS=halt_on_error=0:exitcode=99"
