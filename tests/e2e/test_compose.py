"""`docker compose up` as a user says it: it becomes healthy, plays all tasks and leaves nothing."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
import yaml

from tests.e2e.conftest import TASK_IDS
from tests.e2e.live import free_port
from tests.tree import ROOT, tracked

pytestmark = [pytest.mark.docker, pytest.mark.timeout(600)]

HEALTHY_WITHIN_S = 90.0
WORKERS = 3
MODEL_VARIABLES = {"HF_TOKEN", "OPENAI_API_KEY", "API_KEY", "API_BASE_URL", "MODEL_NAME"}
SECOND_NS = 1_000_000_000


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """A deployment that is up, and where its gateway answers."""

    project: str
    url: str

    def containers(self) -> list[Any]:
        """Return what the engine knows of each container."""
        ids = listed("ps", "--all", self.project)
        inspected: list[Any] = json.loads(docker("inspect", *ids))
        return inspected

    def services(self) -> dict[str, list[Any]]:
        """Return the containers by the name of their service."""
        found: dict[str, list[Any]] = {}
        for container in self.containers():
            service = container["Config"]["Labels"]["com.docker.compose.service"]
            found.setdefault(service, []).append(container)
        return found


def docker(*argv: str) -> str:
    return subprocess.run(["docker", *argv], check=True, capture_output=True, text=True).stdout


def listed(*argv: str) -> list[str]:
    *command, project = argv
    kinds = ["container", *command] if command[0] == "ps" else command
    label = f"label=com.docker.compose.project={project}"
    return docker(*kinds, "--quiet", "--filter", label).split()


def merged(*options: str) -> dict[str, Any]:
    """Return the configuration as Compose reads it, with no variable set."""
    unset = ("IMAGE", "PUBLISH", "GRADING_CONCURRENCY", "WORKER_CPUS", "MAX_CONCURRENT_ENVS")
    environ = {name: value for name, value in os.environ.items() if name not in unset}
    done = subprocess.run(
        [ROOT / "scripts" / "compose.sh", *options, "config"],
        check=True,
        capture_output=True,
        text=True,
        env=environ,
    )
    configuration: dict[str, Any] = yaml.safe_load(done.stdout)
    return configuration


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh clone: what is tracked or would be, and nothing else."""
    copy = tmp_path_factory.mktemp("clone")
    for name in tracked():
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, copy / name)
    return copy


@pytest.fixture(scope="module")
def deployment(image: str, clone: Path) -> Iterator[Deployment]:
    """Bring a deployment up from a clone; when it is taken down nothing of it may be left."""
    project = f"pcrtest{uuid4().hex[:8]}"
    port = free_port()
    environ = {**os.environ, "IMAGE": image, "PUBLISH": f"127.0.0.1:{port}"}
    compose = [str(clone / "scripts" / "compose.sh"), "-p", project]
    up = [*compose, "up", "--build", "-d", "--scale", f"worker={WORKERS}"]
    try:
        subprocess.run(up, check=True, env=environ, stdout=subprocess.DEVNULL)
        yield Deployment(project=project, url=f"http://127.0.0.1:{port}")
    finally:
        subprocess.run([*compose, "down", "-v"], check=True, env=environ, capture_output=True)
    assert listed("ps", "--all", project) == []
    assert listed("volume", "ls", project) == []
    assert listed("network", "ls", project) == []


def test_it_becomes_healthy_and_plays_all_tasks(deployment: Deployment) -> None:
    give_up_s = time.monotonic() + HEALTHY_WITHIN_S
    wanted = ["healthy"] * (WORKERS + 2)
    while (healths := [c["State"]["Health"]["Status"] for c in deployment.containers()]) != wanted:
        assert time.monotonic() < give_up_s, healths
        time.sleep(0.5)

    ready = httpx.get(f"{deployment.url}/readyz", timeout=30)
    played = subprocess.run(
        [sys.executable, "inference.py", "--env-url", deployment.url],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
        env={name: text for name, text in os.environ.items() if name not in MODEL_VARIABLES},
    ).stdout

    assert ready.status_code == httpx.codes.OK, ready.text
    assert {"landlock", "seccomp"} <= set(ready.json()["isolation"]["layers"])
    assert ready.json()["load"]["grading_concurrency"] == WORKERS
    assert played.count("[END] success=true") == len(TASK_IDS)


def test_every_container_is_confined(deployment: Deployment) -> None:
    services = deployment.services()

    assert {name: len(of) for name, of in services.items()} == {
        "redis": 1,
        "gateway": 1,
        "worker": WORKERS,
    }
    for container in deployment.containers():
        host = container["HostConfig"]
        assert host["ReadonlyRootfs"] is True
        assert host["CapDrop"] == ["ALL"]
        assert host["CapAdd"] is None
        assert host["SecurityOpt"] == ["no-new-privileges:true"]
        assert host["Privileged"] is False
        assert host["RestartPolicy"]["Name"] == "unless-stopped"
        assert min(host["Memory"], host["NanoCpus"], host["PidsLimit"]) > 0
        assert container["Config"]["Healthcheck"]["Interval"] <= 10 * SECOND_NS
        assert docker("exec", container["Id"], "id", "-u").strip() != "0"


def test_only_redis_keeps_anything_and_only_the_gateway_is_published(
    deployment: Deployment,
) -> None:
    services = deployment.services()

    mounts = {
        name: {mount["Type"] for one in of for mount in one["Mounts"]}
        for name, of in services.items()
    }
    published = {
        name: [port for one in of for port in one["HostConfig"]["PortBindings"] or ()]
        for name, of in services.items()
    }

    assert mounts == {"redis": {"volume"}, "gateway": set(), "worker": set()}
    assert published == {"redis": [], "gateway": ["8000/tcp"], "worker": []}


def test_redis_appends_to_a_file_and_evicts_nothing(deployment: Deployment) -> None:
    (redis,) = deployment.services()["redis"]

    told = docker("exec", redis["Id"], "redis-cli", "config", "get", "appendonly")
    told += docker("exec", redis["Id"], "redis-cli", "config", "get", "maxmemory-policy")

    assert told.split() == ["appendonly", "yes", "maxmemory-policy", "noeviction"]


def test_a_worker_without_redis_is_not_called_healthy(image: str) -> None:
    alone = subprocess.run(
        [
            *("docker", "run", "--rm", "--network=none", "--env=REDIS_URL=redis://127.0.0.1:1/0"),
            *(image, *merged()["services"]["worker"]["healthcheck"]["test"][1:]),
        ],
        capture_output=True,
        text=True,
        check=False,
    )

    assert alone.returncode == 1
    assert alone.stdout.startswith("REDIS_URL: ")


def test_it_is_published_on_loopback_where_nobody_says_otherwise(docker_engine: None) -> None:
    (port,) = merged()["services"]["gateway"]["ports"]
    # Compose 1.29 shows a line, Compose 2 its parts.
    where = f"{port['host_ip']}:{port['published']}" if isinstance(port, dict) else port

    assert where.startswith("127.0.0.1:8000")


def test_with_its_profile_a_workers_sandboxes_get_namespaces(image: str) -> None:
    override = ("-f", "docker-compose.yml", "-f", "docker-compose.userns.yml")
    options = merged(*override)["services"]["worker"]["security_opt"]
    confined = ["--read-only", "--tmpfs=/tmp", "--cap-drop=ALL", "--network=none"]
    confined += [f"--security-opt={option.replace(':', '=', 1)}" for option in options]

    found = subprocess.run(
        ["docker", "run", "--rm", *confined, image, "python", "-m", "worker", "doctor"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert found.returncode == 0, found.stdout + found.stderr
    in_force = {line.split()[2] for line in found.stdout.splitlines() if "in force" in line}
    assert in_force >= {"ipc", "mount", "network", "pid", "user", "uts", "landlock", "seccomp"}
    assert "no-new-privileges:true" in options


def test_where_mounts_are_refused_in_a_user_namespace_a_worker_does_without(
    image: str, tmp_path: Path
) -> None:
    rule = {"names": ["mount"], "action": "SCMP_ACT_ERRNO"}
    profile = tmp_path / "no-mount.json"
    profile.write_text(json.dumps({"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [rule]}))
    confined = ["--cap-drop=ALL", "--network=none", f"--security-opt=seccomp={profile}"]

    found = subprocess.run(
        ["docker", "run", "--rm", *confined, image, "python", "-m", "worker", "doctor"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert found.returncode == 0, found.stdout + found.stderr
    assert "in force  landlock" in found.stdout
    assert "missing   mount: unshare: syscall: Operation not permitted; user: " in found.stdout
