"""The manifests name what the code, the image and Compose have."""

import re

import pytest
import yaml
from redis import Redis
from rq import Queue

from gateway.operations import operations_in
from gateway.readiness import SELF_TEST_DEADLINE_S
from gateway.settings import read_settings, settings_table
from server import app as server
from tests.tree import ROOT
from tests.unit.deploy.manifests_here import (
    BASE,
    OVERLAYS,
    WORKLOADS,
    container_of,
    environment,
    kustomization,
    one,
    pod_of,
    policies,
    selected,
    written,
)
from worker import settings as worker_settings
from worker.alive import ANSWER_S
from worker.crew import DRAIN_S
from worker.rq_wire import JOB_TIMEOUT_S, QUEUE_NAME

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
OURS = WORKLOADS[:2]


def seconds(text: str) -> float:
    return float(text.removesuffix("s"))


@pytest.mark.parametrize("name", ["", *OVERLAYS])
def test_every_file_is_put_to_use(name: str) -> None:
    built = kustomization(name)
    used = {*built["resources"], *built.get("patchesStrategicMerge", ()), "kustomization.yaml"}

    assert used == {path.name for path in OVERLAYS.get(name, BASE).iterdir()}


@pytest.mark.parametrize(("kind", "name"), OURS)
def test_the_environment_holds_settings_that_exist_and_are_taken(kind: str, name: str) -> None:
    environ = environment(container_of(kind, name))

    known = set(re.findall(r"^\| `([A-Z_]+)`", settings_table(), re.MULTILINE))
    assert set(environ) <= known
    assert read_settings(environ).redis_url == environ["REDIS_URL"]
    assert worker_settings.read_settings(environ).redis_url == environ["REDIS_URL"]


def test_redis_is_where_the_settings_say() -> None:
    service = one("Service", "redis")
    url = environment(container_of("Deployment", "worker"))["REDIS_URL"]
    (port,) = service["spec"]["ports"]

    assert url == f"redis://{service['metadata']['name']}:{port['port']}/0"
    assert selected({"matchLabels": service["spec"]["selector"]}) == {"redis"}


def test_images_are_those_of_compose() -> None:
    makefile = (ROOT / "Makefile").read_text()
    tagged = re.search(r"^IMAGE \?= (\S+):(\S+)$", makefile, re.MULTILINE)
    assert tagged is not None
    (chosen,) = kustomization()["images"]

    assert (chosen["name"], chosen["newTag"]) == tagged.groups()
    assert {container_of(kind, name)["image"] for kind, name in OURS} == {chosen["name"]}
    assert container_of("StatefulSet", "redis")["image"] == COMPOSE["redis"]["image"]


def test_commands_are_those_of_compose() -> None:
    assert container_of("StatefulSet", "redis")["command"] == COMPOSE["redis"]["command"]
    assert container_of("Deployment", "worker")["command"] == COMPOSE["worker"]["command"]
    assert "command" not in container_of("Deployment", "gateway")


def test_probes_ask_for_routes_ports_and_commands_that_exist() -> None:
    gateway, worker = (container_of(kind, name) for kind, name in OURS)
    probes = [gateway[f"{kind}Probe"]["httpGet"] for kind in ("startup", "liveness", "readiness")]
    paths = {operation.path for operation in operations_in("production")}

    assert [probe["path"] for probe in probes] == ["/livez", "/livez", "/readyz"]
    assert {probe["path"] for probe in probes} <= paths
    assert {probe["port"] for probe in probes} <= {port["name"] for port in gateway["ports"]}
    assert worker["readinessProbe"]["exec"]["command"] == [
        *worker["command"],
        "alive",
    ]
    assert (
        worker["readinessProbe"]["exec"]["command"] == COMPOSE["worker"]["healthcheck"]["test"][1:]
    )


def test_a_probe_waits_longer_than_its_answer_may_take() -> None:
    gateway, worker = (container_of(kind, name)["readinessProbe"] for kind, name in OURS)

    assert gateway["timeoutSeconds"] > SELF_TEST_DEADLINE_S
    assert worker["timeoutSeconds"] > 2 * ANSWER_S
    assert seconds(COMPOSE["gateway"]["healthcheck"]["timeout"]) > SELF_TEST_DEADLINE_S
    assert seconds(COMPOSE["worker"]["healthcheck"]["timeout"]) > 2 * ANSWER_S


def test_a_worker_is_not_killed_for_what_redis_does() -> None:
    worker = container_of("Deployment", "worker")

    assert "livenessProbe" not in worker
    assert "startupProbe" not in worker


def test_a_worker_may_finish_the_longest_grading_and_drain() -> None:
    grace_s = pod_of("Deployment", "worker")["terminationGracePeriodSeconds"]

    assert grace_s > JOB_TIMEOUT_S + DRAIN_S
    assert seconds(COMPOSE["worker"]["stop_grace_period"]) > DRAIN_S


def test_a_gateway_may_finish_its_requests() -> None:
    pod = pod_of("Deployment", "gateway")
    (container,) = pod["containers"]
    pause_s = float(container["lifecycle"]["preStop"]["exec"]["command"][1])

    assert pod["terminationGracePeriodSeconds"] > pause_s + server.DRAIN_S + server.GRACE_S
    assert seconds(COMPOSE["gateway"]["stop_grace_period"]) > server.DRAIN_S + server.GRACE_S


def test_a_worker_grades_as_much_at_once_as_it_has_cores() -> None:
    worker = container_of("Deployment", "worker")

    assert environment(worker)["GRADING_CONCURRENCY"] == worker["resources"]["limits"]["cpu"]


def test_services_and_budgets_mean_the_pods_of_their_name() -> None:
    about: dict[tuple[str, str], set[str]] = {}
    for manifest in written():
        name = manifest["metadata"]["name"]
        if manifest["kind"] == "Service":
            about["Service", name] = selected({"matchLabels": manifest["spec"]["selector"]})
        if manifest["kind"] == "PodDisruptionBudget":
            about["Budget", name] = selected(manifest["spec"]["selector"])

    assert about == {
        ("Service", "gateway"): {"gateway"},
        ("Service", "redis"): {"redis"},
        ("Budget", "gateway"): {"gateway"},
        ("Budget", "redis"): {"redis"},
        ("Budget", "worker"): {"worker"},
    }


def test_services_and_policies_name_ports_that_their_pods_have() -> None:
    ports = {
        name: {port["name"] for port in container_of(kind, name).get("ports", ())}
        for kind, name in WORKLOADS
    }
    served = [
        (manifest["metadata"]["name"], port["targetPort"])
        for manifest in written()
        if manifest["kind"] == "Service"
        for port in manifest["spec"]["ports"]
    ]
    heard = [
        (name, port["port"])
        for name, specs in policies().items()
        for spec in specs
        for rule in spec.get("ingress", ())
        for port in rule["ports"]
    ]

    assert sorted(served) == sorted(heard) == [("gateway", "http"), ("redis", "redis")]
    assert all(port in ports[name] for name, port in served)
    assert "redis" in ports["redis"]


def test_every_pod_runs_under_the_account_without_a_token() -> None:
    account = one("ServiceAccount", "code-review")

    assert account["automountServiceAccountToken"] is False
    assert {pod_of(kind, name)["serviceAccountName"] for kind, name in WORKLOADS} == {
        account["metadata"]["name"]
    }


def test_keda_watches_the_list_rq_keeps() -> None:
    scaled = one("ScaledObject", "worker", "keda")["spec"]
    (trigger,) = scaled["triggers"]
    watched = trigger["metadata"]
    namespace = kustomization("keda")["namespace"]

    assert watched["listName"] == Queue(QUEUE_NAME, connection=Redis()).key
    assert watched["address"] == f"redis.{namespace}.svc:6379"
    assert (scaled["scaleTargetRef"]["kind"], scaled["scaleTargetRef"]["name"]) in WORKLOADS


def test_keda_takes_no_worker_away_before_its_longest_grading_is_over() -> None:
    scaled = one("ScaledObject", "worker", "keda")["spec"]
    down = scaled["advanced"]["horizontalPodAutoscalerConfig"]["behavior"]["scaleDown"]

    assert scaled["cooldownPeriod"] > JOB_TIMEOUT_S + DRAIN_S
    assert down["stabilizationWindowSeconds"] > JOB_TIMEOUT_S + DRAIN_S
    assert scaled["minReplicaCount"] > 0


def test_gvisor_runs_workers() -> None:
    patch = yaml.safe_load((OVERLAYS["gvisor"] / "worker.yaml").read_text())
    runtime = one("RuntimeClass", "gvisor", "gvisor")

    assert patch["spec"]["template"]["spec"]["runtimeClassName"] == runtime["metadata"]["name"]
    assert runtime["handler"] == "runsc"
    assert (patch["kind"], patch["metadata"]["name"]) in WORKLOADS
