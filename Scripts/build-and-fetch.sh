#!/usr/bin/env bash
# Builds parley for `make run`, and fetches its models while the compiler runs: a small program that only fetches is built
# first. Takes the flags of parley serve. That the models could not be fetched is no failure here: `parley models fetch`
# comes after the build and says why.
set -euo pipefail
cd "$(dirname "$0")/.."

built=.build/parley.built log=.build/models.log
if make --no-print-directory --question "$built"; then exit 0; fi

fetching=
# With all it started: it has a process group of its own.
stop() { [ -z "$fetching" ] || kill -- "-$fetching" 2>/dev/null || true; }
trap stop EXIT

swift build -c release -Xswiftc -enable-testing --product parley-fetch
setsid .build/release/parley-fetch "$@" >"$log" 2>&1 &
fetching=$!
make --no-print-directory "$built"
if kill -0 "$fetching" 2>/dev/null; then
    echo "==> the build is done, the models are not yet: $(tail -n 1 "$log")"
fi
wait "$fetching" || echo "==> the models are not all there: $(tail -n 1 "$log")"
fetching=
