.DEFAULT_GOAL := help
.PHONY: help install test quick-test system-test ci-test docker-test force-test contract mutants reds chaos bench check format lint pack doctor clean clean-all

# Further words for what a target runs: make test ARGS=metrics, make quick-test ARGS='--only redis'
ARGS ?=

# For mutants: in which mode, which faults (parts of their names, with commas), how many at a time
MODE ?= quick
ONLY ?=
JOBS ?= 2

# For chaos: how often, what is done (kill, int, term, hup, script, watchdog, all), which moments
N ?= 10
KIND ?= kill,int,term
SEED ?=

help: ## shows this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: ## installs what is missing, says what, starts no daemon
	@scripts/install.mts

test: install check ## sets up, checks, and passes the project's own tests
	@scripts/test.mts $(ARGS)

quick-test: install ## every promise in seconds, beside whatever runs on the default ports
	@./system_test.mts --quick $(ARGS)

system-test: install ## the main job: full mode, with Redis, gunicorn and Prometheus of its own
	@./system_test.mts --full $(ARGS)

ci-test: install ## full mode for CI: a deadline, no colours, no skips that were not allowed
	@./system_test.mts --ci $(ARGS)

docker-test: ## the same as in CI, in a container that is built here, beside a Redis of its own; needs Docker and nothing else
	@./system_test.mts --docker --ci $(ARGS)

force-test: install ## full mode that first frees the application's ports
	@./system_test.mts --full --force $(ARGS)

contract: ## which promises the last results have proven, row by row
	@scripts/contract.mts $(ARGS)

mutants: install ## the main job against the system with one thing wrong in it, fault by fault: MODE=quick|full ONLY=… JOBS=2
	@scripts/mutants.mts --mode $(MODE) --only '$(ONLY)' --jobs $(JOBS) $(ARGS)

reds: install ## breaks this project itself, one thing at a time, and says which tests stay green: ARGS=GUN-028
	@scripts/reds.mts $(ARGS)

chaos: install ## ends quick runs at random moments and looks at what is left: N=10 KIND=kill,int,term SEED=…
	@scripts/chaos.mts --times $(N) --kind $(KIND) $(if $(SEED),--seed $(SEED)) $(ARGS)

bench: install ## measures; the table is in docs
	@scripts/node bench/run.mts $(ARGS)

check: ## types, lint, format, boundaries, style, waits, docs
	@scripts/check.mts

format: ## formats everything
	@scripts/node node_modules/.bin/biome check --write .

lint: ## lint and format, changing nothing
	@scripts/node node_modules/.bin/biome check .

pack: ## the tarball that npm publishes
	@npm pack

doctor: ## what is there, which version, what is missing and how to get it
	@scripts/doctor.mts

clean: ## ends what our runs left running, removes what they made
	@scripts/clean.mts

clean-all: ## also removes what was installed into this folder
	@scripts/clean.mts --all
