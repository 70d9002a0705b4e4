# make demo   the main job: a signed record, a badge in a paper, its PDF, a word one can rely on
# make test   everything that is tested: style, types, all tests
# make bench  the speed of the core, as ratios to a floor measured in the same run
# make forgeries  forged PDFs (docs/forgeries.md) into build/forgeries, for a look with other tools
# make fuzz         10,000 mutants of real PDFs; make fuzz-atheris: ten minutes of coverage-guided ones
# The first two do their own set-up on a fresh Debian 12 machine; the second time it takes a second.

PYTHON ?= python3
BIN := .venv/bin
.DELETE_ON_ERROR:
.PHONY: bench demo test lint tests examples forgeries fuzz fuzz-atheris system clean help

help:
	@sed -n 's/^# //p' Makefile

bench: .venv/installed
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[bench]'
	$(BIN)/python -m tests.bench.core

demo: .venv/installed
	@.ci/install-system demo
	@examples/demo.sh

test: lint tests

lint: .venv/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

tests: .venv/installed
	@.ci/install-system test
	$(BIN)/pytest -q -n auto

forgeries: .venv/installed
	@.ci/install-system test
	$(BIN)/python -m tests.forgeries.make build/forgeries

fuzz: .venv/installed
	@.ci/install-system test
	$(BIN)/python -m tests.fuzz.run 10000

fuzz-atheris: .venv/installed
	@.ci/install-system test
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[fuzz]'
	mkdir -p build/fuzz
	$(BIN)/python -m tests.fuzz.guided -max_total_time=600 -timeout=30 -rss_limit_mb=4096 \
		-artifact_prefix=build/fuzz/ build/fuzz/corpus

# Writes the files in examples/ that are made by this project: each pith.sty, and the compiled papers.
examples: .venv/installed
	@.ci/install-system test
	examples/build.sh

.venv/installed: pyproject.toml latex/pith.sty
	@.ci/install-python $(PYTHON)
	@touch $@

clean:
	rm -rf .venv build .mypy_cache .pytest_cache .ruff_cache .hypothesis
