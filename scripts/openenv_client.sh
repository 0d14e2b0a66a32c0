#!/usr/bin/env bash
# Make a virtual environment that holds one OpenEnv release and nothing of this project, and
# print the path of its interpreter: openenv_client.sh PYTHON openenv-0.10.0
set -euo pipefail
cd "$(dirname "$0")/.."

python=$1
release=$2
lock=tests/e2e/clients/$release.lock
venv=.venv/clients/$release-$(sha256sum "$lock" | cut -c1-12)

mkdir -p .venv/clients
exec 9>".venv/clients/$release.guard"
flock 9
if [ ! -e "$venv/.installed" ]; then
  echo "openenv client: installing $release" >&2
  rm -rf "$venv"
  "$python" -m venv "$venv"
  "$venv/bin/python" -m pip install --quiet --no-compile --disable-pip-version-check --no-deps --require-hashes --requirement "$lock" >&2
  touch "$venv/.installed"
fi
echo "$PWD/$venv/bin/python"
