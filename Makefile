# make demo   the main job: a signed record, a badge in a paper, its PDF, a word one can rely on
# make test   everything that is tested: style, types, all tests
# make bench  the speed of the core and of the LaTeX package, as ratios to what is measured beside them
# make matrix   the LaTeX package in every class on every engine (hours; 2 GB of TeX); with TEXLIVE=2024 in a chroot
# The first two do their own set-up on a fresh Debian 12 machine; the second time it takes a second.

PYTHON ?= python3
BIN := .venv/bin
.DELETE_ON_ERROR:
.PHONY: bench demo test lint tests matrix l3build l3build-save examples system clean help

help:
	@sed -n 's/^# //p' Makefile

bench: .venv/installed
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[bench]'
	$(BIN)/python -m tests.bench.core
	@.ci/install-system matrix
	$(BIN)/python -m tests.bench.latex

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

# The LaTeX package's own tests, on each way to a PDF; the second writes what they are to give, to be read before a commit.
l3build:
	@.ci/install-system test
	cd latex && l3build check

l3build-save:
	@.ci/install-system test
	cd latex && l3build save $(sort $(notdir $(basename $(wildcard latex/testfiles/*.[lp]vt))))

# TEXLIVE=2024 takes another TeX Live, in a chroot below build/ or in the directory TEXLIVE_DIR, and needs root.
matrix: .venv/installed
	@[ -n "$(TEXLIVE)" ] || .ci/install-system matrix
	$(BIN)/python -m tests.matrix --jobs $(or $(JOBS),2) $(if $(TEXLIVE),--texlive $(TEXLIVE)) \
	    $(if $(TEXLIVE_DIR),--root $(TEXLIVE_DIR))

# Writes the files in examples/ that are made by this project: each pith.sty, and the compiled papers.
examples: .venv/installed
	@.ci/install-system test
	examples/build.sh

.venv/installed: pyproject.toml latex/pith.sty
	@.ci/install-python $(PYTHON)
	@touch $@

clean:
	rm -rf .venv build latex/build .mypy_cache .pytest_cache .ruff_cache .hypothesis
