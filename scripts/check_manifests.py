"""Check the Kubernetes objects on standard input: `kubectl kustomize DIR | python -m … DIR`."""

import sys

import yaml

from scripts.manifests import findings


def main(name: str) -> int:
    """Print what is wrong.

    Returns:
        0 when nothing is, 1 when something is or there was nothing to look at.
    """
    manifests = [manifest for manifest in yaml.safe_load_all(sys.stdin) if manifest]
    found = [line for manifest in manifests for line in findings(manifest)]
    for line in found:
        print(f"{name}: {line}")
    print(f"{name}: {len(manifests)} objects, {len(found)} findings")
    return 0 if manifests and not found else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
