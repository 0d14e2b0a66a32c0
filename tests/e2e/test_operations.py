"""What an operator sees of a real cluster: figures that add up, ids that lead from log to log.

Two gateways, one of them two processes behind one port, and two workers around one Redis.
"""

import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from prometheus_client.mmap_dict import MmapedDict
from prometheus_client.parser import text_string_to_metric_families
from websockets.sync.client import connect

from tests.e2e.live import LiveServer, serving
from tests.integration.cluster import crew, wait_until
from tests.redis_server import running_redis
from tests.tree import ROOT

TASK_ID = "bug_fix_session_windows"
SUBMITTED = "text_of_a_submission"
LEAST_EPISODES = 8
MOST_EPISODES = 200
ALERTS = ROOT / "deploy" / "prometheus"
DASHBOARD = ROOT / "deploy" / "grafana" / "dashboard.json"
NAME = re.compile(r"\bcode_review_[a-z_]+\b")
Labels = frozenset[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class Played:
    """A cluster after all episodes, and what was there to be seen."""

    single: LiveServer
    double: LiveServer
    gateway_log: Path
    worker_log: Path
    episodes: int


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    folder = tmp_path_factory.mktemp("operations")
    counts = folder / "counts"
    counts.mkdir()
    gateway_log, worker_log = folder / "gateway.log", folder / "worker.log"
    with running_redis(folder) as redis, crew(redis.url, 2, log_to=worker_log):
        environ = {"REDIS_URL": redis.url}
        with (
            serving(environ, log_to=gateway_log) as single,
            serving({**environ, "PROMETHEUS_MULTIPROC_DIR": str(counts)}, processes=2) as double,
        ):
            episodes = 0
            while episodes < LEAST_EPISODES or not all(took_steps(f) for f in files_in(counts, 2)):
                assert episodes < MOST_EPISODES, "one process behind the second port got nothing"
                play(single, episodes)
                play(double, episodes)
                episodes += 2
            wait_until(lambda: not sum(values(single, "code_review_workers_busy").values()))
            yield Played(
                single=single,
                double=double,
                gateway_log=gateway_log,
                worker_log=worker_log,
                episodes=episodes,
            )


def files_in(counts: Path, processes: int) -> list[Path]:
    """Return the files of counters, one of each process."""
    files = list(counts.glob("counter_*.db"))
    assert len(files) == processes
    return files


def took_steps(counters: Path) -> bool:
    found = MmapedDict.read_all_values_from_file(str(counters))  # type: ignore[no-untyped-call]
    return any(value > 0 for key, value, *_ in found if "code_review_steps_total" in key)


def play(server: LiveServer, number: int) -> None:
    """Play an episode of two steps, each request by a connection of its own."""
    with_id = {"X-Request-ID": f"episode-{server.pid}-{number}"}
    begun = httpx.post(f"{server.url}/reset", json={"task_id": TASK_ID}, timeout=30)
    session = {"X-Session-Id": begun.headers["X-Session-Id"]}
    for kind, code in (("edit_code", f"{SUBMITTED} = {number}\n"), ("submit_solution", None)):
        answer = httpx.post(
            f"{server.url}/step",
            json={"action": {"action_type": kind, "code": code}},
            headers={**session, **with_id},
            timeout=30,
        )
        assert answer.status_code == httpx.codes.OK, answer.text
        assert answer.headers["X-Request-ID"] == with_id["X-Request-ID"]


def exposed(server: LiveServer) -> str:
    answer = httpx.get(f"{server.url}/metrics", timeout=30)
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    return answer.text


def values(server: LiveServer, name: str) -> dict[Labels, float]:
    """Return the samples of one name, by their labels."""
    return {
        frozenset(sample.labels.items()): sample.value
        for family in text_string_to_metric_families(exposed(server))
        for sample in family.samples
        if sample.name == name
    }


def summed(played: Played, name: str, **labels: str) -> float:
    """Add a counter up over both gateways, as Prometheus would."""
    return sum(
        value
        for server in (played.single, played.double)
        for held, value in values(server, name).items()
        if labels.items() <= set(held)
    )


def is_counted(played: Played, steps: int) -> bool:
    """Say whether all steps are counted, which may come after their answers."""
    requests = summed(played, "code_review_http_requests_total", route="/step")
    return min(requests, summed(played, "code_review_grades_total")) >= steps


def events(log: Path, event: str) -> list[dict[str, Any]]:
    written = log.read_text().rpartition("\n")[0]  # the last line may be in the writing
    lines = [json.loads(line) for line in written.splitlines() if line.startswith("{")]
    return [line for line in lines if line["event"] == event]


def graded_for(request_id: str, log: Path) -> list[dict[str, Any]]:
    """Return what was logged of a request's gradings, once there is any: the answer comes first."""

    def logged() -> list[dict[str, Any]]:
        return [event for event in events(log, "graded") if event["request_id"] == request_id]

    wait_until(lambda: len(logged()))
    return logged()


def test_counters_add_up_over_gateways_and_processes(played: Played) -> None:
    episodes, steps = played.episodes, 2 * played.episodes
    kind = {"kind": "bug_fix"}

    wait_until(lambda: is_counted(played, steps))
    assert summed(played, "code_review_sessions_started_total") == episodes
    assert summed(played, "code_review_episodes_started_total", **kind) == episodes
    assert summed(played, "code_review_episodes_ended_total", result="failure") == episodes
    assert summed(played, "code_review_episodes_ended_total") == episodes
    assert summed(played, "code_review_steps_total", action="edit_code") == episodes
    assert summed(played, "code_review_steps_total", action="submit_solution") == episodes
    assert summed(played, "code_review_steps_total") == steps
    assert summed(played, "code_review_grades_total", verdict="not_passed", **kind) == steps
    assert summed(played, "code_review_grades_total") == steps
    assert summed(played, "code_review_sandbox_outcomes_total", outcome="finished") == steps
    assert summed(played, "code_review_step_reward_count", mode="level") == steps
    assert summed(played, "code_review_http_requests_total", route="/step", status="200") == steps
    for phase in ("queue", "sandbox", "judge", "gateway"):
        assert summed(played, "code_review_grading_phase_seconds_count", phase=phase) == steps
    assert summed(played, "code_review_grading_phase_seconds_sum", phase="sandbox") > 0


def test_every_process_tells_the_same_of_the_cluster(played: Played) -> None:
    for server in (played.single, played.double, played.double):
        told = {name: sum(values(server, f"code_review_{name}").values()) for name in GAUGES}

        assert told == {**GAUGES, "sessions": played.episodes}


GAUGES = {
    "workers": 2,
    "workers_busy": 0,
    "queue_depth": 0,
    "queue_oldest_seconds": 0,
    "queue_failed_gradings": 0,
    "sessions": 0,
    "sessions_limit": 256,
    "part_up": 2,
    "build_info": 1,
}


def test_one_id_leads_from_the_request_to_the_worker_that_graded_it(played: Played) -> None:
    wanted = "trace-me.1"
    body = {"task_id": TASK_ID, "code": f"{SUBMITTED} = 'http'\n"}
    answer = httpx.post(
        f"{played.single.url}/grade", json=body, headers={"X-Request-ID": wanted}, timeout=30
    )

    (at_gateway,) = graded_for(wanted, played.gateway_log)
    (at_worker,) = graded_for(wanted, played.worker_log)
    assert answer.headers["X-Request-ID"] == wanted
    assert at_gateway["job_id"] == at_worker["job_id"]
    assert (at_worker["task_id"], at_worker["scope"]) == (TASK_ID, "full")
    assert (at_worker["verdict"], at_worker["outcome"]) == ("not_passed", "finished")
    assert at_worker["sandbox_s"] > 0


def test_each_frame_of_a_socket_has_an_id_of_its_own(played: Played) -> None:
    url = f"{played.single.url.replace('http', 'ws')}/ws"
    step = {"type": "step", "data": {"action_type": "edit_code", "code": f"{SUBMITTED} = 'ws'\n"}}
    with connect(url, additional_headers={"X-Request-ID": "socket-7"}) as socket:
        assert socket.response is not None
        assert socket.response.headers["X-Request-ID"] == "socket-7"
        for frame in ({"type": "reset"}, step, step):
            socket.send(json.dumps(frame))
            assert json.loads(socket.recv(timeout=30))["type"] == "observation"

    graded_for("socket-7.3", played.worker_log)
    logged = [event["request_id"] for event in events(played.worker_log, "graded")]
    assert [told for told in logged if told.startswith("socket-7")] == ["socket-7.2", "socket-7.3"]


@pytest.mark.parametrize("sent", ["", "x" * 65, 'a"b', "a b", "ü"])
def test_what_can_not_be_an_id_is_replaced(played: Played, sent: str) -> None:
    headers = {b"X-Request-ID": sent.encode()}
    answer = httpx.get(f"{played.single.url}/livez", headers=headers, timeout=30)

    assert re.fullmatch(r"[0-9a-f-]{36}", answer.headers["X-Request-ID"])


def test_neither_figures_nor_logs_hold_what_callers_wrote(played: Played) -> None:
    stray = f"{played.single.url}/{SUBMITTED}"
    for method in ("GET", SUBMITTED.upper()):
        httpx.request(method, stray, params={"session_id": SUBMITTED}, timeout=30)
    httpx.get(f"{played.single.url}/state", params={"session_id": SUBMITTED}, timeout=30)
    with connect(f"{played.single.url.replace('http', 'ws')}/ws") as socket:
        socket.send(json.dumps({"type": SUBMITTED}))
        assert json.loads(socket.recv(timeout=30))["data"]["code"] == "UNKNOWN_TYPE"
    logs = played.gateway_log.read_text() + played.worker_log.read_text()

    for text in (exposed(played.single), exposed(played.double), logs):
        assert SUBMITTED not in text.lower()
    written = played.worker_log.read_text().rpartition("\n")[0]
    assert all(json.loads(line) for line in written.splitlines())


@pytest.mark.promtool
def test_prometheus_finds_nothing_to_complain_about(played: Played) -> None:
    for server in (played.single, played.double):
        checked(["check", "metrics"], told=exposed(server))


@pytest.mark.promtool
def test_the_alerts_parse_and_fire_when_they_should() -> None:
    checked(["check", "rules", str(ALERTS / "alerts.yml")])
    checked(["test", "rules", str(ALERTS / "alerts_test.yml")])


@pytest.mark.promtool
def test_the_dashboard_parses(tmp_path: Path) -> None:
    queries = [
        {"record": f"panel:query:{number}", "expr": query.replace("$__rate_interval", "5m")}
        for number, query in enumerate(dashboard_queries())
    ]
    rules = tmp_path / "rules.yml"
    rules.write_text(json.dumps({"groups": [{"name": "panels", "rules": queries}]}))

    assert len(queries) > 20
    checked(["check", "rules", str(rules)])


def test_alerts_and_dashboard_ask_for_figures_that_exist(played: Played) -> None:
    there = {
        sample.name
        for server in (played.single, played.double)
        for family in text_string_to_metric_families(exposed(server))
        for sample in family.samples
    }
    asked = set(NAME.findall("\n".join(dashboard_queries())))
    asked |= set(NAME.findall((ALERTS / "alerts.yml").read_text()))

    assert len(asked) > 15
    assert asked <= there


def test_the_readme_lists_every_figure_and_no_other(played: Played) -> None:
    families = {family.name for family in text_string_to_metric_families(exposed(played.single))}
    there = {name.removeprefix("code_review_") for name in families}
    rows = re.findall(r"^\| (`.*?) \|", section("Operate it"), flags=re.MULTILINE)
    listed = {name.removesuffix("_total") for row in rows for name in re.findall(r"`(\w+)`", row)}

    assert listed == {name for name in there if not name.startswith("process_")}


def section(title: str) -> str:
    """Return a section of the README."""
    return (ROOT / "README.md").read_text().split(f"\n## {title}\n")[1].split("\n## ")[0]


def dashboard_queries() -> list[str]:
    panels = json.loads(DASHBOARD.read_text())["panels"]
    return [target["expr"] for panel in panels for target in panel["targets"]]


def checked(command: list[str], *, told: str | None = None) -> None:
    """Have Prometheus's own tool check something."""
    done = subprocess.run(
        ["promtool", *command], input=told, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "error" not in (done.stdout + done.stderr).lower()
