"""The manifests as they are written, without the tool that puts them together."""

from functools import cache
from typing import Any

import yaml

from tests.tree import ROOT

KUBERNETES = ROOT / "deploy" / "kubernetes"
BASE = KUBERNETES / "base"
OVERLAYS = {name: KUBERNETES / "overlays" / name for name in ("gvisor", "keda")}

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
