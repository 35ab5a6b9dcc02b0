# Every target makes its own virtual environment first; nothing but Python 3.11, venv and make is needed.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/sh

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
EXTRAS := test

# The first Python that is new enough; set PYTHON to choose another.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
UV := $(shell command -v uv 2>/dev/null)

.PHONY: help
help: ## list the targets (this text)
	@echo "usage: make TARGET"
	@awk -F ':.*## ' '/^[a-z][a-z-]*:.*## /{printf "  %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: paper
paper: $(STAMP) ## check the paper and write its errata-annotated edition to build/zhang2024
	$(BIN)/derive report zhang2024 -o build/zhang2024

.PHONY: test
test: $(STAMP) ## run ruff, mypy and pytest
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest -q -n auto --dist loadfile

.PHONY: bench
bench: $(STAMP) ## measure the speed
	$(BIN)/pytest tests --benchmark-enable --benchmark-only

.PHONY: venv
venv: $(STAMP) ## make the virtual environment only

.PHONY: clean
clean: ## remove what was built, the virtual environment and the caches
	rm -rf build dist $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .benchmarks
	find derive theorems reports tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(STAMP): pyproject.toml
	@test -n "$(PYTHON)" || { echo "make: no Python 3.11 or newer was found; install one, or name it: make PYTHON=/path/to/python3" >&2; exit 2; }
	@rm -rf $(VENV)
ifneq ($(UV),)
	$(UV) venv --quiet --python $(PYTHON) $(VENV)
	$(UV) pip install --quiet --python $(BIN)/python --editable '.[$(EXTRAS)]'
else
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "make: $(PYTHON) can't make virtual environments; on Debian: apt-get install python3-venv" >&2; exit 2; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[$(EXTRAS)]'
endif
	@touch $@
