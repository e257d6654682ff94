# Everything is set up by the target that needs it. VENV, PYTHON and pip's own variables
# (PIP_EXTRA_INDEX_URL, PIP_FIND_LINKS, …) are honoured.

PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip
LIBRARY ?= library

.PHONY: chat test check format bench wheel crash fuzz clean

chat: $(VENV)/.installed  ## build an index of the sample articles and open the web chat
	@echo "+ byline index build --library $(LIBRARY) seeds/articles"
	@$(BIN)/byline index build --library $(LIBRARY) seeds/articles
	@echo "+ byline serve --library $(LIBRARY)"
	@$(BIN)/byline serve --library $(LIBRARY)

test: $(VENV)/.developing  ## all tests; those in the browser need Chromium and are skipped without it
	$(BIN)/python -m pytest $(TESTS)

check: $(VENV)/.developing  ## lint, format, types, import rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.developing
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.developing  ## quality and speed, on the evaluation data where it is at hand
	$(BIN)/python -m benchmarks.extraction
	$(BIN)/python -m benchmarks.retrieval
	$(BIN)/python -m benchmarks.conversations
	$(BIN)/python -m benchmarks.speed

fuzz: $(VENV)/.developing  ## 20,000 made-up contents for each reader; BYLINE_FUZZ=100 for a hundred
	$(BIN)/python -m tests.fuzz.harness $(or $(BYLINE_FUZZ),20000)

wheel: $(VENV)/.developing  ## build the wheel, install it into a clean environment, and use it there
	$(BIN)/python tools/smoke_wheel.py

clean:
	rm -rf $(VENV) dist library

# pip is upgraded inside the environment: the one that comes with Python 3.11 resolves slowly.
$(BIN)/python:
	@echo "+ $(PYTHON) -m venv $(VENV)"
	@$(PYTHON) -m venv $(VENV)
	@echo "+ $(PIP) install --upgrade pip"
	@$(PIP) install --quiet --upgrade pip

$(VENV)/.installed: pyproject.toml constraints.txt | $(BIN)/python
	@echo "+ $(PIP) install -c constraints.txt --editable ."
	@$(PIP) install --quiet -c constraints.txt --editable .
	@touch $@

$(VENV)/.developing: pyproject.toml constraints.txt | $(BIN)/python
	@echo "+ $(PIP) install -c constraints.txt --editable '.[dev]'"
	@$(PIP) install --quiet -c constraints.txt --editable '.[dev]'
	@touch $@ $(VENV)/.installed

crash: $(VENV)/.developing  ## 200 kills at random moments of builds, 10 in each step, 50 of readers; 500 made-up sequences
	$(BIN)/python tests/crash/harness.py
	BYLINE_EXAMPLES=500 $(BIN)/python -m pytest tests/crash/test_states.py
