#!/usr/bin/env bash
# Write the hash locks. Hosts and paths of the machine that resolved them stay out.
set -euo pipefail
cd "$(dirname "$0")/.."

export CUSTOM_COMPILE_COMMAND="make lock"
compile=(.venv/bin/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe
  --no-emit-index-url --no-emit-trusted-host --no-emit-find-links "$@")

"${compile[@]}" --output-file requirements.lock pyproject.toml
"${compile[@]}" --extra dev --constraint requirements.lock --output-file requirements-dev.lock pyproject.toml
for release in openenv-0.10.0 openenv-core-0.3.0; do
  "${compile[@]}" --output-file "tests/e2e/clients/$release.lock" "tests/e2e/clients/$release.in"
done
