"""`openenv validate` of both releases against our servers, and of 0.10.0 against our folder."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import CLIENT_INSTALLED_WITHIN_S, RELEASES, ClientPython
from tests.tree import ROOT, tracked

pytestmark = pytest.mark.timeout(CLIENT_INSTALLED_WITHIN_S)

NEWEST = "openenv-0.10.0"
URL_DEADLINE_S = 60.0
RUNTIME_DEADLINE_S = 280.0
URL_CRITERIA = {
    "openapi_version_available",
    "health_endpoint",
    "metadata_endpoint",
    "schema_endpoint",
    "mcp_endpoint",
    "mode_endpoint_consistency",
}
RUNTIME_CHECKS = {
    "runtime.startup",
    "runtime.observation_schema",
    "runtime.reward_well_formed",
    "runtime.state_contract",
}


def validate(python: Path, *argv: str, deadline_s: float) -> dict[str, Any]:
    """Run `openenv validate` and read its JSON report; a verdict of FAIL fails the test."""
    command: list[str | Path] = [python.parent / "openenv", "validate", *argv]
    done = subprocess.run(command, capture_output=True, text=True, timeout=deadline_s, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    report: dict[str, Any] = json.loads(done.stdout[done.stdout.index("{") :])
    return report


@pytest.mark.parametrize("mode", ["simulation", "production"])
@pytest.mark.parametrize("release", RELEASES)
def test_a_running_server_meets_all_six_criteria(
    release: str, mode: str, client_python: ClientPython, request: pytest.FixtureRequest
) -> None:
    server = request.getfixturevalue(f"{mode}_server")
    options = ["--json"] if release == NEWEST else []

    report = validate(
        client_python(release), "--url", server.url, *options, deadline_s=URL_DEADLINE_S
    )

    met = {criterion["id"]: criterion["passed"] for criterion in report["criteria"]}
    assert met == dict.fromkeys(URL_CRITERIA, True)


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A copy of what is tracked or would be: a clone, as a user would validate it."""
    copy = tmp_path / "python_code_review_env"
    for name in tracked():
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, copy / name)
    return copy


def test_the_folder_passes_the_static_level(package: Path, client_python: ClientPython) -> None:
    report = validate(
        client_python(NEWEST), str(package), "--level", "static", "--json", deadline_s=60.0
    )

    assert report["verdict"] == "pass"


@pytest.mark.docker
@pytest.mark.usefixtures("docker_engine")
def test_the_folder_passes_the_runtime_checks_in_the_validators_container(
    package: Path, client_python: ClientPython
) -> None:
    report = validate(
        client_python(NEWEST),
        str(package),
        "--level",
        "runtime",
        "--json",
        deadline_s=RUNTIME_DEADLINE_S,
    )

    statuses = {result["check_id"]: result["status"] for result in report["results"]}
    assert {name: statuses[name] for name in RUNTIME_CHECKS} == dict.fromkeys(
        RUNTIME_CHECKS, "pass"
    )
