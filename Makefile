# make study   installs qualcode here and rebuilds the example study from its interviews
# make test    installs what the tests need and runs them
# Needs only Python 3.11 or newer and make. Another Python: make study PYTHON=python3.13
# Everything goes into .venv and build/ beside this file; `make clean` takes both away.

PYTHON ?= python3
PYTEST_OPTIONS ?= -n 2
VENV := .venv
RUN := $(VENV)/bin/python

.DEFAULT_GOAL := help
.PHONY: help study test check fuzz bench clean

help:
	@echo "make study   install into .venv, rebuild the example study, compare it, write figures/"
	@echo "make test    run the tests and print their coverage"
	@echo "make check   look for style and type problems"
	@echo "make fuzz    run the tests on generated examples that no run has seen before"
	@echo "make bench   measure speed on a large made-up study"
	@echo "make clean   remove .venv and build/ (the study and its figures stay)"

study: $(VENV)/installed
	@$(RUN) -m qualcode.example

test: $(VENV)/installed-dev
	@$(RUN) -m pytest $(PYTEST_OPTIONS) --cov --cov-report=term

check: $(VENV)/installed-dev
	@$(RUN) -m ruff check .
	@$(RUN) -m ruff format --check .
	@$(RUN) -m mypy

fuzz: $(VENV)/installed-dev
	@$(RUN) -m pytest $(PYTEST_OPTIONS) --hypothesis-profile=searching -m "not benchmark" tests

bench: $(VENV)/installed-dev
	@$(RUN) -m pytest -m benchmark -s -p no:cacheprovider tests

clean:
	rm -rf $(VENV) build

# The stamps make a second run instant; a changed pyproject.toml installs again.
# --upgrade pip: dependency groups need pip 25.1, and a new venv holds the pip of its Python.
$(VENV)/installed: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "qualcode needs Python 3.11 or newer; '$(PYTHON)' is older or missing. Try: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@test -x $(RUN) || $(PYTHON) -m venv $(VENV) \
	  || { echo "Python cannot make a virtual environment. On Debian and Ubuntu: sudo apt install python3-venv"; rm -rf $(VENV); exit 1; }
	@echo "Installing qualcode into $(VENV) (once; takes a few minutes) ..."
	@$(RUN) -m pip install --quiet --upgrade "pip>=25.1"
	@$(RUN) -m pip install --quiet --constraint figures/constraints.txt --editable ".[all]"
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed
	@echo "Installing what the tests need ..."
	@$(RUN) -m pip install --quiet --constraint figures/constraints.txt --group dev
	@touch $@
