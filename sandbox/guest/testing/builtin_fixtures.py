"""The fixtures every test may name: capsys, monkeypatch, tmp_path."""

import itertools
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from sandbox.guest.testing.capture import CaptureFixture
from sandbox.guest.testing.fixture_values import FixtureRequest
from sandbox.guest.testing.fixtures import Fixture
from sandbox.guest.testing.monkeypatching import MonkeyPatch
from sandbox.isolation import scratch


def _capsys(request: FixtureRequest) -> CaptureFixture:
    return CaptureFixture(request.capture)


def _monkeypatch() -> Iterator[MonkeyPatch]:
    patch = MonkeyPatch()
    yield patch
    patch.undo()


def _tmp_path() -> Iterator[Path]:
    for number in itertools.count():
        path = Path.cwd() / f"tmp_path-{number}"
        try:
            path.mkdir()
        except FileExistsError:
            continue
        yield path
        with suppress(OSError):  # a test may have locked it; the slot is emptied later
            scratch.remove(str(path))
        return


BUILTIN_FIXTURES: Final = (
    Fixture("capsys", _capsys, ("request",)),
    Fixture("monkeypatch", _monkeypatch, ()),
    Fixture("tmp_path", _tmp_path, ()),
)
