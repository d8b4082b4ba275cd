# Everything that a developer or a newcomer runs. Each target sets up what it needs.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN := $(BIN)/syndicate

.DEFAULT_GOAL := help
.PHONY: help demo test lint prove bench bench-serve clean

help:            ## show this list
	@grep -E '^[a-z-]+: .*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/\t/' | expand -t 12

$(VENV)/run.stamp: pyproject.toml
	@echo "setting up $(VENV) …"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=python3.11 …"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/dev.stamp: $(VENV)/run.stamp
	@echo "installing what the tests need …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

$(VENV)/bench.stamp: $(VENV)/dev.stamp
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	@touch $@

demo: $(VENV)/run.stamp  ## build the example site and cut an issue of its newsletter
	@$(RUN) build
	@$(RUN) issue cut weekly
	@echo
	@echo "The example site is in output/:"
	@echo "  output/index.html                      the front page, with all topics"
	@echo "  output/all/rss.xml, atom.xml           the feed of everything"
	@echo "  output/topics/field-notes-night-sky/   a topic: its page and its feeds"
	@echo "  output/newsletters/weekly/1/           the newsletter's issue, as HTML and as plain text"
	@echo
	@echo "Open output/index.html in a browser, or serve it at the address that its feeds name:"
	@echo "  python3 -m http.server --directory output 8000     then http://localhost:8000/"

test: $(VENV)/dev.stamp lint  ## run the everyday checks and tests
	@$(BIN)/python -m pytest -n auto -m "not real"

lint: $(VENV)/dev.stamp  ## check style, types and layers
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy --no-error-summary

prove: $(VENV)/dev.stamp  ## run everything, the long proofs too, and write docs/proofs.md
	@$(BIN)/python tests/prove.py

bench: $(VENV)/bench.stamp  ## compare with Hugo on 10,000 articles, about eight minutes
	@$(BIN)/python benchmarks/bench.py $(ARGS)
	@$(BIN)/python benchmarks/serve.py

bench-serve: $(VENV)/bench.stamp  ## compare the server with nginx and StaticFiles, about two minutes
	@$(BIN)/python benchmarks/serve.py $(ARGS)

clean:           ## remove what the other targets installed; output/ and .syndicate/ stay
	@rm -rf $(VENV) dist build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
