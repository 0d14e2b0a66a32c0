#!/usr/bin/env bash
# Docker Compose, whichever there is: version 2 as a plugin of docker, or version 1 by itself.
set -euo pipefail
cd "$(dirname "$0")/.."

if docker compose version >/dev/null 2>&1; then
  exec docker compose "$@"
fi
if ! command -v docker-compose >/dev/null; then
  echo "compose: neither 'docker compose' nor 'docker-compose' is here; install one of them" >&2
  exit 1
fi
exec docker-compose "$@"
