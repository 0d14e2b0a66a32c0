#!/usr/bin/env bash
# Build the Kubernetes base and every overlay, and check what comes out. Needs no cluster.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v kubectl >/dev/null; then
  echo "kubernetes: no kubectl on PATH; install it (Debian: apt install kubernetes-client)" >&2
  exit 1
fi
for place in deploy/kubernetes/base deploy/kubernetes/overlays/*; do
  kubectl kustomize "$place" | .venv/bin/python -m scripts.check_manifests "$place"
done
