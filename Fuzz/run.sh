#!/bin/sh
# Builds and runs the fuzz targets of Sources/Wire with the toolchain's libFuzzer.
#
#   Fuzz/run.sh TARGET [libFuzzer arguments]   fuzz, starting from the target's corpus
#   Fuzz/run.sh TARGET replay                  run every committed input once
#   Fuzz/run.sh all replay                     the same for every target
#
# TARGET is FuzzRTP, FuzzRTCP, FuzzDCEP or FuzzSDP. New inputs and crashes go to the build folder (FUZZ_BUILD, else
# .build/fuzz); a crash worth keeping is copied to FailCases by hand, with its fix.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
build=${FUZZ_BUILD:-$root/.build/fuzz}

# A crash is the fuzzer's to report; the runtime's own backtrace would take seconds.
export SWIFT_BACKTRACE=enable=no

compile() {
    swiftc -parse-as-library -wmo -O -sanitize=fuzzer,address -use-ld=lld -swift-version 6 -package-name parley \
        -enable-upcoming-feature ExistentialAny -enable-upcoming-feature MemberImportVisibility \
        -enable-upcoming-feature InternalImportsByDefault -warnings-as-errors -I "$build" "$@"
}

build_wire() {
    mkdir -p "$build"
    find "$root/Sources/Wire" -name '*.swift' | sort >"$build/Wire.sources"
    compile -emit-module -emit-library -static -module-name Wire -o "$build/libWire.a" "@$build/Wire.sources"
}

build_target() {
    compile -module-name "$1" -o "$build/$1" "$here/Targets/Entry.swift" "$here/Targets/$1.swift" \
        -L "$build" -lWire
}

replay() {
    build_target "$1"
    inputs=$(find "$here/Corpus/$1" "$here/FailCases/$1" -type f 2>/dev/null | sort)
    # shellcheck disable=SC2086
    "$build/$1" -timeout=10 $inputs >"$build/$1.log" 2>&1 || { cat "$build/$1.log"; exit 1; }
    echo "$1: $(echo "$inputs" | wc -l) inputs replayed"
}

target=${1:?"usage: Fuzz/run.sh TARGET [replay | libFuzzer arguments]"}
shift
build_wire
if [ "$target" = all ]; then
    for each in FuzzRTP FuzzRTCP FuzzDCEP FuzzSDP; do replay "$each"; done
elif [ "${1:-}" = replay ]; then
    replay "$target"
else
    build_target "$target"
    mkdir -p "$build/found/$target"
    exec "$build/$target" -artifact_prefix="$build/" "$@" "$build/found/$target" "$here/Corpus/$target"
fi
