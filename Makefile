# Everything that is done to this project, by name. `make help` lists it.
#
# The release build lies in .build/release, the test build in .build/debug: neither disturbs the other.

PREFIX ?= /usr/local
DESTDIR ?=
FUZZ_SECONDS ?= 60
FUZZ_SEED ?= 0
TEST_SECONDS ?= 1800
# Series of each kind that `make steady` simulates.
STEADY_SERIES ?= 2000

BINARY := .build/release/ailogger
SHARE := $(DESTDIR)$(PREFIX)/share/ailogger
SHELLS := bash zsh fish

# Names of Debian packages: to fetch the dependencies, to link, and for the tests to make their inputs.
PACKAGES := git ca-certificates pkg-config liblua5.4-dev libpcre2-dev libmd-dev zlib1g-dev libzstd-dev \
	libbz2-dev liblzma-dev liblz4-dev gzip zstd bzip2 xz-utils lz4 tar zip tmux
# What the tests of the HTML report need besides: a browser, letters to show, and what checks JSON.
BROWSER_PACKAGES := chromium fonts-dejavu-core python3 python3-pip python3-jsonschema
AXE := .build/axe/axe_playwright_python/axe.min.js

# Every import of a module that Package.swift doesn't name is an error: it keeps ARCHITECTURE.md's drawing true.
IMPORT_CHECK := --explicit-target-dependency-import-check error
RELEASE_FLAGS := -c release --product ailogger $(IMPORT_CHECK) --static-swift-stdlib \
	-Xswiftc -enforce-exclusivity=unchecked

# Lua from the archive where there is one: each call into a shared library goes through a table, which takes a parser
# a tenth of its time. All of it, as LPeg finds Lua's functions in the binary.
LUA_ARCHIVE := $(wildcard $(shell pkg-config --variable=libdir lua5.4 2>/dev/null)/liblua5.4.a)
RELEASE_FLAGS += $(if $(LUA_ARCHIVE),-Xlinker --as-needed -Xlinker --whole-archive -Xlinker $(LUA_ARCHIVE) \
	-Xlinker --no-whole-archive)

# What a release build depends on, folders included for the files that go: while none of it is newer than the
# binary, swift isn't even asked.
SOURCES := Makefile Package.swift $(wildcard Package.resolved) $(shell find Sources)

SWIFT_FILES := Package.swift $(wildcard Sources Tests Benchmarks)
FUZZERS := $(basename $(notdir $(wildcard Tests/Fuzz/*.swift)))
FEATURES := ExistentialAny MemberImportVisibility InternalImportsByDefault NonisolatedNonsendingByDefault
CORE := $(shell find Sources/LogCore -name '*.swift')

# A crash in a test ends at once instead of waiting minutes for symbols.
export SWIFT_BACKTRACE := enable=no

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup build demo test steady install completions bench allocations format lint sanitize fuzz clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Install the Debian packages that are missing (apt; sudo unless root), nothing if none is
	@if ! command -v dpkg-query >/dev/null; then \
		echo "setup: this is no Debian, install what these packages hold: $(PACKAGES)"; exit 0; \
	fi; \
	present=$$(dpkg-query -W -f '$${Package} $${db:Status-Status}\n' $(PACKAGES) 2>/dev/null); \
	missing=; \
	for package in $(PACKAGES); do \
		case "$$present" in *"$$package installed"*) ;; *) missing="$$missing $$package" ;; esac; \
	done; \
	[ -n "$$missing" ] || exit 0; \
	sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	echo "setup: installing$$missing"; \
	$$sudo apt-get update -q && \
	$$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $$missing

build: $(BINARY) ## Build the release binary and say where it is
	@echo "built: $(BINARY)"

# The binary is as old as the sources that it was built from: what is changed meanwhile is newer.
$(BINARY): $(SOURCES) | setup
	@mkdir -p .build && touch .build/began
	swift build $(RELEASE_FLAGS)
	@touch -r .build/began $@

demo: $(BINARY) ## Build if needed and analyze samples/
	@$(BINARY) analyze samples/

test: PACKAGES += $(BROWSER_PACKAGES)
test: $(BINARY) $(AXE) ## Run every test; the end-to-end ones on the release binary
	timeout $(TEST_SECONDS) swift test --parallel $(IMPORT_CHECK)

steady: | setup ## Simulate STEADY_SERIES (2000) steady series of each kind and print how often something is told of them
	STEADY_SERIES=$(STEADY_SERIES) timeout $(TEST_SECONDS) swift test --disable-xctest --filter SteadyTests

# Debian has no package of it; where it can't be fetched, the tests leave out what it checks and say so.
$(AXE): Tests/Browser/requirements.txt | setup
	@rm -rf .build/axe
	@/usr/bin/python3 -m pip install --quiet --no-deps --no-compile --disable-pip-version-check \
		--root-user-action ignore --require-hashes --target .build/axe -r $< \
		|| echo "setup: axe-core could not be fetched: accessibility will not be checked"

install: $(BINARY) completions ## Install under PREFIX (/usr/local): bin, share/ailogger, completions; DESTDIR for packagers
	install -d $(DESTDIR)$(PREFIX)/bin $(SHARE)
	install -m 755 $(BINARY) $(DESTDIR)$(PREFIX)/bin/ailogger
	rm -rf $(SHARE)/rules $(SHARE)/formats $(SHARE)/plugins
	cp -R rules formats plugins $(SHARE)/
	chmod -R u=rwX,go=rX $(SHARE)
	install -D -m 644 .build/completions/ailogger.bash $(DESTDIR)$(PREFIX)/share/bash-completion/completions/ailogger
	install -D -m 644 .build/completions/ailogger.zsh $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_ailogger
	install -D -m 644 .build/completions/ailogger.fish $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/ailogger.fish

completions: $(SHELLS:%=.build/completions/ailogger.%) ## Write completions for bash, zsh and fish to .build/completions

.build/completions/ailogger.%: $(BINARY)
	@mkdir -p $(@D)
	@$(BINARY) --generate-completion-script $* > $@

bench: $(BINARY) ## Measure beside other tools on generated logs; BENCH_MB=50 BENCH_RUNS=1 for a quick look
	Benchmarks/run.sh

allocations: $(BINARY) ## Count allocations and rules' searches per 1,000 records against Benchmarks/allocations.threshold
	Benchmarks/allocations.sh

format: ## Format all Swift files in place
	swift format --in-place --parallel --recursive $(SWIFT_FILES)

lint: $(BINARY) ## Check the format of all Swift files, and all rules, formats and plugins with their tests
	swift format lint --strict --parallel --recursive $(SWIFT_FILES)
	$(BINARY) check

# A leak shows when the process ends, as an exit status that isn't 0. Undefined behaviour in C ends it with a trap: Swift's
# driver has no runtime for that sanitizer on Linux. Its own build: the others stay warm.
sanitize: | setup ## Run the tests of patterns and plugins under the address, leak and undefined-behaviour sanitizers
	ASAN_OPTIONS=detect_leaks=1 timeout $(TEST_SECONDS) swift test --sanitize=address --disable-xctest \
		-Xcc -fsanitize=undefined -Xcc -fsanitize-trap=undefined \
		--scratch-path .build/sanitize --filter 'LogLuaTests|LogPatternsTests'

fuzz: $(FUZZERS:%=.build/fuzz/%) ## Run each fuzz target for FUZZ_SECONDS (60), at random or from FUZZ_SEED
	@for target in $(FUZZERS); do \
		echo "fuzz: $$target for $(FUZZ_SECONDS) s"; \
		mkdir -p .build/fuzz/corpus/$$target; \
		timeout $$(($(FUZZ_SECONDS) + 120)) .build/fuzz/$$target -max_total_time=$(FUZZ_SECONDS) -seed=$(FUZZ_SEED) -timeout=10 \
			-rss_limit_mb=2048 -print_final_stats=1 -artifact_prefix=.build/fuzz/$$target- \
			.build/fuzz/corpus/$$target 2> .build/fuzz/$$target.log \
			|| { tail -n 60 .build/fuzz/$$target.log; echo "fuzz: $$target failed, see .build/fuzz"; exit 1; }; \
		grep -E 'number_of_executed_units|peak_rss_mb' .build/fuzz/$$target.log; \
	done

# The core and the target as one module: the target reaches what is internal, and all of it is instrumented.
.build/fuzz/%: Tests/Fuzz/%.swift $(CORE) $(wildcard Sources/CBytes/*)
	@mkdir -p $(@D)
	timeout 900 swiftc -O -use-ld=lld -sanitize=fuzzer,address -parse-as-library -swift-version 6 \
		$(FEATURES:%=-enable-upcoming-feature %) -package-name ailogger -module-name LogCoreFuzz -I Sources/CBytes \
		$(CORE) $< -o $@

clean: ## Remove all that was built
	rm -rf .build
