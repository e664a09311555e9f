# Everything a newcomer, CI and a release need. `make help` explains each target.
.DEFAULT_GOAL := help
SHELL := /bin/bash

PYTHON ?= python3.13
VENV := .venv
UV := $(VENV)/bin/uv
BIN := $(VENV)/bin
LOCKS := requirements

# uv writes no download address into a lock; installation checks every file against its hash.
SYNC = $(UV) pip sync --quiet --require-hashes --compile-bytecode --python $(1)/bin/python $(LOCKS)/$(2).txt
COMPILE = $(UV) pip compile --quiet --universal --python-version 3.13 --generate-hashes --no-emit-index-url \
	--custom-compile-command "make lock" pyproject.toml

# All processors share these; the end-to-end tests share one embedded AWS instead.
PARALLEL := --numprocesses auto --dist worksteal

.PHONY: help env dev test check unit functional infra e2e chaos coverage iam-report format generate lock bench load clean

help:  ## Explain every target
	@grep -hE '^[a-z0-9 -]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 30

dev: env  ## Run the whole backend here, on the embedded AWS (Ctrl-C stops it)
	@$(BIN)/sitewire dev

test: env  ## Run every test tier: unit, functional, infra, e2e, chaos (its small size)
	@$(BIN)/python -m pytest tests/e2e
	@$(BIN)/python -m pytest tests/chaos
	@$(BIN)/python -m pytest $(PARALLEL) tests/unit tests/functional tests/infra

check: env  ## Lint, formatting, types and import rules
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports

unit functional infra: env  ## Run one test tier
	@$(BIN)/python -m pytest $(PARALLEL) tests/$@

e2e: env  ## Run the tests of the whole product on the embedded AWS
	@$(BIN)/python -m pytest tests/e2e

chaos: env  ## Show that nothing is lost and nothing happens twice, at large (SEED=7: another run; CHAOS=small: a short one)
	@CHAOS_SIZE=$(or $(CHAOS),large) CHAOS_SEED=$(SEED) $(BIN)/python -m pytest --timeout 3600 tests/chaos

coverage: env  ## Run every test tier and show the lines that none of them reached
	@$(BIN)/python -m pytest tests --cov --cov-report=term:skip-covered

iam-report: env  ## Show what each role is granted and what the e2e tests used of it
	@$(BIN)/python -m pytest tests/e2e && cat .sitewire/iam-report.md

format: env  ## Format the code and apply safe lint fixes
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

generate: env  ## Write the generated documents again (CLI, API, functions, IAM, settings)
	@$(BIN)/python -m cli.docs

bench: env  ## Measure the ingest functions, the authorizer and analytics beside the usual way of each
	@$(BIN)/python -m load.bench_ingest
	@$(BIN)/python -m load.bench_authorizer
	@$(BIN)/python -m load.bench_analytics

load: env  ## Send a site's traffic to the running stage for a minute (API_URL=... for another one)
	@$(BIN)/locust --locustfile load/locustfile.py --headless --users 20 --spawn-rate 5 --run-time 1m --only-summary

lock: $(VENV)/bin/uv  ## Compile pyproject.toml's dependency groups into hashed requirement files
	@$(COMPILE) --group dev -o $(LOCKS)/dev.txt $(UPGRADE)
	@for group in layer-ingest layer-backend layer-agents layer-tokens bootstrap; do \
		$(COMPILE) --group $$group -c $(LOCKS)/dev.txt -o $(LOCKS)/$$group.txt || exit 1; done
	@for group in emulator awscli; do $(COMPILE) --group $$group -o $(LOCKS)/$$group.txt $(UPGRADE) || exit 1; done

clean:  ## Remove environments, builds and local state
	@if [ -x $(BIN)/sitewire ]; then $(BIN)/sitewire down >/dev/null 2>&1 || true; fi
	rm -rf .venv .venv-emulator .venv-awscli .sitewire .mypy_cache .pytest_cache .ruff_cache .hypothesis

env: $(VENV)/.ready .venv-emulator/.ready .venv-awscli/.ready  ## Install everything into the repository

$(VENV)/bin/uv: $(LOCKS)/bootstrap.txt
	@command -v $(PYTHON) >/dev/null && $(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 13))' 2>/dev/null \
		|| { echo "Sitewire needs Python 3.13: install it, or say where it is with 'make PYTHON=/path/to/python3.13 ...'." >&2; exit 2; }
	@echo "Creating $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(LOCKS)/bootstrap.txt
	@touch $@

$(VENV)/.ready: $(VENV)/bin/uv $(LOCKS)/dev.txt pyproject.toml
	@echo "Installing the development environment"
	@$(call SYNC,$(VENV),dev)
	@$(UV) pip install --quiet --no-deps --no-build-isolation --python $(BIN)/python --editable .
	@touch $@

.venv-emulator/.ready .venv-awscli/.ready: .venv-%/.ready: $(LOCKS)/%.txt | $(VENV)/.ready
	@echo "Installing the $* environment"
	@$(UV) venv --quiet --allow-existing --python $(BIN)/python .venv-$*
	@$(call SYNC,.venv-$*,$*)
	@touch $@
