"""Containers of candidates: what they may do, that each serves once, and that none is left."""

import gc
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Event
from typing import Final

import pytest
from docker import APIClient

from sandbox.container import ContainerSandbox
from sandbox.containers import boundary
from sandbox.containers.engine import Engine, Listed
from sandbox.containers.pool import Pool
from sandbox.containers.start import started
from sandbox.containers.sweep import Sweep
from sandbox.guest.nodes import pack
from sandbox.guest.orders import Kill, Limit
from sandbox.guest.wire import HEADER_BYTES
from sandbox.limits import MIB, Limits
from sandbox.outcome import SandboxUnavailable
from sandbox.process import LayersMissing
from tests.containers import ENGINE, EngineRoad, container_sandbox, left_of, road_to_engine
from tests.integration.sandbox_exams import exam, passed, until
from tests.tree import ROOT

pytestmark = pytest.mark.docker

GONE_WITHIN_S: Final = 10.0
BACK_WITHIN_S: Final = 20.0
ONE: Final = "def f(): return 1\n"
SHOW: Final = "from solution import f\ndef test_f():\n    assert f() is None\n"
WORKER: Final = """
import sys
from sandbox.container import ContainerSandbox
from sandbox.limits import Limits
from tests.integration.sandbox_exams import exam

image, engine = sys.argv[1:]
limits = Limits(test_wall_s=30.0, exam_wall_s=50.0, cpu_s=60)
staying = "import time\\ndef f():\\n    while True: time.sleep(0.01)\\n"
with ContainerSandbox(image=image, host=engine, warm=2, concurrency=1) as sandbox:
    print(sandbox._pool._owner, flush=True)
    sandbox.run(exam(staying, limits=limits))
"""


@pytest.fixture(scope="module", name="sandbox")
def shared_sandbox(sandbox_image: str) -> Iterator[ContainerSandbox]:
    with container_sandbox(sandbox_image) as sandbox:
        yield sandbox


def owner_of(sandbox: ContainerSandbox) -> str:
    return sandbox._pool._owner


def test_every_candidate_has_a_container_of_its_own(sandbox: ContainerSandbox) -> None:
    source = "import os\ndef f(): return os.uname().nodename, open('left', 'x') and 1\n"

    names = {sandbox.run(exam(source, SHOW)).tests[0].actual for _ in range(3)}

    assert len(names) == 3


def test_the_engine_holds_what_the_boundary_says(sandbox: ContainerSandbox) -> None:
    ready = sandbox._pool._ready
    until(lambda: bool(ready))
    client = APIClient(ENGINE)
    host = client.inspect_container(ready[0].identity)
    client.close()

    limits = host["HostConfig"]
    assert host["Config"]["User"] == "65534:65534"
    assert (limits["NetworkMode"], limits["IpcMode"]) == ("none", "none")
    assert (limits["ReadonlyRootfs"], limits["Privileged"]) == (True, False)
    assert (limits["CapDrop"], limits["CapAdd"]) == (["ALL"], None)
    assert limits["SecurityOpt"] == ["no-new-privileges:true"]
    assert limits["Memory"] == limits["MemorySwap"] > 0
    assert limits["PidsLimit"] > 0
    assert limits["CpuQuota"] > 0
    assert limits["LogConfig"]["Type"] == "none"
    assert (limits["AutoRemove"], host["Config"]["StdinOnce"]) == (True, True)
    assert (host["Mounts"], limits["Binds"], limits["Devices"]) == ([], None, None)


def test_a_candidate_finds_a_read_only_root_no_network_and_no_privileges(
    sandbox: ContainerSandbox,
) -> None:
    source = (
        "import os\n"
        "def refused(path):\n"
        "    try: open(path, 'w')\n"
        "    except OSError: return True\n"
        "def f():\n"
        "    return (os.getuid(), os.getgid(), [refused(p) for p in ('/x', '/tmp/x', '/etc/x')],\n"
        "            os.path.exists('/bin/sh'), os.path.exists('/var/run/docker.sock'))\n"
    )

    (test,) = sandbox.run(exam(source, SHOW)).tests

    assert test.actual == "(65534, 65534, [True, True, True], False, False)"


def test_two_orders_that_arrive_as_one_are_both_obeyed(sandbox: ContainerSandbox) -> None:
    guest = sandbox._pool.candidate()
    contained = sandbox._pool._contained(guest)
    orders = [Limit(0, 64 * MIB, 1), Kill([contained._inner_pid])]
    frames = [len(body).to_bytes(HEADER_BYTES, "big") + body for body in map(pack, orders)]

    contained._control._socket.sendall(b"".join(frames))
    gone = sandbox._pool.gone(guest)

    assert (gone.killed, gone.status) == (True, -signal.SIGKILL)


def test_health_tells_the_layers_of_containers(sandbox: ContainerSandbox) -> None:
    health = sandbox.health()

    assert health.backend == "docker"
    assert {"seccomp", "rlimits", *boundary.LAYERS} <= set(health.layers)
    assert set(health.layers).isdisjoint(health.missing)


def test_a_killed_worker_leaves_no_container(sandbox_image: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", WORKER, sandbox_image, ENGINE],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as worker:
        assert worker.stdout is not None
        owner = worker.stdout.readline().strip()
        until(lambda: len(left_of(owner)) >= 3)  # one at work and two that wait
        worker.kill()
    killed_s = time.monotonic()

    until(lambda: not left_of(owner), GONE_WITHIN_S)

    assert time.monotonic() - killed_s < GONE_WITHIN_S


def test_what_a_dead_worker_had_not_yet_started_is_swept_by_a_living_one(
    sandbox: ContainerSandbox, sandbox_image: str
) -> None:
    engine = Engine(ENGINE)
    wish = boundary.Wish(image=sandbox_image, owner="dead-worker")
    identity = engine.create(boundary.settings(wish))
    engine.close()
    assert left_of("dead-worker") == [identity]

    until(lambda: not left_of("dead-worker"), GONE_WITHIN_S)

    assert passed(sandbox.run(exam(ONE))) == [True]


def test_a_container_that_is_being_started_is_not_taken_for_left_over(sandbox_image: str) -> None:
    may_start = Event()
    seen: list[AbstractSet[str]] = []

    class SlowEngine(Engine):
        def start(self, identity: str) -> None:
            may_start.wait(GONE_WITHIN_S)
            super().start(identity)

    class Looking(Sweep):
        def orphans(
            self, listed: Iterable[Listed], alive: AbstractSet[str], now_s: float
        ) -> list[str]:
            seen.append(alive)
            return super().orphans(listed, alive, now_s)

    pool = Pool(partial(SlowEngine, ENGINE), boundary.Wish(image=sandbox_image, owner="slow"), 1)
    try:
        until(lambda: bool(pool._begun))
        begun = frozenset(pool._begun)
        pool._sweep_once(Looking("slow"))
        may_start.set()
        pool.forget(pool.candidate())
    finally:
        may_start.set()
        pool.close()

    assert begun <= seen[0]


def test_a_closed_sandbox_leaves_no_container(sandbox_image: str) -> None:
    sandbox = container_sandbox(sandbox_image)
    owner = owner_of(sandbox)
    assert passed(sandbox.run(exam(ONE))) == [True]
    assert left_of(owner)

    sandbox.close()

    until(lambda: not left_of(owner), GONE_WITHIN_S)


def test_closing_ends_an_exam_that_runs(sandbox_image: str) -> None:
    sandbox = container_sandbox(sandbox_image, warm=1)
    owner, taken = owner_of(sandbox), sandbox._pool._taken
    endless = exam(
        "def f():\n    while True: pass\n", limits=Limits(test_wall_s=30.0, exam_wall_s=50.0)
    )
    with ThreadPoolExecutor(1) as thread:
        running = thread.submit(sandbox.run, endless)
        until(lambda: bool(taken))
        sandbox.close()
        with pytest.raises(SandboxUnavailable):
            running.result(timeout=20)

    until(lambda: not left_of(owner), GONE_WITHIN_S)
    assert not taken


@pytest.fixture(name="road")
def open_road(docker_engine: None, tmp_path: Path) -> Iterator[EngineRoad]:
    with road_to_engine(tmp_path) as road:
        yield road


# the SDK leaves the socket of a client that it could not make to the garbage collector
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_engine_that_goes_away_is_told_and_its_return_is_noticed(
    sandbox_image: str, road: EngineRoad
) -> None:
    with container_sandbox(sandbox_image, host=road.host) as sandbox:
        assert passed(sandbox.run(exam(ONE))) == [True]
        owner = owner_of(sandbox)

        road.cut()
        until(lambda: is_away(sandbox))
        with pytest.raises(SandboxUnavailable, match=r"Docker engine at .* see that it runs"):
            sandbox.run(exam(ONE))
        until(lambda: not left_of(owner), GONE_WITHIN_S)

        road.mend()
        until(lambda: not is_away(sandbox), BACK_WITHIN_S)
        assert passed(sandbox.run(exam(ONE))) == [True]
    gc.collect()


# the SDK leaves the socket it was hung up on to the garbage collector
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_container_lost_in_its_start_with_its_engine_tells_of_the_engine(
    sandbox_image: str, road: EngineRoad
) -> None:
    class CutOnceStarted(Engine):
        def start(self, identity: str) -> None:
            super().start(identity)
            road.cut()

    begun: list[str] = []
    engine = CutOnceStarted(road.host)
    settings = boundary.settings(boundary.Wish(image=sandbox_image, owner="cut-off"))
    with pytest.raises(SandboxUnavailable, match=r"Docker engine at .* see that it runs"):
        started(engine, settings, begun.append)
    engine.close()

    assert len(begun) == 1
    until(lambda: not left_of("cut-off"), GONE_WITHIN_S)
    gc.collect()


def is_away(sandbox: ContainerSandbox) -> bool:
    """Say whether its health is that there is no engine."""
    try:
        sandbox.health()
    except SandboxUnavailable:
        return True
    return False


@pytest.mark.parametrize(
    ("host", "image", "said"),
    [
        ("unix:///nowhere/engine.sock", "", "see that it runs"),
        (ENGINE, "python-code-review-env-sandbox:never-built", "make sandbox-image"),
    ],
    ids=["engine", "image"],
)
def test_what_keeps_it_from_starting_is_said_with_what_to_do(
    sandbox_image: str, host: str, image: str, said: str
) -> None:
    with pytest.raises(SandboxUnavailable, match=said):
        container_sandbox(image or sandbox_image, host=host)


def test_a_layer_that_is_insisted_on_and_missing_refuses_the_start(sandbox_image: str) -> None:
    with pytest.raises(LayersMissing, match="lead"):
        container_sandbox(sandbox_image, require=frozenset({"lead"}))
