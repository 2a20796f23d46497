# make run       generate the reference package and use it on a sample backlog
# make test      all tests that need only Go
# make test-race the tests of what programs share between goroutines, with the race
#                detector; needs a C compiler
# make test-crash  real faults against the file store, and docs/reliability.md;
#                needs root, strace, mkfs.ext4 and mkfs.xfs
# make test-postgres  the tests that need a PostgreSQL server, which they start
#                themselves (apt-get install postgresql), with the race detector
#                where a C compiler is there
# make test-bench  that what make bench runs still works
# make cross     build for other systems and processors, vet with the tests where
#                the code is different, and run the tests of the core as 32-bit
#                programs (where the kernel takes none: apt-get install qemu-user)
# make fuzz      each fuzz target for FUZZTIME, 60s
# make generate  bring all generated files up to date
# make lint      formatting, vet, staticcheck, stale generated files, go.mod
# make test-browser  open the HTML reference in Chromium (apt-get install chromium)
# make bench     measure beside the peers, and write docs/benchmarks.md and .svg;
#                fails where a figure is missed that was reached before
# make bench-short  counts exactly what an update and a flush take, and times
#                loosely: fails where a cost has doubled
#
# Only Go is needed; .ci/run calls the same targets.

GO ?= go

# What is compiled does not depend on where the repository is. Tests that compile
# modules of their own do it in the same way, so that each package is compiled once.
# A test that hangs is ended, and none because the machine is slow or busy.
export GOFLAGS := $(GOFLAGS) -trimpath -timeout=1h

# The race detector needs cgo, and cgo needs a C compiler.
race := $(shell [ "$$($(GO) env CGO_ENABLED)" = 1 ] && command -v $$($(GO) env CC) >/dev/null && echo -race)

# What make test-race runs: packages, and tests of others, package:test|test. The
# other tests there have one goroutine, and would take long with the race detector.
raced := ./statemachine ./generated/backlog ./internal/atomicfile \
	./batching ./batching/filestore ./batching/session ./batching/internal/recovery
raced_tests := \
	document:TestManyLookAtAdditionsAtOnce|TestReadersOfOldSnapshots|TestWritersFromOneSnapshot|TestSnapshotsAreEncodedSideBySide|TestReadersAndAWriter|TestAdditionsToAnyVersion \
	gen/docs:TestDeterminism \
	cmd/backlog-gen:TestWatch.*|TestProgress.*|TestCommandsShowProgress

# staticcheck has a go.mod of its own, which keeps the main one short.
staticcheck := $(GO) tool -modfile=tools/go.mod staticcheck

# package:target, for make fuzz.
fuzz_targets := schema:FuzzParse schema:FuzzCanonical schema/infer:FuzzInfer schema/formats:FuzzRecognise \
	document/internal/jsontext:FuzzScan document:FuzzParse document:FuzzDecode document:FuzzApply document:FuzzUnmarshalChanges document:FuzzAcceptedTexts \
	gen:FuzzGenerate gen:FuzzGenerateTexts batching/filestore:FuzzRecoveryFile batching/session:FuzzCompareSections
FUZZTIME ?= 60s

# system/processor, for make cross: every system that people use, a processor of 32
# bits, and one that stores the high byte first.
platforms := windows/amd64 darwin/arm64 freebsd/amd64 linux/arm64 linux/386 linux/s390x
# Those that vet has to see: files of ours are for Linux, other Unix systems or
# Windows, never for a processor, and an int of 32 bits holds fewer constants.
vetted := windows/amd64 darwin/arm64 linux/386

.PHONY: run test test-race test-crash test-postgres test-browser test-bench cross fuzz generate lint bench bench-short

run:
	$(GO) generate ./generated/...
	$(GO) run ./examples/firstrun

# The heaps of tests are so small that the garbage collector would run all the time.
test test-race test-postgres: export GOGC = 400
# The race detector would let each program sleep for a second in the end.
test test-race test-postgres: export GORACE = atexit_sleep_ms=0

# Some tests make modules of their own without a network, and these may need more
# than a build leaves in the cache. Without a network now, the tests will tell.
# Lint vets more than go test would.
test: export POSTGRES_SKIP = 1
test:
	-$(GO) mod download
	@if [ -d ../shared/corpus ]; then echo "tests read real documents, too: ../shared/corpus is there"; \
		else echo "tests read documents of this repository only: there is no ../shared/corpus"; fi
	$(GO) test -vet=off ./...

# Where no goroutines are started, there is nothing for the race detector to find. A
# test in internal/readme looks for goroutines that these lists leave out; what needs
# a PostgreSQL server is in make test-postgres.
test-race:
	$(if $(race),,$(error the race detector needs a C compiler, and cgo))
	$(GO) test -race -vet=off $(raced)
	$(foreach tests,$(raced_tests),$(GO) test -race -vet=off \
		-run '^($(lastword $(subst :, ,$(tests))))$$' ./$(firstword $(subst :, ,$(tests))) &&) true

test-crash:
	figures=$$(mktemp) && RELIABILITY_FIGURES=$$figures $(GO) test -count=1 -p 1 -tags crash \
		./internal/atomicfile/... ./batching ./batching/filestore && \
	$(GO) run ./internal/reliability/report $$figures docs/reliability.md && rm $$figures

# A missing server fails the tests instead of skipping them.
test-postgres:
	POSTGRES_REQUIRED=1 $(GO) test $(race) -vet=off -count=1 ./batching/pgstore ./internal/pgtest
	POSTGRES_REQUIRED=1 $(GO) test $(race) -vet=off -count=1 -run 'Import|Export|Database|ExecMode' ./cmd/backlog-gen

# Where CI is set, a missing Chromium fails the tests instead of skipping them.
test-browser:
	cd internal/browsertest && $(GO) test ./...

# The programs measured beside ours are in a module that nothing else needs.
test-bench:
	cd internal/bench && $(GO) test ./...

# Vet type-checks the tests, too.
cross:
	@set -e; for platform in $(platforms); do \
		echo "$$platform"; export GOOS=$${platform%/*} GOARCH=$${platform#*/} CGO_ENABLED=0; \
		$(GO) build ./...; \
		case " $(vetted) " in *" $$platform "*) $(GO) vet ./... ;; esac; \
	done
	.ci/test386

# Two targets at a time, each with one worker. Finds are made small in a bounded
# number of steps: whole packages are built on the way, so that time alone would
# not do.
fuzz:
	@printf '%s\n' $(fuzz_targets) | xargs -P 2 -I TARGET sh -c 'target=TARGET; \
		$(GO) test -run "^$$" -fuzz "^$${target#*:}$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 20x -parallel 1 "./$${target%%:*}" >"$$0/$${target#*:}" 2>&1; \
		failed=$$?; echo "$$target"; tail -n 50 "$$0/$${target#*:}"; exit $$failed' "$$(mktemp -d)"

generate:
	$(GO) generate ./...

lint:
	@unformatted=$$(gofmt -l .); if [ -n "$$unformatted" ]; then echo "not gofmt-ed:"; echo "$$unformatted"; exit 1; fi
	$(GO) vet ./...
	$(staticcheck) ./...
	cd internal/bench && $(GO) vet ./... && $(GO) tool -modfile=../../tools/go.mod staticcheck ./... && $(GO) mod tidy -diff
	cd internal/browsertest && $(GO) vet ./... && $(GO) tool -modfile=../../tools/go.mod staticcheck ./... && $(GO) mod tidy -diff
	$(GO) mod tidy -diff
	.ci/stale

bench:
	cd internal/bench && $(GO) run . -out ../../docs

# Allocations, the live heap, syncs and bytes read are counted by tests.
bench-short:
	$(GO) test -count=1 -run 'Allocat|HeapStays|OperationsOf' ./document ./statemachine ./batching ./batching/filestore
	cd internal/bench && $(GO) run . -short
