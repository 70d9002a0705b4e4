# make demo      the main job: a signed record, a badge in a paper, its PDF, a word one can rely on
# make test      everything that is tested: style, types, all tests
# make lint      style and types alone, of Python and of the browser's scripts
# make bench     speed, as ratios to something measured in the same run: docs/how-we-know/performance*.md
# make survival  what real programs leave of a badge, as a table: docs/how-we-know/survival.md
# make forgeries forged PDFs (docs/how-we-know/forgeries.md) into build/forgeries, for a look with other tools
# make coverage  the core's lines and branches, by the core's own tests: at least 98 %
# make fuzz      10,000 mutants of real PDFs, 5,000 command lines; make fuzz-atheris: ten minutes of coverage-guided ones
# make matrix    the LaTeX package in every class on every engine (hours; 2 GB of TeX); with TEXLIVE=2024 or 2026 in a chroot
#                it goes on where it was stopped; FRESH=1 starts anew
# make web       the minified script of the badge that readers' browsers verify; make web-pictures: docs/reference/verify-page/
# make rooms     docs/explanation/architecture/rooms.svg, drawn from the imports
# make l3build   the LaTeX package's own tests
# make manual    latex/pith-doc.pdf, the LaTeX package's manual
# make ctan      latex/pith-ctan.zip, its upload for CTAN; make manual-pictures: the first pages in the manual
# make site      site/: the pages for browsers, the documentation, the gallery, as one folder that any web server can host
# make dist      dist/: what a release consists of; make release-check: whether it may be one
# make constraints    constraints.txt, the versions that the tests are known to pass with
# The first two do their own set-up on a fresh Debian 12 machine; the second time it takes a second.

PYTHON ?= python3
BIN := .venv/bin
.DELETE_ON_ERROR:
.PHONY: manual-pictures constraints dist pictures release-check site bench coverage demo test lint tests survival forgeries fuzz fuzz-atheris matrix web web-pictures rooms l3build l3build-save sty manual ctan examples clean help

help:
	@sed -n 's/^# //p' Makefile

demo: .venv/installed
	@.ci/install-system demo
	@examples/demo.sh $(if $(V),-v)

test: lint tests

SCRIPTS = $(shell find pithtex tests website -name '*.js' ! -name '*.min.js') eslint.config.js .ci/eslint .ci/minify

lint: .venv/installed
	@.ci/install-system lint
	@.ci/install-npm lint
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo --no-cache
	node build/npm/typescript/tsc.js --project tsconfig.json
	.ci/eslint $(SCRIPTS)

tests: .venv/installed
	@.ci/install-system test
	@.ci/install-npm test
	@.ci/install-schemas
	$(BIN)/pytest -q -n auto

# The core, format/ and verification/, by its own tests.
coverage: .venv/installed
	mkdir -p build
	$(BIN)/coverage run --data-file=build/coverage -m pytest -q tests/format tests/verification tests/vectors tests/decoding \
	    tests/forgeries/test_records.py tests/forgeries/test_unsigned.py tests/forgeries/test_merge.py \
	    tests/pdf/channels/test_links.py
	$(BIN)/coverage report --data-file=build/coverage --include='pithtex/format/*,pithtex/verification/*' --show-missing --fail-under=98

bench: .venv/installed
	@.ci/install-system bench
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[bench]'
	$(BIN)/python -m tests.bench.core
	$(BIN)/python -m tests.bench.check
	$(BIN)/python -m tests.bench.audit
	$(BIN)/python -m tests.bench.resolve
	$(BIN)/python -m tests.bench.presubmit
	$(BIN)/python -m tests.bench.latex
	$(BIN)/python -m tests.bench.web
	$(BIN)/python -m tests.bench.badge

# Takes some minutes, and installs what it needs: OCRmyPDF and LibreOffice among it.
survival: .venv/installed
	@.ci/install-system survival
	$(BIN)/python -m tests.survival

forgeries: .venv/installed
	@.ci/install-system test
	$(BIN)/python -m tests.forgeries.make build/forgeries

fuzz: .venv/installed
	@.ci/install-system test
	$(BIN)/python -m tests.fuzz.run 10000
	$(BIN)/python -m tests.fuzz.command_line 5000

fuzz-atheris: .venv/installed
	@.ci/install-system test
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[fuzz]'
	mkdir -p build/fuzz
	$(BIN)/python -m tests.fuzz.guided -max_total_time=600 -timeout=30 -rss_limit_mb=4096 \
	    -artifact_prefix=build/fuzz/ build/fuzz/corpus

# TEXLIVE=2024 or 2026 takes another TeX Live, in a chroot below build/ or in the directory TEXLIVE_DIR, and needs root.
matrix: .venv/installed
	@[ -n "$(TEXLIVE)" ] || .ci/install-system matrix
	$(BIN)/python -m tests.matrix --jobs $(or $(JOBS),2) $(if $(FRESH),--fresh) $(if $(TEXLIVE),--texlive $(TEXLIVE)) \
	    $(if $(TEXLIVE_DIR),--root $(TEXLIVE_DIR))

web: .venv/installed
	@.ci/install-npm test
	$(BIN)/python -m pithtex.browser.scripts | .ci/minify >build/pith-badge.min.js
	mv build/pith-badge.min.js pithtex/browser/badge/

web-pictures: .venv/installed
	@.ci/install-system test
	$(BIN)/python -m tests.browser.pictures

# Draws which room of pithtex/ imports which.
rooms: .venv/installed
	@command -v dot >/dev/null || .ci/apt graphviz
	$(BIN)/python -m tests.house.rooms

# The LaTeX package's own tests, on each way to a PDF; the second writes what they are to give, to be read before a commit.
l3build:
	@.ci/install-system test
	cd latex && l3build check

l3build-save:
	@.ci/install-system test
	cd latex && l3build save $(sort $(notdir $(basename $(wildcard latex/testfiles/*.[lp]vt))))

# Writes latex/pith.sty from its documented source.
sty:
	@.ci/install-system demo
	cd latex && tex -interaction=batchmode pith.ins && rm -f pith.log

# Typesets the manual of the LaTeX package: latex/pith-doc.pdf.
manual:
	@.ci/install-system manual
	cd latex && l3build doc

# Draws the first pages that the manual shows.
manual-pictures: .venv/installed
	@.ci/install-system test
	$(BIN)/python -m tests.matrix.manual

# Writes latex/pith-ctan.zip: what CTAN takes, after the package's own checks.
ctan:
	@.ci/install-system manual
	cd latex && l3build ctan
	.ci/check-ctan latex/pith-ctan.zip

site: .venv/installed
	$(BIN)/python -m website.build

# Draws what people will see, for the README and the site.
pictures: .venv/installed
	@.ci/install-system test
	$(BIN)/python -m website.pictures

# What a release consists of: sdist, wheel, SBOM, site, pages, checksums.
dist: .venv/release site
	$(BIN)/python -m release.dist

release-check: .venv/release
	@.ci/install-system demo
	@.ci/install-npm lint
	$(BIN)/python -m release.check $(if $(FULL),--full)

constraints:
	.ci/constraints

.venv/release: .venv/installed constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[release]'
	@touch $@

# Writes the files in examples/ that are made by this project: each pith.sty, and the compiled papers.
examples: .venv/installed sty
	@.ci/install-system test
	examples/build.sh

.venv/installed: pyproject.toml constraints.txt latex/pith.sty
	@.ci/install-python $(PYTHON)
	@touch $@

clean:
	rm -rf .venv build dist site latex/build .mypy_cache .pytest_cache .ruff_cache .hypothesis
