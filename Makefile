# What people and CI call. `make demo` and `make test` set up whatever they need on a machine with Python 3.11, Node and make.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c

PYTHON ?= $(shell command -v python3.11 || command -v python3)
CONFIG ?= config/sandbox.yaml
BIN := .venv/bin
PIPELINE_BIN := pipeline_code/.venv/bin
PIP_INSTALL = -m pip install --quiet --quiet --disable-pip-version-check --require-virtualenv

# Node 20 still works but is past its end of life; README.md asks for 22 or newer. The banner would drown every answer.
export JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION := 20
export CDK_DISABLE_CLI_TELEMETRY := true

.PHONY: help
help: ## Show the targets.
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-18s %s\n", $$1, $$2}'

# ---- set up -------------------------------------------------------------------------------------------------------
.PHONY: check-tools
check-tools:
	@test -n "$(PYTHON)" && $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "error: Python 3.11 or newer is needed (set PYTHON=/path/to/python)" >&2; exit 2; }
	@command -v node > /dev/null || { echo "error: Node is needed (22 or newer; 20 works)" >&2; exit 2; }
	@node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' || { echo "error: Node $$(node --version) is too old (22 or newer; 20 works)" >&2; exit 2; }
	@command -v npm > /dev/null || { echo "error: npm is needed; it comes with Node" >&2; exit 2; }

.venv/pyvenv.cfg: | check-tools
	@echo "== Python environment (.venv)"
	@$(PYTHON) -m venv .venv

.venv/.local: requirements/local.txt pyproject.toml | .venv/pyvenv.cfg
	@echo "== CDK app, command line and local account: $$(grep -c == requirements/local.txt) packages, by hash"
	@$(BIN)/python $(PIP_INSTALL) --require-hashes -r requirements/local.txt
	@$(BIN)/python $(PIP_INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.dev: requirements/dev.txt .venv/.local
	@echo "== test and lint tools: $$(grep -c == requirements/dev.txt) packages, by hash"
	@$(BIN)/python $(PIP_INSTALL) --require-hashes -r requirements/dev.txt
	@touch $@

.venv-scan/pyvenv.cfg: | check-tools
	@echo "== Python environment of the scanners (.venv-scan)"
	@$(PYTHON) -m venv .venv-scan

.venv-scan/.installed: requirements/scan.txt | .venv-scan/pyvenv.cfg
	@echo "== scanners: $$(grep -c == requirements/scan.txt) packages, by hash"
	@.venv-scan/bin/python $(PIP_INSTALL) --require-hashes -r requirements/scan.txt
	@touch $@

node_modules/.installed: package.json package-lock.json | check-tools
	@echo "== CDK command line"
	@npm ci --ignore-scripts --silent --no-progress
	@touch $@

pipeline_code/.venv/pyvenv.cfg: | check-tools
	@echo "== Python environment of the pipeline (pipeline_code/.venv)"
	@$(PYTHON) -m venv pipeline_code/.venv

pipeline_code/.venv/.run: pipeline_code/requirements/run.txt | pipeline_code/.venv/pyvenv.cfg
	@echo "== pipeline: $$(grep -c == pipeline_code/requirements/run.txt) packages, by hash"
	@$(PIPELINE_BIN)/python $(PIP_INSTALL) --require-hashes -r pipeline_code/requirements/run.txt
	@echo "$(CURDIR)/pipeline_code/src" > "$$($(PIPELINE_BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/govml_pipeline.pth"
	@echo "$(CURDIR)/pipeline_code" >> "$$($(PIPELINE_BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/govml_pipeline.pth"
	@touch $@

pipeline_code/.venv/.dev: pipeline_code/requirements/dev.txt pipeline_code/.venv/.run
	@echo "== pipeline tests and authoring: $$(grep -c == pipeline_code/requirements/dev.txt) packages, by hash"
	@$(PIPELINE_BIN)/python $(PIP_INSTALL) --require-hashes -r pipeline_code/requirements/dev.txt
	@touch $@

pipeline_code/.venv-spark/pyvenv.cfg: | check-tools
	@echo "== Python environment of Spark (pipeline_code/.venv-spark)"
	@$(PYTHON) -m venv pipeline_code/.venv-spark

# Only what the pipeline's environment lacks: the rest comes from there, so that both engines are tested with the same libraries.
pipeline_code/.venv-spark/.installed: pipeline_code/requirements/spark.txt pipeline_code/requirements/spark-build.txt pipeline_code/.venv/.dev | pipeline_code/.venv-spark/pyvenv.cfg
	@echo "== Spark: $$(grep -c == pipeline_code/requirements/spark.txt) packages, by hash (430 MB)"
	@pipeline_code/.venv-spark/bin/python $(PIP_INSTALL) --require-hashes -r pipeline_code/requirements/spark-build.txt
	@pipeline_code/.venv-spark/bin/python $(PIP_INSTALL) --require-hashes --no-build-isolation -r pipeline_code/requirements/spark.txt
	@{ echo "$(CURDIR)/pipeline_code/src"; echo "$(CURDIR)/pipeline_code"; $(PIPELINE_BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))'; } \
	  > "$$(pipeline_code/.venv-spark/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/govml_pipeline.pth"
	@touch $@

pipeline_code/.venv-bakeoff/pyvenv.cfg: | check-tools
	@echo "== Python environment of the bake-off (pipeline_code/.venv-bakeoff)"
	@$(PYTHON) -m venv pipeline_code/.venv-bakeoff

# Like Spark's: the pipeline's environment and what it lacks.
pipeline_code/.venv-bakeoff/.installed: pipeline_code/requirements/bakeoff.txt pipeline_code/.venv/.run | pipeline_code/.venv-bakeoff/pyvenv.cfg
	@echo "== bake-off: $$(grep -c == pipeline_code/requirements/bakeoff.txt) packages, by hash"
	@pipeline_code/.venv-bakeoff/bin/python $(PIP_INSTALL) --require-hashes -r pipeline_code/requirements/bakeoff.txt
	@{ echo "$(CURDIR)/pipeline_code/src"; echo "$(CURDIR)/pipeline_code"; $(PIPELINE_BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))'; } \
	  > "$$(pipeline_code/.venv-bakeoff/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/govml_pipeline.pth"
	@touch $@

.PHONY: bakeoff
bakeoff: pipeline_code/.venv-bakeoff/.installed ## XGBoost against LightGBM, CatBoost and simpler models on the CSV files of DATA; prints a table (minutes).
	@test -n "$(DATA)" -a -n "$(TEST_FROM)" -a -n "$(TEST_TO)" || { echo "error: make bakeoff DATA=<folder> TEST_FROM=YYYY-MM TEST_TO=YYYY-MM" >&2; exit 2; }
	@pipeline_code/.venv-bakeoff/bin/python pipeline_code/benchmarks/bakeoff.py --data "$(DATA)" --test-from "$(TEST_FROM)" --test-to "$(TEST_TO)"

pipeline_code/.venv-drift/pyvenv.cfg: | check-tools
	@echo "== Python environment of the libraries that drift measures are compared with (pipeline_code/.venv-drift)"
	@$(PYTHON) -m venv pipeline_code/.venv-drift

# Apart from the pipeline's environment: these libraries need an older pandas.
pipeline_code/.venv-drift/.installed: pipeline_code/requirements/drift.txt | pipeline_code/.venv-drift/pyvenv.cfg
	@echo "== drift libraries: $$(grep -c == pipeline_code/requirements/drift.txt) packages, by hash"
	@pipeline_code/.venv-drift/bin/python $(PIP_INSTALL) --require-hashes --no-deps -r pipeline_code/requirements/drift.txt
	@touch $@

.PHONY: bench-drift
bench-drift: pipeline_code/.venv/.run pipeline_code/.venv-drift/.installed ## Drift measures against Evidently, NannyML, whylogs and SciPy; prints tables (minutes).
	@$(PIPELINE_BIN)/python pipeline_code/benchmarks/drift.py --peers pipeline_code/.venv-drift/bin/python

.PHONY: seeded-drift
seeded-drift: pipeline_code/.venv/.run ## Defects put into the CSV files of DATA: when the drift engine tells of each (a quarter of an hour).
	@test -n "$(DATA)" || { echo "error: make seeded-drift DATA=<folder>" >&2; exit 2; }
	@$(PIPELINE_BIN)/python pipeline_code/benchmarks/seeded_drift.py --data "$(DATA)"

.PHONY: walk-forward
walk-forward: pipeline_code/.venv/.run pipeline_code/.venv-drift/.installed ## Drift engine through 2015-2025 on the CSV files of DATA, against river and NannyML; prints tables (half an hour).
	@test -n "$(DATA)" || { echo "error: make walk-forward DATA=<folder>" >&2; exit 2; }
	@$(PIPELINE_BIN)/python pipeline_code/benchmarks/walk_forward.py --data "$(DATA)" --peers pipeline_code/.venv-drift/bin/python

pipeline_code/.venv-run/pyvenv.cfg: | check-tools
	@echo "== Python environment of the image's packages (pipeline_code/.venv-run)"
	@$(PYTHON) -m venv pipeline_code/.venv-run

pipeline_code/.venv-run/.installed: pipeline_code/requirements/run.txt | pipeline_code/.venv-run/pyvenv.cfg
	@echo "== the image's packages: $$(grep -c == pipeline_code/requirements/run.txt) packages, by hash"
	@pipeline_code/.venv-run/bin/python $(PIP_INSTALL) --require-hashes -r pipeline_code/requirements/run.txt
	@touch $@

pipeline_code/.venv-sbom/pyvenv.cfg: | check-tools
	@echo "== Python environment of the bill of materials (pipeline_code/.venv-sbom)"
	@$(PYTHON) -m venv pipeline_code/.venv-sbom

pipeline_code/.venv-sbom/.installed: pipeline_code/requirements/sbom.txt | pipeline_code/.venv-sbom/pyvenv.cfg
	@echo "== the bill of materials: $$(grep -c == pipeline_code/requirements/sbom.txt) packages, by hash"
	@pipeline_code/.venv-sbom/bin/python $(PIP_INSTALL) --require-hashes -r pipeline_code/requirements/sbom.txt
	@touch $@

pipeline_code/.venv-fuzz/pyvenv.cfg: | check-tools
	@echo "== Python environment of the fuzzer (pipeline_code/.venv-fuzz)"
	@$(PYTHON) -m venv pipeline_code/.venv-fuzz

pipeline_code/.venv-fuzz/.installed: pipeline_code/requirements/fuzz.txt | pipeline_code/.venv-fuzz/pyvenv.cfg
	@echo "== the fuzzer: $$(grep -c == pipeline_code/requirements/fuzz.txt) packages, by hash"
	@pipeline_code/.venv-fuzz/bin/python $(PIP_INSTALL) --require-hashes -r pipeline_code/requirements/fuzz.txt
	@touch $@

pipeline_code/.venv-serving-peers/pyvenv.cfg: | check-tools
	@echo "== Python environment of the serving benchmark (pipeline_code/.venv-serving-peers)"
	@$(PYTHON) -m venv pipeline_code/.venv-serving-peers

# Like the bake-off's: what it lacks, then the pipeline's environment. In this order, for the programs that it brings.
pipeline_code/.venv-serving-peers/.installed: pipeline_code/requirements/serving-peers.txt pipeline_code/.venv/.run | pipeline_code/.venv-serving-peers/pyvenv.cfg
	@echo "== serving benchmark: $$(grep -c == pipeline_code/requirements/serving-peers.txt) packages, by hash"
	@pipeline_code/.venv-serving-peers/bin/python $(PIP_INSTALL) --require-hashes -r pipeline_code/requirements/serving-peers.txt
	@{ echo "$(CURDIR)/pipeline_code/src"; echo "$(CURDIR)/pipeline_code"; $(PIPELINE_BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))'; } \
	  > "$$(pipeline_code/.venv-serving-peers/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/govml_pipeline.pth"
	@touch $@

.PHONY: bench-serving
bench-serving: pipeline_code/.venv-serving-peers/.installed ## The server against others (DATA, MODEL, SECONDS are optional); prints tables (minutes).
	@pipeline_code/.venv-serving-peers/bin/python pipeline_code/benchmarks/serving.py $(if $(DATA),--data "$(DATA)") $(if $(MODEL),--model "$(MODEL)") $(if $(SECONDS),--seconds $(SECONDS))

.PHONY: fuzz
fuzz: pipeline_code/.venv/.run pipeline_code/.venv-fuzz/.installed ## Everything that a caller may do to the server: schemathesis, floods, slow callers (minutes).
	@cd pipeline_code && .venv/bin/python benchmarks/serving_fuzz.py --schemathesis .venv-fuzz/bin/schemathesis $(if $(MODEL),--model "$(MODEL)") $(if $(EXAMPLES),--examples $(EXAMPLES))

.PHONY: sbom
sbom: pipeline_code/.venv-run/.installed pipeline_code/.venv-sbom/.installed ## The image's bill of materials (CycloneDX) in build/sbom, checked against the lock.
	@mkdir -p build/sbom
	@pipeline_code/.venv-sbom/bin/cyclonedx-py environment --pyproject pipeline_code/pyproject.toml --output-reproducible --of JSON \
	  -o build/sbom/jobs.cdx.json pipeline_code/.venv-run/bin/python
	@pipeline_code/.venv-run/bin/python pipeline_code/requirements/sbom.py build/sbom/jobs.cdx.json

.PHONY: install
install: .venv/.dev node_modules/.installed pipeline_code/.venv/.dev ## Set up everything: CDK app, pipeline, test tools.

# ---- the two commands of the README -------------------------------------------------------------------------------
.PHONY: demo
demo: .venv/.local node_modules/.installed pipeline_code/.venv/.run ## One agency file -> stacks in a local account -> a model -> a prediction.
	@$(BIN)/govml demo --config $(CONFIG)

# Two cores are busy to the end with four processes: those that deploy wait a third of their time, for polls and for other
# processes. The platform's tests would end last, so the others give way to them; what those print follows at the end.
.PHONY: test
test: install ## Set up and run all tests.
	@mkdir -p build; failed=0; parts=(pipeline own-accounts account); processes=(); \
	for part in "$${parts[@]}"; do \
	  nice -n 4 $(MAKE) --no-print-directory "test-$$part" > "build/test-$$part.log" 2>&1 & processes+=($$!); \
	done; \
	$(MAKE) --no-print-directory test-platform || failed=1; \
	for index in "$${!parts[@]}"; do \
	  wait "$${processes[$$index]}" || failed=1; \
	  cat "build/test-$${parts[$$index]}.log"; \
	done; \
	exit $$failed

# ---- steps --------------------------------------------------------------------------------------------------------
.PHONY: test-pipeline
test-pipeline: pipeline_code/.venv/.dev ## Tests of the pipeline code.
	@echo "== tests of the pipeline code"
	@cd pipeline_code && .venv/bin/python -m pytest -q

.PHONY: test-spark
test-spark: pipeline_code/.venv-spark/.installed ## Tests of the pipeline code's distributed engine: Spark in processes of its own (needs Java 17 or 21).
	@echo "== tests of the distributed engine"
	@cd pipeline_code && .venv-spark/bin/python -m pytest -q -m spark tests/test_engine_spark.py

.PHONY: test-platform
test-platform: .venv/.dev node_modules/.installed pipeline_code/.venv/.run ## Tests of the CDK app, the rules and the command line.
	@echo "== tests of the platform"
	@$(BIN)/python -m pytest -q --ignore=tests/e2e

.PHONY: test-account
test-account: .venv/.dev node_modules/.installed pipeline_code/.venv/.run ## Tests that deploy into the local account, and run the pipeline there.
	@echo "== tests in the local account"
	@$(BIN)/python -m pytest -q --ignore=tests/e2e/own_accounts tests/e2e

.PHONY: test-own-accounts
test-own-accounts: .venv/.dev node_modules/.installed pipeline_code/.venv/.run ## Tests that need a local account of their own each: bootstrap, plain CloudFormation, stages of maturity.
	@echo "== tests in local accounts of their own"
	@$(BIN)/python -m pytest -q tests/e2e/own_accounts

.PHONY: synth
synth: .venv/.local node_modules/.installed ## Synthesise CONFIG and run the gate; the exit code is the truth.
	@$(BIN)/govml synth --config $(CONFIG)

.PHONY: lint
lint: .venv/.dev pipeline_code/.venv/.dev ## Style, imports, import contracts, exported schema, committed definition and feature groups.
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/govml config schema --check
	@cd pipeline_code && .venv/bin/python -m govml_pipeline.authoring --check
	@cd pipeline_code && .venv/bin/python -m govml_pipeline.feature_store --check

.PHONY: types
types: .venv/.dev node_modules/.installed ## mypy --strict and pyright.
	@$(BIN)/mypy
	@node_modules/.bin/pyright --warnings

.PHONY: scan
scan: .venv/.local node_modules/.installed .venv-scan/.installed ## cfn-lint, checkov and cloudformation-validate over every profile's templates.
	@$(BIN)/govml scan

.PHONY: evaluate
evaluate: ## Train before TEST_FROM, measure TEST_FROM..TEST_TO on the CSV files of DATA; prints JSON.
	@test -n "$(DATA)" -a -n "$(TEST_FROM)" -a -n "$(TEST_TO)" || { echo "error: make evaluate DATA=<folder> TEST_FROM=YYYY-MM TEST_TO=YYYY-MM" >&2; exit 2; }
	@$(MAKE) --no-print-directory pipeline_code/.venv/.run >&2
	@$(PIPELINE_BIN)/python pipeline_code/benchmarks/evaluate.py --data "$(DATA)" --test-from "$(TEST_FROM)" --test-to "$(TEST_TO)" $(if $(SEED),--seed $(SEED))

.PHONY: evidence
evidence: .venv/.local node_modules/.installed ## Every rule over every resource of every profile, for a security reviewer, in build/evidence.
	@$(BIN)/govml evidence --all-profiles --output build/evidence

.PHONY: closed-loop
closed-loop: install ## From drift to a better model in the local account, on the CSV files of DATA (minutes).
	@test -n "$(DATA)" || { echo "error: make closed-loop DATA=<folder>" >&2; exit 2; }
	@$(BIN)/python benchmarks/closed_loop.py --data "$(DATA)"

.PHONY: bench
bench: install ## Measure what the benchmarks claim (minutes).
	@$(BIN)/python benchmarks/synth_cost.py
	@$(BIN)/govml synth --output build/bench > /dev/null && $(BIN)/python benchmarks/rules_cost.py build/bench
	@cd pipeline_code && .venv/bin/python benchmarks/read_validate_split.py

.PHONY: lock
lock: ## Compile the locks again (needs uv): hashes, no index address.
	@for extra in "local build:local" "dev build:dev" ":app"; do \
	  names="$${extra%%:*}"; file="$${extra##*:}"; \
	  uv pip compile --quiet --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate \
	    $$(for name in $$names; do echo --extra $$name; done) -c requirements/dev.txt pyproject.toml -o requirements/$$file.txt; \
	done
	@uv pip compile --quiet --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate \
	  requirements/scan.in -o requirements/scan.txt
	@for name in spark-build spark bakeoff serving-peers; do \
	  uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate \
	    -c pipeline_code/requirements/dev.txt pipeline_code/requirements/$$name.in -o pipeline_code/requirements/$$name.txt; \
	done
	@for name in sbom fuzz; do \
	  uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate \
	    pipeline_code/requirements/$$name.in -o pipeline_code/requirements/$$name.txt; \
	done
	@uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate \
	  pipeline_code/requirements/drift.in -o pipeline_code/requirements/drift.txt

.PHONY: clean
clean: ## Stop the local account and remove what was made here (not the environments).
	@if [ -x $(BIN)/govml ]; then $(BIN)/govml local down || true; fi
	@rm -rf cdk.out build .govml .pytest_cache .mypy_cache .ruff_cache .hypothesis
