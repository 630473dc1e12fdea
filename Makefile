# Everything a newcomer runs. `make help` lists the targets.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
UV     := $(BIN)/uv
STAMP  := $(VENV)/.synced

CORPUS ?=
INPUT  ?= samples
RUN    ?= runs/samples
GOLD   ?=
FORMAT ?= xlsx
OUTPUT ?= $(RUN).$(FORMAT)
JOBS   ?= 2
SECONDS ?= 300
NEWS   ?= $(wildcard corpus/articles/*.jsonl)

.DEFAULT_GOAL := help
.PHONY: help setup demo test torture fuzz check lint types imports bench corpus-check train evaluate promote classify export report lock clean tools-test loop-demo

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

check: lint types imports corpus-check test ## Everything that CI runs: lint, types, imports, corpus, tests

test: setup ## Set up and run the tests with coverage
	$(BIN)/python -m pytest -n $(JOBS) -m "not torture and not tools" --cov --cov-report=term

TORTURES = tests/ingest/test_hostile.py tests/runs/test_faults.py tests/test_fuzz.py tests/test_crashers.py

torture: setup ## Hostile inputs, kills, full disks, poison, fuzzing; prints what was lost (minutes)
	$(BIN)/python -m pytest -p tests.torture_table $(TORTURES)

fuzz: setup ## Look for crashes by coverage for SECONDS (Linux on x86-64 alone)
	$(UV) pip install --quiet --python $(BIN)/python --target .venv-fuzz --require-hashes -r requirements/fuzz.txt
	mkdir -p build/fuzz
	PYTHONPATH=.venv-fuzz $(BIN)/python -m tests.coverage_fuzzing -max_total_time=$(SECONDS) -max_len=4000 -artifact_prefix=build/fuzz/ build/fuzz/inputs

corpus-check: setup ## Check the labelled corpus and print its counts
	$(BIN)/trucot corpus check

train: setup ## Train the pillar classifier (CORPUS="file.jsonl …" adds labelled articles)
	$(BIN)/trucot train --jobs $(JOBS) $(foreach file,$(CORPUS),--corpus $(file))

evaluate: setup ## Score the newest model on the dev split (GOLD=file.jsonl scores it on yours)
	$(BIN)/trucot evaluate --jobs $(JOBS) $(if $(GOLD),--gold $(GOLD))

promote: setup ## Make the newest model the current one, unless it loses
	$(BIN)/trucot promote

models/current: | $(STAMP)
	$(BIN)/trucot train --jobs $(JOBS)
	$(BIN)/trucot promote

classify: setup models/current ## Classify INPUT="files or folders" into the folder RUN
	$(BIN)/trucot classify $(INPUT) --output $(RUN) --jobs $(JOBS)

demo: setup models/current ## Train, classify the sample articles, show what they hold
	$(BIN)/trucot classify samples --output $(RUN) --jobs $(JOBS) --fresh
	$(BIN)/trucot show $(RUN) --status target
	$(BIN)/trucot report $(RUN) --output $(RUN)/report.html

bench: setup models/current ## Measure speed on NEWS="file.jsonl ..." and write docs/benchmarks.md
	$(BIN)/python scripts/benchmark.py $(NEWS)

report: setup ## Write the page of the run RUN
	$(BIN)/trucot report $(RUN) --output $(RUN)/report.html

export: setup ## Export the run RUN as FORMAT to OUTPUT
	$(BIN)/trucot export $(RUN) --format $(FORMAT) --output $(OUTPUT)

TOOLS = tools label-studio doccano

tools-test: setup ## Load every export in the tool it is for (environments of their own, 2 GB)
	for tool in $(TOOLS); do \
		test -x .venv-$$tool/bin/python || $(PYTHON) -m venv --without-pip .venv-$$tool; \
		$(UV) pip sync --quiet --python .venv-$$tool/bin/python --require-hashes requirements/$$tool.txt; \
	done
	.venv-tools/bin/python -m pytest tests/exports/test_tools.py -m tools -W default

loop-demo: setup ## Classify, review, correct, import, train and promote, with figures before and after
	$(BIN)/python scripts/loop_demo.py
