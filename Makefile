# Parley's commands. `make run` and `make test` need nothing but the Swift toolchain; the rest they install or say.
SHELL := /bin/bash
# One build serves the product, the tests, the interop runs and the benchmarks.
BUILD := swift build -c release -Xswiftc -enable-testing
TEST := swift test -c release -Xswiftc -enable-testing --skip-build
# Suites that own SCTP, on virtual time or with real peers: usrsctp belongs to the whole process, so they get one of their own;
# real models, which take a core for a while and are skipped, in words, where they are not fetched; and the explorer, which
# takes both cores for a minute, so that what has a deadline beside it would miss that.
ALONE := PeerPairTests SpokenCallTests LocalEngineTests QualityModelTests ExplorerTests
ARGS ?=
# Newer than every source when the product is built: `swift build` takes a quarter of a minute to find that nothing changed.
BUILT := .build/parley.built

.PHONY: run models converse impair engines console test conformance interop load bench bench-turns fuzz sanitize format certs clean

run:
	@echo "==> 1/5 system packages (at most 5 minutes, at once when they are there)"
	@Scripts/setup.sh run
	@echo "==> 2/5 certificates (1 second)"
	@Certs/make-certificates.sh
	@echo "==> 3/5 release build (about 15 minutes the first time on two cores, then seconds), and beside it the models:"
	@echo "        600 MB to download and llama.cpp to compile; what they say is in .build/models.log"
	@Scripts/build-and-fetch.sh $(ARGS)
	@echo "==> 4/5 models (what is still missing, at most 5 minutes; a second when nothing is)"
	@.build/release/parley models fetch $(ARGS) || echo "==> without all models Parley answers from a script"
	@echo "==> 5/5 parley serve $(ARGS) (stop it with Ctrl-C)"
	@exec .build/release/parley serve $(ARGS)

$(BUILT): Package.swift $(shell find Sources -type f)
	@$(BUILD) --product parley
	@touch $@

models:
	@Scripts/setup.sh run
	@echo "==> release build, and beside it the models: 600 MB to download and llama.cpp to compile (about 15 minutes the first time)"
	@Scripts/build-and-fetch.sh $(ARGS)
	@.build/release/parley models fetch $(ARGS)

converse:
	@echo "==> 1/3 Chromium and Python packages (at most 5 minutes, at once when they are there)"
	@Scripts/setup.sh converse
	@echo "==> 2/3 release build and models"
	@$(BUILD) --product parley
	@.build/release/parley models fetch
	@echo "==> 3/3 conversations with the embedded engine (ARGS=--short: 4 minutes; in full it writes docs/conversation.md)"
	@.venv/bin/python Tests/Converse/run.py $(ARGS)

impair:
	@echo "==> 1/3 Chromium and Python packages (at most 5 minutes, at once when they are there)"
	@Scripts/setup.sh impair
	@echo "==> 2/3 release build and models"
	@$(BUILD) --product parley
	@.build/release/parley models fetch
	@echo "==> 3/3 calls through bad networks (ARGS=--short: 3 minutes; in full an hour, and it writes docs/networks.md)"
	@.venv/bin/python Tests/Impair/run.py $(ARGS)

engines:
	@echo "==> 1/3 system and Python packages (at most 10 minutes, at once when they are there)"
	@Scripts/setup.sh engines
	@echo "==> 2/3 release build and models"
	@$(BUILD) --product parley
	@.build/release/parley models fetch
	@.build/release/parley models fetch --only kokoro-int8
	@echo "==> 3/3 conversations with engines elsewhere (ARGS='--only NAME' for one part); writes docs/engines-measured.md"
	@.venv/bin/python Tests/Converse/run.py --engines $(ARGS)

console:
	@echo "==> 1/3 browsers and Python packages (at most 10 minutes, at once when they are there)"
	@Scripts/setup.sh console
	@echo "==> 2/3 release build"
	@$(BUILD) --product parley
	@echo "==> 3/3 the console in Chromium and Firefox (about 5 minutes; ARGS=--short: 3, without models)"
	@.venv/bin/python Tests/Console/run.py $(ARGS)

test:
	@echo "==> 1/4 system packages (at most 5 minutes, at once when they are there)"
	@Scripts/setup.sh test
	@echo "==> 2/4 release build with tests (about 20 minutes the first time on two cores, then a minute)"
	@$(BUILD) --build-tests
	@echo "==> 3/4 tests (about 2 minutes)"
	@$(TEST) $(addprefix --skip ,$(ALONE))
	@echo "==> 4/4 tests in a process of their own: $(ALONE), then the soak (about 3 minutes)"
	@for suite in $(ALONE); do EXPLORER_SEQUENCES=100000 $(TEST) --filter $$suite || exit 1; done
	@$(BUILD) --product peer-bench
	@.build/release/peer-bench soak

conformance:
	@echo "==> 1/3 Python packages (at most 5 minutes, at once when they are there)"
	@Scripts/setup.sh conformance
	@echo "==> 2/3 release build"
	@$(BUILD) --product parley
	@echo "==> 3/3 clients against a running gateway (about 2 minutes); writes docs/conformance.md"
	@.venv/bin/python Tests/Conformance/run.py $(ARGS)

interop:
	@echo "==> browsers, servers and Python packages (at most 10 minutes, at once when they are there)"
	@Scripts/setup.sh interop
	@Certs/make-certificates.sh
	@$(BUILD) --product parley
	@echo "==> clients against a running gateway (about 5 minutes)"
	@.venv/bin/python Tests/Interop/run.py $(ARGS)

load:
	@Scripts/setup.sh run
	@$(BUILD) --product parley
	@echo "==> loads on a running gateway (ARGS=--short: half a minute; in full 25 minutes, on quiet cores; ARGS='--only NAME' for one)"
	@python3 Benchmarks/Load/run.py $(ARGS)

bench:
	@echo "==> 1/3 rivals and Python packages (at most 10 minutes, at once when they are there; what cannot be had is said)"
	@Scripts/setup.sh bench
	@echo "==> 2/3 release build"
	@$(BUILD) --product parley
	@$(BUILD) --product peer-bench
	@$(BUILD) --product turn-bench
	@echo "==> 3/3 the bars (a quarter of an hour, on quiet cores; ARGS='--only NAME' for one part); writes docs/performance.md"
	@python3 Benchmarks/run.py $(ARGS)

bench-turns:
	@Scripts/setup.sh run
	@$(BUILD) --product turn-bench
	@.build/release/turn-bench --output docs/turn-taking.md $(ARGS)

fuzz:
	@Fuzz/run.sh $(ARGS)

sanitize:
	@Scripts/sanitize.sh

format:
	@swift format -i -r Package.swift Sources Tests Benchmarks Fuzz

certs:
	@Certs/make-certificates.sh $(ARGS)

clean:
	@rm -rf .build .venv
