# Two commands do all the set-up: `make demo` and `make test`. `make` alone shows this help.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
FOLDER ?= demo-district
RESIDENTS ?= 60000
SEED ?= 1
PORT ?= 8080
WORKERS ?= auto
CODE := src tests scripts bench

.DEFAULT_GOAL := help
.PHONY: help demo test check fix bench peers docs lock browser postgres clean

help: ## Show what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: $(VENV)/.ready ## Set up, build a demo district, walk the road, serve it (RESIDENTS=60000 PORT=8080)
	@$(BIN)/wardkeeper demo --folder $(FOLDER) --residents $(RESIDENTS) --seed $(SEED) --port $(PORT)

test: $(VENV)/.ready ## Set up and run the tests that need no browser and no Postgres
	@$(BIN)/pytest -n $(WORKERS) --dist loadfile --cov --cov-report=term:skip-covered --cov-report=json:build/coverage.json
	@$(BIN)/python scripts/check_coverage.py build/coverage.json

check: $(VENV)/.ready ## Lint, types and contracts
	$(BIN)/ruff check $(CODE)
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/mypy
	$(BIN)/lint-imports

fix: $(VENV)/.ready ## Format, and mend what the linter can
	$(BIN)/ruff check --fix $(CODE)
	$(BIN)/ruff format $(CODE)

browser: $(VENV)/.ready ## Drive the pages in a real Chromium
	$(BIN)/pytest -m browser tests/functional

postgres: $(VENV)/.ready ## Hold the store to its promises on Postgres (WARDKEEPER_TEST_POSTGRES=postgresql://…)
	$(BIN)/pytest -m postgres tests/contract

bench: $(VENV)/.ready ## Measure the road, and linking beside its peers where they are set up
	$(BIN)/python bench/road.py
	$(BIN)/python bench/linkage.py

peers: .venv-peers/.ready ## Set up the tools that linking is measured beside, in an environment of their own

docs: $(VENV)/.ready ## Make the reference pages from the code
	$(BIN)/python scripts/build_docs.py

lock: ## Make the pins again (needs uv)
	cd requirements && for name in run test pack; do \
	  uv pip compile -q --universal --generate-hashes --no-emit-index-url --python-version 3.11 \
	    --custom-compile-command "make lock" $$name.in -o $$name.txt; done
	cd bench/peers && uv pip compile -q --universal --generate-hashes --no-emit-index-url --python-version 3.11 \
	    --custom-compile-command "make lock" requirements.in -o requirements.txt

clean: ## Remove the environment and the demo
	rm -rf $(VENV) .venv-peers build demo-district

$(VENV)/bin/pip:
	@echo "Making the Python environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV)

# One environment serves both commands: the test pins hold the run pins (requirements/run.txt is for a server).
$(VENV)/.ready: requirements/test.txt pyproject.toml | $(VENV)/bin/pip
	@echo "Installing what Wardkeeper and its tests need (once)"
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements/test.txt
	@$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv-peers/.ready: bench/peers/requirements.txt
	@echo "Installing the tools to measure beside (once)"
	@$(PYTHON) -m venv .venv-peers
	@.venv-peers/bin/pip install -q --disable-pip-version-check --require-hashes -r bench/peers/requirements.txt
	@touch $@
