# Every target does its own set-up: Python 3.11 or newer, git and make are all that must be there.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DEV_STAMP := $(VENV)/.installed-dev

.PHONY: demo site test check dry-run schema requirements pictures clean

demo: $(STAMP) ## The whole job on a bundled day of arXiv; touches nothing but build/demo/
	@$(BIN)/arxiv-bot demo

dry-run: $(STAMP) ## What the bot would propose today, from live arXiv; touches nothing but build/dry-run/
	@$(BIN)/arxiv-bot run --dry-run

site: $(STAMP) ## The list as a static site, in build/site/
	@$(BIN)/arxiv-bot site --output build/site

test: $(DEV_STAMP) ## The tests
	$(BIN)/python -m pytest -n 2 -q

check: $(DEV_STAMP) ## Style, types and tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(MAKE) test

schema: $(STAMP) ## Writes config/keywords.schema.json from the configuration's models
	$(BIN)/python -c "from bot.config import json_schema; print(json_schema(), end='')" > config/keywords.schema.json

requirements: $(DEV_STAMP) ## Pins every dependency by hash
	.ci/pin

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
