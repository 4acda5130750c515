#!/bin/sh
# Builds and runs the fuzz targets of Sources/Wire and Sources/RealtimeProtocol with the toolchain's libFuzzer.
#
#   Fuzz/run.sh TARGET [libFuzzer arguments]   fuzz, starting from the target's corpus
#   Fuzz/run.sh TARGET replay                  run every committed input once
#   Fuzz/run.sh all replay                     the same for every target
#
# TARGET is FuzzRTP, FuzzRTCP, FuzzDCEP, FuzzSDP, FuzzJSON or FuzzClientEvent. New inputs and crashes go to the build folder (FUZZ_BUILD, else
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

# The one module of ours that a target tests.
module_of() {
    sed -n 's/^import //p' "$here/Targets/$1.swift"
}

build_module() {
    mkdir -p "$build"
    find "$root/Sources/$1" -name '*.swift' | sort >"$build/$1.sources"
    compile -emit-module -emit-library -static -module-name "$1" -o "$build/lib$1.a" "@$build/$1.sources"
}

build_target() {
    compile -module-name "$1" -o "$build/$1" "$here/Targets/Entry.swift" "$here/Targets/$1.swift" \
        -L "$build" "-l$(module_of "$1")" -lm
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
if [ "$target" = all ]; then
    for module in Wire RealtimeProtocol; do build_module "$module"; done
    for each in FuzzRTP FuzzRTCP FuzzDCEP FuzzSDP FuzzJSON FuzzClientEvent; do replay "$each"; done
elif [ "${1:-}" = replay ]; then
    build_module "$(module_of "$target")"
    replay "$target"
else
    build_module "$(module_of "$target")"
    build_target "$target"
    mkdir -p "$build/found/$target"
    exec "$build/$target" -artifact_prefix="$build/" "$@" "$build/found/$target" "$here/Corpus/$target"
fi
