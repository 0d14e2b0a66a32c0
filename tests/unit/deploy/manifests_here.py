"""The manifests as they are written, without the tool that puts them together."""

from functools import cache
from typing import Any

import yaml

from tests.tree import ROOT

KUBERNETES = ROOT / "deploy" / "kubernetes"
BASE = KUBERNETES / "base"
OVERLAYS = {name: KUBERNETES / "overlays" / name for name in ("gvisor", "keda")}
WORKLOADS = (("Deployment", "gateway"), ("Deployment", "worker"), ("StatefulSet", "redis"))

Manifest = dict[str, Any]


@cache
def kustomization(name: str = "") -> Manifest:
    """Return how an overlay, or the base, is put together."""
    folder = OVERLAYS.get(name, BASE)
    read: Manifest = yaml.safe_load((folder / "kustomization.yaml").read_text())
    return read


@cache
def written(name: str = "") -> tuple[Manifest, ...]:
    """Return the objects an overlay adds, or those of the base; everybody is given the same."""
    folder = OVERLAYS.get(name, BASE)
    return tuple(
        manifest
        for resource in kustomization(name)["resources"]
        for manifest in yaml.safe_load_all((folder / resource).read_text())
    )


def one(kind: str, name: str, overlay: str = "") -> Manifest:
    """Return the one object of a kind and name."""
    (found,) = [
        manifest
        for manifest in written(overlay)
        if (manifest["kind"], manifest["metadata"]["name"]) == (kind, name)
    ]
    return found


def pod_of(kind: str, name: str) -> Manifest:
    """Return the specification of the pods that an object of the base makes."""
    spec: Manifest = one(kind, name)["spec"]["template"]["spec"]
    return spec


def container_of(kind: str, name: str) -> Manifest:
    """Return their one container."""
    (container,) = pod_of(kind, name)["containers"]
    assert isinstance(container, dict)
    return container


def environment(container: Manifest) -> dict[str, str]:
    """Return what a container's program finds in its environment."""
    (generated,) = kustomization()["configMapGenerator"]
    shared = dict(line.split("=", 1) for line in generated["literals"])
    own = {variable["name"]: variable["value"] for variable in container.get("env", ())}
    assert [source["configMapRef"]["name"] for source in container["envFrom"]] == [
        generated["name"]
    ]
    return {**shared, **own}


def labels_of(kind: str, name: str) -> dict[str, str]:
    """Return the labels of the pods an object makes."""
    labels: dict[str, str] = one(kind, name)["spec"]["template"]["metadata"]["labels"]
    return labels


def selected(selector: Manifest) -> set[str]:
    """Return which workloads' pods a selector means."""
    chosen = set()
    for kind, name in WORKLOADS:
        labels = labels_of(kind, name)
        wanted = selector.get("matchLabels", {}).items() <= labels.items()
        for part in selector.get("matchExpressions", ()):
            assert part["operator"] == "In"
            wanted = wanted and labels.get(part["key"]) in part["values"]
        if wanted:
            chosen.add(name)
    return chosen


def policies() -> dict[str, list[Manifest]]:
    """Return the base's network policies by whose pods they are about."""
    found: dict[str, list[Manifest]] = {name: [] for _, name in WORKLOADS}
    for manifest in written():
        if manifest["kind"] == "NetworkPolicy":
            for name in selected(manifest["spec"]["podSelector"]):
                found[name].append(manifest["spec"])
    return found
