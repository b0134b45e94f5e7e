# make demo   a fresh machine to a running, filled city (honours PORT)
# make test   everything that must hold, on both databases, browser included
# make check  the fast ones, under a minute

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.PHONY: setup setup-dev assets translations browser check test test-slow test-all demo pictures lock clean

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
PORT ?= 8000
UV := $(shell command -v uv)
# uv is quicker where there is one; both refuse a package whose hash is not the locked one.
INSTALL := $(if $(UV),$(UV) pip install --quiet --python $(BIN)/python,$(BIN)/python -m pip install --quiet --disable-pip-version-check)
ASSET_SOURCES := $(shell find coi/assets -type f -not -path '*/node_modules/*' -not -path '*/__pycache__/*' 2>/dev/null)
WORDS := $(wildcard coi/translations/*/*.po)

setup: .venv/.runs .venv/.assets .venv/.words

setup-dev: .venv/.checks .venv/.assets .venv/.words

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed." >&2; exit 1; }
	@$(PYTHON) -m venv .venv || { \
	  rm -rf .venv; \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then apt-get update -qq && apt-get install -y -qq python3-venv && $(PYTHON) -m venv .venv; \
	  else echo "Install Python's venv module (Debian: apt-get install python3-venv), then try again." >&2; exit 1; fi; }

.venv/.runs: requirements.txt | $(BIN)/python
	$(INSTALL) --require-hashes -r requirements.txt
	@touch $@

.venv/.checks: requirements-dev.txt .venv/.runs
	$(INSTALL) --require-hashes -r requirements-dev.txt
	@touch $@

.venv/.assets: $(ASSET_SOURCES) | .venv/.runs
	$(BIN)/python -m coi.assets.build
	@touch $@

.venv/.words: $(WORDS) coi/assets/translations.py | .venv/.runs
	$(BIN)/python -m coi.assets.translations
	@touch $@

assets:
	@rm -f .venv/.assets
	@$(MAKE) --no-print-directory .venv/.assets

translations:
	@rm -f .venv/.words
	@$(MAKE) --no-print-directory .venv/.words

# Debian's own Chromium needs no download from anywhere else; elsewhere Playwright brings one.
BROWSERS := chromium-headless-shell chromium chromium-browser google-chrome
INSTALL_BROWSER := DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends fonts-dejavu-core
browser: .venv/.checks
	@if command -v chromium-headless-shell >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && { apt-get update -qq; $(INSTALL_BROWSER) chromium-headless-shell; }; then :; \
	elif command -v $(BROWSERS) >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then $(INSTALL_BROWSER) chromium; \
	else $(BIN)/playwright install --only-shell chromium; fi

check: setup-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/lint-imports
	$(BIN)/bandit -q -r app.py coi forms -c pyproject.toml
	$(BIN)/pytest -q tests/rules tests/house/test_house_code.py

# Three at once on two cores: a test in a browser waits half of its time.
test: setup-dev browser check
	$(BIN)/pytest -q -n 3 --dist worksteal

# Journeys and pages with a server that takes its time: what only holds on a fast machine fails here.
test-slow: setup-dev browser
	$(BIN)/pytest -q -n 4 --dist worksteal --engine sqlite --slow-answers 0.3 tests/journeys tests/browser

test-all: setup-dev browser check
	$(BIN)/pytest -q -n 2 --dist worksteal --all-pages

# Another city (COI_PROFILE=york make demo) has a database of its own.
DEMO = var/demo$(addprefix -,$(COI_PROFILE))

demo: setup
	@COI_DEMO=1 COI_PUBLIC_URL="$${COI_PUBLIC_URL:-http://localhost:$(PORT)}" \
	  COI_DATABASE_URL="$${COI_DATABASE_URL:-sqlite:///$(CURDIR)/$(DEMO)/coi.db}" COI_FOLDER="$${COI_FOLDER:-$(CURDIR)/$(DEMO)}" \
	  PORT=$(PORT) $(BIN)/flask --app app demo

# The pictures of README.md, taken from a demo that is running on PORT.
pictures: browser
	@$(BIN)/python -m bench.pictures --address http://localhost:$(PORT)

lock: .venv/.checks
	$(BIN)/uv pip compile --universal --generate-hashes --python-version 3.11 --no-emit-index-url --quiet requirements.in -o requirements.txt
	$(BIN)/uv pip compile --universal --generate-hashes --python-version 3.11 --no-emit-index-url --quiet requirements-dev.in -o requirements-dev.txt

clean:
	rm -rf .venv coi/static/built coi/assets/node_modules .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find coi/translations -name '*.mo' -delete
