"""What a Kubernetes object has to be: valid, and in the terms of pod security restricted."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, TypeAlias

import kubernetes_validate
import msgspec

from scripts.keda import ScaledObject

Manifest: TypeAlias = dict[str, Any]

VERSIONS: Final = ("1.25", "1.37")
"""Kubernetes' schemas that everything is held to: the oldest and the newest there are."""
WORKLOADS: Final = frozenset(
    {"DaemonSet", "Deployment", "Job", "ReplicaSet", "ReplicationController", "StatefulSet"}
)
# Source: kubernetes.io, "Pod Security Standards", restricted.
VOLUMES: Final = frozenset(
    {
        *("configMap", "csi", "downwardAPI", "emptyDir", "ephemeral"),
        *("persistentVolumeClaim", "projected", "secret"),
    }
)
SECCOMP_PROFILES: Final = frozenset({"RuntimeDefault", "Localhost"})
HOST_NAMESPACES: Final = ("hostNetwork", "hostPID", "hostIPC")
QUANTITIES: Final = ("cpu", "memory")


def findings(manifest: Manifest) -> list[str]:
    """Return what is wrong with an object, each as one line."""
    return [f"{_title(manifest)}: {found}" for found in (*schema(manifest), *pod(manifest))]


def schema(manifest: Manifest) -> Iterator[str]:
    """Give what an object's schema says against it; unknown fields and kinds count."""
    if manifest["apiVersion"] == ScaledObject.API_VERSION:
        try:
            msgspec.convert(manifest, ScaledObject)
        except msgspec.ValidationError as error:
            yield f"KEDA: {error}"
        return
    for version in VERSIONS:
        try:
            kubernetes_validate.validate(manifest, version, strict=True)
        except kubernetes_validate.ValidationError as error:
            place = ".".join(str(part) for part in error.path)
            yield f"Kubernetes {version}: {place}: {error.message}"
        except kubernetes_validate.SchemaNotFoundError as error:
            yield f"Kubernetes {version}: {error.message}"


def pod(manifest: Manifest) -> Iterator[str]:
    """Give what the pods an object makes do against pod security restricted, and our own rules."""
    spec = pod_spec(manifest)
    if spec is None:
        return
    yield from _broken(POD_RULES, spec)
    whole = spec.get("securityContext", {})
    for container in containers(spec):
        merged = {**whole, **container.get("securityContext", {})}
        for rule in _broken(CONTAINER_RULES, {**container, "securityContext": merged}):
            yield f"container {container['name']}: {rule}"


def pod_spec(manifest: Manifest) -> Manifest | None:
    """Return the specification of the pods an object makes, if it makes any."""
    spec: Manifest | None = None
    if manifest["kind"] == "Pod":
        spec = manifest["spec"]
    elif manifest["kind"] == "CronJob":
        spec = manifest["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    elif manifest["kind"] in WORKLOADS:
        spec = manifest["spec"]["template"]["spec"]
    return spec


def containers(spec: Manifest) -> list[Manifest]:
    """Return every container of a pod, those that only begin it included."""
    kinds = ("initContainers", "containers", "ephemeralContainers")
    return [container for kind in kinds for container in spec.get(kind, ())]


def _broken(rules: Mapping[str, Callable[[Manifest], bool]], of: Manifest) -> Iterator[str]:
    return (name for name, holds in rules.items() if not holds(of))


def _title(manifest: Manifest) -> str:
    return f"{manifest['kind']} {manifest['metadata']['name']}"


def _context(of: Manifest) -> Manifest:
    context: Manifest = of.get("securityContext", {})
    return context


def _capabilities(container: Manifest) -> Manifest:
    capabilities: Manifest = _context(container).get("capabilities", {})
    return capabilities


def _has_quantities(container: Manifest) -> bool:
    resources = container.get("resources", {})
    asked, most = resources.get("requests", {}), resources.get("limits", {})
    return all(name in asked and name in most for name in QUANTITIES)


POD_RULES: Final[Mapping[str, Callable[[Manifest], bool]]] = {
    "it shares a namespace of its node": lambda pod: not any(map(pod.get, HOST_NAMESPACES)),
    "it has a volume of a kind that is not allowed": lambda pod: all(
        set(volume) - {"name"} <= VOLUMES for volume in pod.get("volumes", ())
    ),
    "it sets a kernel parameter": lambda pod: not _context(pod).get("sysctls"),
    "it gets a token of its service account": lambda pod: (
        pod.get("automountServiceAccountToken") is False
    ),
}
CONTAINER_RULES: Final[Mapping[str, Callable[[Manifest], bool]]] = {
    "it may run as root": lambda one: (
        _context(one).get("runAsNonRoot") is True and _context(one).get("runAsUser", 0) != 0
    ),
    "it has no seccomp profile": lambda one: (
        _context(one).get("seccompProfile", {}).get("type") in SECCOMP_PROFILES
    ),
    "it may gain privileges": lambda one: (
        _context(one).get("allowPrivilegeEscalation") is False
        and not _context(one).get("privileged")
    ),
    "it keeps capabilities": lambda one: (
        _capabilities(one).get("drop") == ["ALL"] and not _capabilities(one).get("add")
    ),
    "it writes to its root": lambda one: _context(one).get("readOnlyRootFilesystem") is True,
    "it unmasks /proc": lambda one: _context(one).get("procMount", "Default") == "Default",
    "it sets SELinux or AppArmor options": lambda one: (
        not {"seLinuxOptions", "appArmorProfile", "windowsOptions"} & set(_context(one))
    ),
    "it takes a port of its node": lambda one: (
        not any(port.get("hostPort") for port in one.get("ports", ()))
    ),
    "it does not say what it needs and may use": _has_quantities,
    "nobody asks whether it is ready": lambda one: "readinessProbe" in one,
}
"""Named for what is wrong where they do not hold."""
