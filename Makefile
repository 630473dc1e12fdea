# Everything a newcomer runs. `make help` lists the targets.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
UV     := $(BIN)/uv
STAMP  := $(VENV)/.synced

CORPUS ?=
INPUT  ?= samples
RUN    ?= runs/samples
JOBS   ?= 2

.DEFAULT_GOAL := help
.PHONY: help setup demo test check lint types imports bench corpus-check train evaluate promote classify export report lock clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-13s %s\n", $$1, $$2}'

setup: $(STAMP) ## Create .venv with the pinned versions and install the command trucot into it

$(STAMP): requirements/dev.txt requirements/uv.txt pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	$(UV) pip sync --quiet --python $(BIN)/python --require-hashes requirements/uv.txt requirements/dev.txt
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	touch $@

lock: ## Renew the lock files in requirements/ from pyproject.toml (needs make setup once)
	$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header --extra audit --extra excel --extra plots --extra sql --group dev pyproject.toml -o requirements/dev.txt
	$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header pyproject.toml -o requirements/run.txt

lint: setup ## Style of the code (ruff)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup ## Types, tests and scripts included (mypy --strict)
	$(BIN)/mypy

imports: setup ## Stages flow one way (import-linter)
	$(BIN)/lint-imports

clean: ## Remove what the other targets built, but not .venv
	rm -rf runs build dist .pytest_cache .mypy_cache .ruff_cache .coverage* htmlcov
	find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +
