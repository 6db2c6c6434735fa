# Every command of this house. `make` alone prints the list.
SHELL := /bin/bash
.DEFAULT_GOAL := help
# The suite starts hundreds of interpreters: each would compile everything it imports, where the environment forbids to keep it.
export PYTHONDONTWRITEBYTECODE :=
.PHONY: help up down setup test proxied check fix types shot bench chaos mutants synth lock

PYTHON ?= python3
BIN := .venv/bin
GROUPS := base worker local dev
NPM := frontends/npm
BUILDERS := frontends/node_modules/.builders
TOOLS := frontends/node_modules/.tools
PAGES := frontends/haiku/dist/index.html
PAGE_SOURCES := $(shell find frontends \( -name node_modules -o -name dist \) -prune -o -type f -print)
LOCKS := $(GROUPS:%=requirements/%.txt)
INSTALLED := .venv/installed
TOPOLOGY := .venv/topology
EMULATOR := .venv/emulated/installed
IMAGES := .venv/images/installed
UV := UV_PYTHON_DOWNLOADS=never $(BIN)/uv --quiet
T ?= tests
SEED ?= 1
DURATION ?= 60
P ?= tests/core/db tests/core/test_sweeper.py tests/workers tests/journeys --ignore=tests/workers/providers \
  --ignore=tests/journeys/test_restart.py --ignore=tests/journeys/test_scaling.py --ignore=tests/journeys/test_traces.py
ARGS ?=
# Much of the suite waits for servers: as many processes as there are cores, each with servers of its own.
ABREAST := --numprocesses auto --maxprocesses 4 --dist worksteal

help: ## print this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

up: $(INSTALLED) $(if $(findstring --no-frontends,$(ARGS)),,$(PAGES)) ## start everything on embedded parts (ARGS="--port 9000" passes options on)
	@exec $(BIN)/kotonoha up $(ARGS)

down: $(INSTALLED) ## stop what `make up` left running
	@$(BIN)/kotonoha down $(ARGS)

setup: $(INSTALLED) $(if $(findstring --no-frontends,$(ARGS)),,$(PAGES)) ## install what is missing, by hash, into .venv

test: $(INSTALLED) $(TOPOLOGY) $(EMULATOR) $(IMAGES) $(TOOLS) $(PAGES) ## all tests, on a real PostgreSQL and Valkey (T=path for some)
	$(BIN)/pytest $(ABREAST) $(T)

proxied: $(INSTALLED) ## the tests that speak SQL, and the journeys, through PgBouncer as behind RDS Proxy (P=path for some)
	$(BIN)/pytest --proxied $(P)

check: $(INSTALLED) $(TOPOLOGY) $(TOOLS) ## style, types, import rules, migrations, images, OpenAPI and its TypeScript client in sync
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --num-workers auto
	$(BIN)/lint-imports
	$(BIN)/squawk core/db/migrations/*.sql
	$(BIN)/hadolint docker/Dockerfile
	$(BIN)/python -m api.openapi_file --check
	$(NPM) run --silent check

fix: $(INSTALLED) $(TOOLS) ## everything a machine can fix
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/python -m api.openapi_file
	$(NPM) run --silent types
	$(NPM) run --silent fix

types: $(INSTALLED) $(TOOLS) ## write api/openapi.json, and the TypeScript client that is generated from it
	$(BIN)/python -m api.openapi_file
	$(NPM) run --silent types

shot: $(INSTALLED) $(TOOLS) $(PAGES) ## photograph every state of the pages into shots/
	@$(BIN)/python -m tests.frontends shots

bench: $(INSTALLED) ## measure, and write BENCHMARKS.md
	$(BIN)/python -m tests.benchmarks $(ARGS)

mutants: $(INSTALLED) ## break each rule of the protocol once; tests must notice (ARGS="--only epoch" for some)
	$(BIN)/python -m tests.mutations $(ARGS)

synth: $(TOPOLOGY) ## the AWS topology as CloudFormation templates, judged, in build/cloud (ARGS=dev for that profile)
	$(BIN)/python -m infra_cdk.app $(ARGS)
	$(BIN)/python -m infra_cdk.cost

lock: $(INSTALLED) ## resolve every dependency group anew, with hashes
	$(UV) pip compile --generate-hashes --universal --no-header --no-annotate -o requirements/base.txt pyproject.toml
	$(UV) pip compile --generate-hashes --universal --no-header --no-annotate -c requirements/base.txt --group worker -o requirements/worker.txt
	$(UV) pip compile --generate-hashes --universal --no-header --no-annotate -c requirements/base.txt -c requirements/worker.txt --group local -o requirements/local.txt
	$(UV) pip compile --generate-hashes --universal --no-header --no-annotate -c requirements/base.txt -c requirements/worker.txt -c requirements/local.txt --group dev -o requirements/dev.txt
	$(UV) pip compile --generate-hashes --universal --no-header --no-annotate -c requirements/base.txt --group node -o requirements/node.txt
	$(UV) pip compile --generate-hashes --universal --no-header --no-annotate $(GROUPS:%=-c requirements/%.txt) -c requirements/node.txt --group infra -o requirements/infra.txt
	$(UV) pip compile --generate-hashes --universal --no-header --no-annotate $(GROUPS:%=-c requirements/%.txt) --group streamlit -o requirements/streamlit.txt
	$(UV) pip compile --generate-hashes --universal --no-header --no-annotate --group emulator -o requirements/emulator.txt

$(INSTALLED): pyproject.toml requirements/uv.txt $(LOCKS)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Kotonoha needs Python 3.11 or newer; name one with: make PYTHON=python3.12 …"; exit 1; }
	@echo "Installing into .venv (the first time takes about half a minute) …"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv \
	  || { echo "Python's venv module is missing; on Debian: apt-get install python3-venv"; rm -rf .venv; exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip --upgrade >/dev/null
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/uv.txt
	@$(UV) pip install --require-hashes $(LOCKS:%=-r %)
	@$(UV) pip install --no-deps --no-build-isolation -e .
	@touch $@

# Half a gigabyte that only `make synth`, `make check` and `make test` want.
$(TOPOLOGY): requirements/infra.txt | $(INSTALLED)
	@echo "Installing what synthesises and judges the AWS topology …"
	@$(UV) pip install --require-hashes -r requirements/infra.txt
	@touch $@

$(EMULATOR): requirements/emulator.txt | $(INSTALLED)
	@$(PYTHON) -m venv .venv/emulated
	@$(UV) pip install --python .venv/emulated/bin/python --require-hashes -r requirements/emulator.txt
	@touch $@

# What each image is to hold and nothing else: there its command is tried.
$(IMAGES): requirements/base.txt requirements/worker.txt requirements/streamlit.txt | $(INSTALLED)
	@echo "Installing what the images hold, each apart …"
	@for image in api worker streamlit; do $(PYTHON) -m venv .venv/images/$$image || exit 1; done
	@$(UV) pip install --python .venv/images/api/bin/python --require-hashes -r requirements/base.txt
	@$(UV) pip install --python .venv/images/worker/bin/python --require-hashes -r requirements/base.txt -r requirements/worker.txt
	@$(UV) pip install --python .venv/images/streamlit/bin/python --require-hashes -r requirements/streamlit.txt
	@touch $@

$(BUILDERS): frontends/package-lock.json | $(INSTALLED)
	@echo "Installing what builds the pages …"
	@$(NPM) ci --silent --omit=dev
	@touch $@

$(TOOLS): frontends/package-lock.json | $(INSTALLED)
	@echo "Installing what builds, checks and tests the pages …"
	@$(NPM) ci --silent
	@touch $(BUILDERS) $@

$(PAGES): $(PAGE_SOURCES) | $(INSTALLED) $(BUILDERS)
	@echo "Building the pages …"
	@SECONDS=0; $(NPM) run --silent build && echo "Built in $$SECONDS s."
	@touch $@

chaos: $(INSTALLED) ## kill things and count outcomes (SEED=1 DURATION=60; one JSON line, exits non-zero when a promise broke)
	@$(BIN)/python -m tests.chaos --seed $(SEED) --duration $(DURATION)
