"""The container image, run as a Space runs it and as OpenEnv's validator runs it."""

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
import pytest
from websockets.sync.client import connect

from tests.e2e.conftest import CLIENT_INSTALLED_WITHIN_S, TASK_IDS, ClientPython
from tests.tree import ROOT

pytestmark = [pytest.mark.docker, pytest.mark.timeout(CLIENT_INSTALLED_WITHIN_S)]

HEALTHY_DEADLINE_S = 60.0
STOP_CEILING_S = 5.0
CLEAN_EXITS = ("0", "143")
"""uvicorn raises SIGTERM again once it has shut down; as process 1 that has no effect."""
SPACE = ()
VALIDATOR = (
    "--init",
    "--user=65532:65532",
    "--read-only",
    "--cap-drop=ALL",
    "--security-opt=no-new-privileges",
    "--pids-limit=256",
    "--memory=1024m",
    "--memory-swap=1024m",
    "--cpus=1",
    "--tmpfs=/tmp",
)
PLACES = pytest.mark.parametrize(
    "options", [pytest.param(SPACE, id="space"), pytest.param(VALIDATOR, id="validator")]
)


@dataclass(frozen=True, kw_only=True)
class Container:
    """A running container of ours and where it answers."""

    id: str
    url: str


def docker(*argv: str) -> str:
    """Run one docker command and return what it printed."""
    done = subprocess.run(["docker", *argv], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def docker_log(container: str) -> str:
    """Return what a container has logged."""
    done = subprocess.run(
        ["docker", "logs", container],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=True,
    )
    return done.stdout


@contextmanager
def running(image: str, options: tuple[str, ...]) -> Iterator[Container]:
    """Start the image and remove its container afterwards, whatever happened."""
    container = docker("run", "--detach", "--publish", "127.0.0.1::8000", *options, image)
    try:
        address = docker("port", container, "8000/tcp").splitlines()[0]
        url = f"http://{address}"
        wait_until_answering(container, url)
        yield Container(id=container, url=url)
    finally:
        docker("rm", "--force", container)


def wait_until_answering(container: str, url: str) -> None:
    """Return when the container answers /health; show its log when it left instead."""
    give_up = time.monotonic() + HEALTHY_DEADLINE_S
    while time.monotonic() < give_up:
        if docker("inspect", "--format", "{{.State.Running}}", container) != "true":
            pytest.fail(docker_log(container))
        try:
            if httpx.get(f"{url}/health", timeout=2.0).status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    pytest.fail(f"no answer within {HEALTHY_DEADLINE_S:g} s")


@PLACES
def test_it_grades_right_and_wrong_where_it_is_deployed(
    image: str, options: tuple[str, ...], references: dict[str, str]
) -> None:
    task_id = TASK_IDS[1]
    starter = (ROOT / "tasks" / "catalog" / task_id / "starter.py").read_text()

    with running(image, options) as container, httpx.Client(base_url=container.url) as http:
        ready = http.get("/readyz", timeout=30.0)
        solved = http.post(
            "/grade", json={"task_id": task_id, "code": references[task_id]}, timeout=30.0
        ).json()
        unsolved = http.post("/grade", json={"task_id": task_id, "code": starter}, timeout=30.0)

    assert ready.status_code == httpx.codes.OK, ready.text
    assert "seccomp" in ready.text
    assert solved["passed"] is True
    assert unsolved.json()["passed"] is False


@PLACES
def test_it_leaves_in_time_on_sigterm_with_a_socket_open(
    image: str, options: tuple[str, ...]
) -> None:
    with running(image, options) as container:
        socket_url = container.url.replace("http://", "ws://") + "/ws"
        with connect(socket_url) as socket:
            socket.send('{"type":"reset","data":{}}')
            socket.recv(timeout=10)
            asked = time.monotonic()
            docker("kill", "--signal", "TERM", container.id)
            status = docker("wait", container.id)
            took_s = time.monotonic() - asked
        log = docker_log(container.id)

    assert took_s < STOP_CEILING_S
    assert status in CLEAN_EXITS
    assert "server_stopped" in log
    assert "Traceback" not in log


def test_docker_calls_it_healthy(image: str) -> None:
    give_up = time.monotonic() + HEALTHY_DEADLINE_S
    status = "starting"

    with running(image, ()) as container:
        while status == "starting" and time.monotonic() < give_up:
            time.sleep(0.5)
            status = docker("inspect", "--format", "{{.State.Health.Status}}", container.id)

    assert status == "healthy"


def test_it_holds_what_runs_and_nothing_else(image: str) -> None:
    survey = """
import glob, importlib.util as find, json, os, shutil
print(json.dumps({
    "uid": os.getuid(),
    "development": [n for n in ("pytest", "mypy", "hypothesis", "pip") if find.find_spec(n)],
    "compilers": [n for n in ("gcc", "cc", "make", "git") if shutil.which(n)],
    "folders": sorted(os.listdir("/app")),
    "certificates": os.path.getsize("/etc/ssl/certs/ca-certificates.crt") > 0,
}))
"""

    found = json.loads(docker("run", "--rm", "--network=none", image, "python", "-c", survey))

    assert found["uid"] == 1000
    assert found["development"] == []
    assert found["compilers"] == []
    assert "tests" not in found["folders"]
    assert found["certificates"] is True


@pytest.fixture(name="image_apart")
def image_that_nobody_else_runs(image: str) -> Iterator[str]:
    """The service's image under an id of its own, so that its containers can be told."""
    tag = f"{image}-apart"
    dockerfile = f"FROM {image}\nLABEL run-by=openenv\n"
    build = ["docker", "build", "--quiet", "--tag", tag, "-"]
    subprocess.run(build, input=dockerfile, text=True, check=True, capture_output=True)
    try:
        yield tag
    finally:
        docker("image", "rm", "--force", tag)


def test_openenvs_container_provider_starts_and_stops_it(
    image_apart: str, client_python: ClientPython, references: dict[str, str]
) -> None:
    task_id = TASK_IDS[0]
    script = ROOT / "tests" / "e2e" / "clients" / "container.py"

    played = subprocess.run(
        [client_python("openenv-0.10.0"), "-W", "ignore", script, image_apart, task_id],
        input=references[task_id],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert played.returncode == 0, played.stderr
    last = json.loads(played.stdout.splitlines()[-1])
    assert last["done"] is True
    assert last["reward"] >= 0.9
    assert docker("ps", "--quiet", "--filter", f"ancestor={image_apart}") == ""
