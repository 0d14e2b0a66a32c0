#!/usr/bin/env bash
# Install a lock file into .venv: install.sh PYTHON LOCK
set -euo pipefail
cd "$(dirname "$0")/.."

python=$1
lock=$2

if ! command -v "$python" >/dev/null; then
  echo "setup: no $python on PATH; install Python 3.11 with venv, or say: make PYTHON=/path/to/python3.11 ..." >&2
  exit 1
fi
[ -x .venv/bin/python ] || "$python" -m venv .venv
echo "setup: installing $lock into .venv" >&2
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --requirement "$lock"
