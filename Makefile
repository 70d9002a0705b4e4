# make demo   the main job: a signed record, a badge in a paper, its PDF, a word one can rely on
# make test   everything that is tested: style, types, all tests
# make bench  the speed of the core, as ratios to a floor measured in the same run
# make manual make ctan   latex/pith-doc.pdf, the LaTeX package's manual; latex/pith-ctan.zip, its upload for CTAN
# The first two do their own set-up on a fresh Debian 12 machine; the second time it takes a second.

PYTHON ?= python3
BIN := .venv/bin
.DELETE_ON_ERROR:
.PHONY: bench demo test lint tests sty manual ctan examples system clean help

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

# Writes latex/pith.sty from its documented source.
sty:
	@.ci/install-system demo
	cd latex && tex -interaction=batchmode pith.ins && rm -f pith.log

# Typesets the manual of the LaTeX package: latex/pith-doc.pdf.
manual:
	@.ci/install-system manual
	cd latex && l3build doc

# Writes latex/pith-ctan.zip: what CTAN takes, after the package's own checks.
ctan:
	@.ci/install-system manual
	cd latex && l3build ctan
	.ci/check-ctan latex/pith-ctan.zip

# Writes the files in examples/ that are made by this project: each pith.sty, and the compiled papers.
examples: .venv/installed sty
	@.ci/install-system test
	examples/build.sh

.venv/installed: pyproject.toml latex/pith.sty
	@.ci/install-python $(PYTHON)
	@touch $@

clean:
	rm -rf .venv build .mypy_cache .pytest_cache .ruff_cache .hypothesis
