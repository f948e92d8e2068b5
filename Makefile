# Every target does its own set-up: Python 3.11 or newer, git and make are all that must be there.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DEV_STAMP := $(VENV)/.installed-dev

AUDIT := build/audit
AUDIT_STAMP := $(AUDIT)/.installed

DOCS := build/docs
DOCS_STAMP := $(DOCS)/.installed
DOCS_URL ?=

JUDGE := build/judge
JUDGE_STAMP := $(JUDGE)/.installed

.PHONY: demo site docs test test-deep test-judge check dist dry-run reference schema requirements sbom audit pictures clean

demo: $(STAMP) ## The whole job on a bundled day of arXiv; touches nothing but build/demo/
	@$(BIN)/arxiv-bot demo

dry-run: $(STAMP) ## What the bot would propose today, from live arXiv; touches nothing but build/dry-run/
	@$(BIN)/arxiv-bot run --dry-run --report build/dry-run/report.html --report build/dry-run/report.json

site: $(STAMP) ## The list as a static site, in build/site/
	@$(BIN)/arxiv-bot site

docs: $(STAMP) $(DOCS_STAMP) ## The documentation as a static site, in build/docs-site/
	@$(BIN)/python -m docs.making $(DOCS_URL)

test: $(DEV_STAMP) ## The tests, without the deep ones
	$(BIN)/python -m pytest -n auto --dist worksteal -q

test-deep: $(DEV_STAMP) ## The whole model, crash, race, fault and fuzz suites, and properties on many more examples
	$(BIN)/python -m pytest -n auto --dist worksteal -q -m "deep or hypothesis" --hypothesis-profile deep

test-judge: $(DEV_STAMP) $(JUDGE_STAMP) ## The judge with a real small model on this machine; it shows that the parts fit together
	JUDGE_PYTHON=$(JUDGE)/bin/python $(BIN)/python -m pytest -q -m judge tests/real_judge

check: $(DEV_STAMP) ## Style, types and tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(MAKE) test

dist: $(STAMP) ## What a release consists of, in dist/
	rm -rf dist
	$(BIN)/python -m hatchling build

reference: $(DEV_STAMP) schema ## Writes docs/reference/ from the code
	$(BIN)/python -m docs.making.reference

schema: $(STAMP) ## Writes the schemas of the configuration and of what --json prints, from the code
	$(BIN)/python -c "from bot.core.config import json_schema; print(json_schema(), end='')" > config/keywords.schema.json
	$(BIN)/python -m docs.making.schemas

requirements: $(DEV_STAMP) ## Pins every dependency by hash
	.ci/pin

sbom: $(AUDIT_STAMP) ## Lists what is installed to run the bot, as CycloneDX: build/sbom.json
	$(AUDIT)/bin/cyclonedx-py requirements --pyproject pyproject.toml --mc-type application \
	  --output-reproducible --output-file build/sbom.json requirements.txt

audit: $(AUDIT_STAMP) ## Looks the dependencies up in the advisories; also fails if they can't be looked up
	$(AUDIT)/bin/pip-audit --strict --disable-pip --require-hashes --progress-spinner off \
	  -r requirements.txt -r requirements-dev.txt -r requirements-audit.txt -r requirements-docs.txt -r requirements-judge.txt

pictures: $(DEV_STAMP) demo ## Takes the pictures of a pull request in docs/images; needs chromium and pngquant
	$(BIN)/python docs/images/pull_request.py build/demo/pull-request.md

clean:
	rm -rf $(VENV) build

$(VENV)/pyvenv.cfg:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "arxiv-bot needs Python 3.11 or newer; name one: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv $(VENV)

$(STAMP): requirements.txt pyproject.toml | $(VENV)/pyvenv.cfg
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV_STAMP): requirements-dev.txt $(STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.txt
	@touch $@

$(AUDIT_STAMP): requirements-audit.txt
	$(PYTHON) -m venv $(AUDIT)
	$(AUDIT)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-audit.txt
	@touch $@

$(JUDGE_STAMP): requirements-judge.txt
	$(PYTHON) -m venv $(JUDGE)
	$(JUDGE)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-judge.txt
	@touch $@

$(DOCS_STAMP): requirements-docs.txt
	$(PYTHON) -m venv $(DOCS)
	$(DOCS)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-docs.txt
	@touch $@
