"""What is held against a Kubernetes object."""

import copy
from collections.abc import Callable

import pytest

from scripts.manifests import findings
from tests.unit.deploy.manifests_here import OVERLAYS, Manifest, container_of, one, written


def worker() -> Manifest:
    return copy.deepcopy(one("Deployment", "worker"))


def spec_of(manifest: Manifest) -> Manifest:
    spec: Manifest = manifest["spec"]["template"]["spec"]
    return spec


def container(manifest: Manifest) -> Manifest:
    first: Manifest = spec_of(manifest)["containers"][0]
    return first


def test_nothing_is_wrong_with_ours() -> None:
    every = [*written(), *written("keda"), *written("gvisor")]

    assert len(every) > 14
    assert [line for manifest in every for line in findings(manifest)] == []


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_an_overlay_adds_something(overlay: str) -> None:
    assert written(overlay)


WRONGS: dict[str, Callable[[Manifest], object]] = {
    "it shares a namespace of its node": lambda m: spec_of(m).update(hostPID=True),
    "it has a volume of a kind": lambda m: spec_of(m)["volumes"].append(
        {"name": "host", "hostPath": {"path": "/"}}
    ),
    "it gets a token": lambda m: spec_of(m).pop("automountServiceAccountToken"),
    "it sets a kernel parameter": lambda m: spec_of(m)["securityContext"].update(
        sysctls=[{"name": "kernel.shmmax", "value": "1"}]
    ),
    "it may run as root": lambda m: container(m)["securityContext"].update(runAsUser=0),
    "it has no seccomp profile": lambda m: spec_of(m)["securityContext"].pop("seccompProfile"),
    "it may gain privileges": lambda m: container(m)["securityContext"].pop(
        "allowPrivilegeEscalation"
    ),
    "it keeps capabilities": lambda m: container(m)["securityContext"]["capabilities"].update(
        add=["SYS_ADMIN"]
    ),
    "it writes to its root": lambda m: container(m)["securityContext"].update(
        readOnlyRootFilesystem=False
    ),
    "it unmasks /proc": lambda m: container(m)["securityContext"].update(procMount="Unmasked"),
    "it sets SELinux": lambda m: container(m)["securityContext"].update(
        seLinuxOptions={"user": "u"}
    ),
    "it takes a port of its node": lambda m: container(m).update(
        ports=[{"containerPort": 1, "hostPort": 1}]
    ),
    "it does not say what it needs": lambda m: container(m)["resources"].pop("limits"),
    "nobody asks whether it is ready": lambda m: container(m).pop("readinessProbe"),
    "Kubernetes 1.37: spec: Additional properties": lambda m: m["spec"].update(size=3),
    "Kubernetes 1.25: spec.replicas": lambda m: m["spec"].update(replicas="three"),
    "Couldn't find schema for kind Deploy": lambda m: m.update(kind="Deploy"),
}


@pytest.mark.parametrize("message", WRONGS)
def test_what_is_wrong_is_found(message: str) -> None:
    manifest = worker()

    WRONGS[message](manifest)

    found = findings(manifest)
    assert found
    assert any(message in line for line in found), found


@pytest.mark.parametrize("kind", ["Job", "CronJob", "Pod"])
def test_pods_are_found_in_whatever_makes_them(kind: str) -> None:
    bare = {"containers": [{"name": "bare", "image": "bare"}], "restartPolicy": "Never"}
    specs = {
        "Pod": ("v1", bare),
        "Job": ("batch/v1", {"template": {"spec": bare}}),
        "CronJob": (
            "batch/v1",
            {"schedule": "@daily", "jobTemplate": {"spec": {"template": {"spec": bare}}}},
        ),
    }
    version, spec = specs[kind]

    found = findings(
        {"apiVersion": version, "kind": kind, "metadata": {"name": "bare"}, "spec": spec}
    )

    assert f"{kind} bare: container bare: it may run as root" in found


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("spec", "cooldown"), 5, "unknown field `cooldown`"),
        (("spec", "minReplicaCount"), "two", "Expected `int`"),
        (("spec", "triggers"), [], "length >= 1"),
        (("spec", "triggers"), [{"type": "redis", "metadata": {"address": "redis"}}], "address"),
    ],
)
def test_a_wrong_scaled_object_is_found(path: tuple[str, str], value: object, message: str) -> None:
    manifest = copy.deepcopy(one("ScaledObject", "worker", "keda"))

    manifest[path[0]][path[1]] = value

    (found,) = findings(manifest)
    assert message in found


def test_a_container_has_one_name_in_all_of_ours() -> None:
    names = {
        (kind, name): container_of(kind, name)["name"]
        for kind, name in (
            ("Deployment", "gateway"),
            ("Deployment", "worker"),
            ("StatefulSet", "redis"),
        )
    }

    assert {name for _, name in names} == set(names.values())
