"""How sandboxes end: closed, broken, refused, or with their whole process killed."""

import os
import signal
import tempfile
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from sandbox.limits import Limits
from sandbox.outcome import SandboxUnavailable
from sandbox.process import LayersMissing, ProcessSandbox
from tests.integration.sandbox_exams import (
    children,
    cpu_used_s,
    exam,
    family,
    groups_of,
    passed,
    running,
    scratch_roots,
    until,
)

RIGHT = "def f():\n    return 1\n"
ENDLESS = "def f():\n    while True: pass\n"
LONG = Limits(test_wall_s=30.0, exam_wall_s=40.0, cpu_s=40)


@pytest.fixture(name="others")
def processes_of_other_tests() -> set[int]:
    return family(os.getpid())


@pytest.fixture(autouse=True)
def temporary_folder_apart(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Keep the scratch folders of these sandboxes from those of tests that run beside."""
    with tempfile.TemporaryDirectory(prefix="sandbox-ends-") as folder:
        Path(folder).chmod(0o711)  # guests may run as users of their own
        monkeypatch.setattr(tempfile, "tempdir", folder)
        yield


@pytest.fixture(name="own")
def own_sandbox(others: set[int]) -> Iterator[ProcessSandbox]:
    del others  # asked for so that they are counted before the sandbox starts
    with ProcessSandbox(concurrency=1) as sandbox:
        yield sandbox


def test_a_fork_server_killed_in_an_exam_is_our_fault_and_is_replaced(
    others: set[int], own: ProcessSandbox
) -> None:
    unavailable = threading.Event()

    def examine() -> None:
        with pytest.raises(SandboxUnavailable):
            own.run(exam(ENDLESS, limits=LONG))
        unavailable.set()

    before = family(os.getpid()) - others
    (server,) = set(children(os.getpid())) - others
    examining = threading.Thread(target=examine)
    examining.start()
    until(lambda: cpu_used_s(family(server)) > 0.3)
    os.kill(server, signal.SIGKILL)
    examining.join()

    assert unavailable.is_set()
    assert passed(own.run(exam(RIGHT))) == [True]
    until(lambda: not running(before))


def test_guests_killed_from_outside_cost_one_exam_at_most(
    others: set[int], own: ProcessSandbox
) -> None:
    for pid in family(os.getpid()) - others:
        if pid not in children(os.getpid()):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    outcomes = []
    for _ in range(3):
        try:
            outcomes.append(passed(own.run(exam(RIGHT))))
        except SandboxUnavailable:
            outcomes.append([])

    assert outcomes[-2:] == [[True], [True]]


def test_closing_leaves_no_process_folder_or_group(others: set[int]) -> None:
    with ProcessSandbox(concurrency=2) as sandbox:
        sandbox.run(exam("open('left', 'w').write('x')\ndef f(): return 1"))
        assert len(family(os.getpid()) - others) > 4
        assert len(scratch_roots()) == 1
        assert bool(groups_of(os.getpid())) == ("cgroup" in sandbox.health().layers)

    assert family(os.getpid()) == others
    assert scratch_roots() == set()
    assert groups_of(os.getpid()) == []
    with pytest.raises(SandboxUnavailable, match="closed"):
        sandbox.run(exam(RIGHT))


def test_closing_twice_is_harmless() -> None:
    sandbox = ProcessSandbox(concurrency=1)

    sandbox.close()
    sandbox.close()


def test_closing_while_an_exam_runs_ends_it(others: set[int]) -> None:
    sandbox = ProcessSandbox(concurrency=1)
    unavailable = threading.Event()

    def examine() -> None:
        with pytest.raises(SandboxUnavailable):
            sandbox.run(exam(ENDLESS, limits=LONG))
        unavailable.set()

    examining = threading.Thread(target=examine)
    examining.start()
    until(lambda: cpu_used_s(family(os.getpid()) - others) > 0.5)
    sandbox.close()
    examining.join(10)

    assert unavailable.is_set()
    assert family(os.getpid()) == others
    assert groups_of(os.getpid()) == []


def test_a_layer_nobody_has_is_missed_and_nothing_is_left(others: set[int]) -> None:
    with pytest.raises(LayersMissing, match=r"missing here: lead; in force: .*process"):
        ProcessSandbox(concurrency=2, require=frozenset({"lead", "process"}))

    assert family(os.getpid()) == others
    assert scratch_roots() == set()


def test_two_sandboxes_of_one_process_keep_apart() -> None:
    with ProcessSandbox(concurrency=1) as kept:
        with ProcessSandbox(concurrency=1) as closed:
            assert passed(closed.run(exam(RIGHT))) == [True]

        for _ in range(4):
            assert passed(kept.run(exam(RIGHT))) == [True]
