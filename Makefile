# Every command a person or CI runs. A recipe longer than three lines is a script in scripts/.
PYTHON ?= python3.11
HOST ?= 127.0.0.1
PORT ?= 8000
IMAGE ?= python-code-review-env:latest
SANDBOX_IMAGE ?= python-code-review-env-sandbox:latest
N ?= 1
PROCESSES ?= 4

BIN := .venv/bin
RUNTIME := .venv/.runtime-installed
DEV := .venv/.dev-installed

.DEFAULT_GOAL := help

.PHONY: help
help: ## List the targets
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## /\1\t/' | expand -t 18

.PHONY: setup
setup: $(DEV) ## Make .venv and install everything for development from the lock

$(RUNTIME): requirements.lock scripts/install.sh
	@scripts/install.sh $(PYTHON) requirements.lock >&2
	@touch $@

$(DEV): requirements-dev.lock $(RUNTIME)
	@scripts/install.sh $(PYTHON) requirements-dev.lock >&2
	@touch $@

.PHONY: demo
demo: $(RUNTIME) ## Watch an agent repair three pieces of Python
	@$(BIN)/python inference.py

.PHONY: serve
serve: $(RUNTIME) ## Run the server: make serve PORT=8000 HOST=127.0.0.1
	@$(BIN)/python -m uvicorn server.app:app --host $(HOST) --port $(PORT) --no-access-log --timeout-graceful-shutdown 2

.PHONY: test
test: $(DEV) ## Run every test but full-size load and make monitoring
	@$(BIN)/python -m pytest -n $(PROCESSES) --no-loadscope-reorder

.PHONY: unit
unit: $(DEV) ## Run the quick tests: units, laws, layout
	@$(BIN)/python -m pytest tests/unit tests/property tests/test_layout.py

.PHONY: e2e
e2e: $(DEV) ## Run the tests against real clients, servers and images
	@$(BIN)/python -m pytest tests/e2e

.PHONY: check
check: lint types imports unit ## What must pass before a push

.PHONY: lint
lint: $(DEV) ## Check style and formatting
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

.PHONY: format
format: $(DEV) ## Format, and repair what can be repaired
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

.PHONY: types
types: $(DEV) ## Check types
	@$(BIN)/mypy

.PHONY: imports
imports: $(DEV) ## Check which package may import which
	@$(BIN)/lint-imports

.PHONY: audit
audit: $(RUNTIME) ## Check every task: reference, starter, canaries, seeds
	@$(BIN)/python -m worker audit

.PHONY: doctor
doctor: $(RUNTIME) ## Say which isolation layers work on this machine
	@$(BIN)/python -m worker doctor

.PHONY: bench
bench: $(DEV) ## Measure latency, throughput, CPU and memory
	@$(BIN)/python -m bench
	@if docker info >/dev/null 2>&1; then $(MAKE) sandbox-image >&2 && $(BIN)/python -m bench.containers --image $(SANDBOX_IMAGE); fi

.PHONY: load
load: $(DEV) ## Play 1,000 episodes against a cluster and check every reward
	@$(BIN)/python -m load

.PHONY: openenv-clients
openenv-clients: $(RUNTIME) ## Install the two OpenEnv releases the tests play with, each on its own
	@scripts/openenv_client.sh $(PYTHON) openenv-0.10.0
	@scripts/openenv_client.sh $(PYTHON) openenv-core-0.3.0

.PHONY: image
image: ## Build the container image
	docker build --tag $(IMAGE) .

.PHONY: sandbox-image
sandbox-image: ## Build the image of SANDBOX_BACKEND=docker
	docker build --file sandbox/Dockerfile --tag $(SANDBOX_IMAGE) .

.PHONY: up
up: ## Run a cluster in containers: make up N=3
	@scripts/compose.sh up --build -d --scale worker=$(N)

.PHONY: scale
scale: ## Change the number of worker containers: make scale N=4
	@scripts/compose.sh up -d --no-recreate --scale worker=$(N)

.PHONY: logs
logs: ## Follow what the cluster logs
	@scripts/compose.sh logs -f

.PHONY: down
down: ## Stop the cluster; its data stay in their volume
	@scripts/compose.sh down

.PHONY: kubernetes
kubernetes: $(DEV) ## Build and check the Kubernetes manifests; needs kubectl, no cluster
	@scripts/kubernetes.sh

.PHONY: monitoring
monitoring: $(DEV) ## Check metrics, alerts and dashboard; needs promtool (Debian: prometheus)
	@$(BIN)/python -m pytest -m promtool tests/e2e/test_operations.py

.PHONY: docs
docs: $(DEV) ## Write the table of settings into the README
	@$(BIN)/python -m scripts.settings_table

.PHONY: lock
lock: $(DEV) ## Resolve the dependencies anew and write the locks
	@scripts/lock.sh

.PHONY: clean
clean: ## Remove what the other targets made
	rm -rf .venv build outputs .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
