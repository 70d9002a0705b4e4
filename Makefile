# make demo   the main job: a signed record, a badge in a paper, its PDF, a word one can rely on
# make test   everything that is tested: style, types, all tests
# make survival  what real programs leave of a badge, as a table: docs/survival.md
# make bench  the speed of the core and of check, as ratios to something measured in the same run
# The first two do their own set-up on a fresh Debian 12 machine; the second time it takes a second.

PYTHON ?= python3
BIN := .venv/bin
.DELETE_ON_ERROR:
.PHONY: bench demo survival test lint tests examples system clean help

help:
	@sed -n 's/^# //p' Makefile

bench: .venv/installed
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[bench]'
	$(BIN)/python -m tests.bench.core
	@.ci/install-system bench
	$(BIN)/python -m tests.bench.check

demo: .venv/installed
	@.ci/install-system demo
	@examples/demo.sh

# Takes some minutes, and installs what it needs: OCRmyPDF and LibreOffice among it.
survival: .venv/installed
	@.ci/install-system survival
	$(BIN)/python -m tests.survival

test: lint tests

lint: .venv/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

tests: .venv/installed
	@.ci/install-system test
	@.ci/install-npm
	$(BIN)/pytest -q -n auto

# Writes the files in examples/ that are made by this project: each pith.sty, and the compiled papers.
examples: .venv/installed
	@.ci/install-system test
	examples/build.sh

.venv/installed: pyproject.toml latex/pith.sty
	@.ci/install-python $(PYTHON)
	@touch $@

clean:
	rm -rf .venv build .mypy_cache .pytest_cache .ruff_cache .hypothesis
