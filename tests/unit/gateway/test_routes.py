"""What is served beside episodes: tasks, probes, pages, the OpenAPI document."""

import asyncio
from collections.abc import AsyncIterator
from threading import Event
from typing import Any

import httpx
import jsonschema
import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute
from litestar.testing import AsyncTestClient

from gateway.operations import operations_in
from gateway.readiness import BUSY_S
from gateway.settings import Mode
from sandbox.exam import Exam, ExamReport
from sandbox.outcome import SandboxUnavailable
from tests.unit.gateway.examples import EASY, MEDIUM, TIMED, assembled, examined, fares, serving

Client = AsyncTestClient[Any]
ENV = "/python_code_review_env"
PATIENCE_S = 20.0
UNDOCUMENTED = {"/", "/web", "/docs", "/redoc", "/openapi.json"}


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with AsyncTestClient(assembled().app) as client:
        yield client


async def test_tasks_are_listed_and_shown(client: Client) -> None:
    listed = (await client.get("/tasks")).json()["tasks"]
    shown = (await client.get(f"/tasks/{MEDIUM.id}")).json()

    assert [task["id"] for task in listed] == [EASY.id, MEDIUM.id, TIMED.id]
    assert shown["starter"] == MEDIUM.starter
    assert shown["public_tests"] == MEDIUM.test_public
    assert not {"reference", "test_hidden", "hidden_tests", "canaries", "workload"} & set(shown)


async def test_an_unknown_task_is_not_found(client: Client) -> None:
    reply = await client.get("/tasks/nope")

    assert reply.status_code == httpx.codes.NOT_FOUND
    assert EASY.id in reply.json()["detail"]


async def test_the_task_api_lists_by_split(client: Client) -> None:
    assert (await client.get("/list_environments")).json() == ["python_code_review_env"]
    assert (await client.get(f"{ENV}/splits")).json() == [
        {"name": "train", "type": "train"},
        {"name": "test", "type": "test"},
    ]
    tasks = (await client.post(f"{ENV.upper()}/tasks", json={"split": "train"})).json()
    assert [task["id"] for task in tasks["tasks"]] == [EASY.id, MEDIUM.id]
    assert tasks["env_name"] == "python_code_review_env"
    assert (await client.post(f"{ENV}/num_tasks", json={"split": "test"})).json() == {
        "num_tasks": 1
    }
    one = (await client.post(f"{ENV}/task", json={"split": "train", "index": 1})).json()
    assert one["task"]["id"] == MEDIUM.id
    sliced = await client.post(f"{ENV}/task_range", json={"split": "train", "start": 1})
    assert [task["id"] for task in sliced.json()["tasks"]] == [MEDIUM.id]


async def test_a_task_beyond_the_last_is_refused(client: Client) -> None:
    reply = await client.post(f"{ENV}/task", json={"split": "train", "index": 2})

    assert (reply.status_code, reply.json()) == (400, {"detail": "Invalid task index"})


async def test_a_working_server_is_ready_and_says_how_it_isolates(client: Client) -> None:
    reply = await client.get("/readyz")

    body = reply.json()
    assert reply.status_code == httpx.codes.OK
    assert (body["ready"], body["reasons"], body["self_test"]) == (True, [], "passed")
    assert body["isolation"] == {"layers": ["scripted"], "missing": {}}
    assert body["load"]["sessions_limit"] == 256
    assert (await client.get("/livez")).json() == {"status": "alive"}


async def test_a_server_whose_sandbox_fails_is_alive_but_not_ready() -> None:
    def failing(exam: Exam) -> ExamReport:
        raise SandboxUnavailable("no fork server")

    async with AsyncTestClient(assembled(examine=failing).app) as client:
        ready = await client.get("/readyz")
        alive = await client.get("/livez")

    assert ready.status_code == httpx.codes.SERVICE_UNAVAILABLE
    assert ready.json()["self_test"] == "failed"
    assert "no fork server" in ready.json()["reasons"][0]
    assert alive.status_code == httpx.codes.OK


async def test_a_busy_server_is_ready_without_a_self_test_behind_all_that_waits() -> None:
    let_go = Event()

    def patient(exam: Exam) -> ExamReport:
        let_go.wait(PATIENCE_S)
        return examined(exam)

    parts = assembled(examine=patient, workers=1)
    body = {"task_id": EASY.id, "code": fares()}
    with serving(parts) as address:
        async with (
            httpx.AsyncClient(base_url=f"http://{address}", timeout=PATIENCE_S) as client,
            asyncio.TaskGroup() as gradings,
        ):
            for _ in range(2):
                gradings.create_task(client.post("/grade", json=body))
            async with asyncio.timeout(PATIENCE_S):
                while (await parts.queue.health()).oldest_s <= BUSY_S:  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
            ready = await client.get("/readyz")
            let_go.set()

    assert ready.status_code == httpx.codes.OK
    assert ready.json()["self_test"] == "not_run"
    assert ready.json()["load"]["gradings_waiting"] == 1


async def test_the_self_test_is_not_run_at_every_probe() -> None:
    parts = assembled()
    async with AsyncTestClient(parts.app) as client:
        for _ in range(3):
            await client.get("/readyz")

    assert len(parts.sandbox.exams) == 1


@pytest.mark.parametrize("path", ["/", "/web", "/web?x=1"])
async def test_the_page_is_at_web_with_a_slash(client: Client, path: str) -> None:
    reply = await client.get(path, follow_redirects=False)

    assert reply.status_code == httpx.codes.TEMPORARY_REDIRECT
    assert reply.headers["location"] == "/web/"


async def test_the_page_lists_tasks_and_commands_and_loads_nothing(client: Client) -> None:
    reply = await client.get("/web/")

    assert reply.headers["content-type"].startswith("text/html")
    assert EASY.title in reply.text
    assert "curl -s $URL/reset" in reply.text
    assert "<script" not in reply.text
    assert "<link" not in reply.text
    assert "src=" not in reply.text
    assert "x-frame-options" not in reply.headers


async def test_every_link_of_the_page_leads_somewhere(client: Client) -> None:
    page = (await client.get("/web/")).text
    links = {part.split('"')[0] for part in page.split('href="')[1:]}

    assert links
    for link in links:
        assert (await client.get(f"/web/{link}")).is_success, link


async def test_the_web_routes_play_the_default_session(client: Client) -> None:
    began = await client.post("/web/reset", json={"task_id": MEDIUM.id})
    stepped = await client.post("/web/step", json={"action": {"action_type": "run_tests"}})
    state = (await client.get("/web/state")).json()

    assert began.status_code == stepped.status_code == httpx.codes.OK
    assert (state["task_id"], state["step_count"]) == (MEDIUM.id, 1)
    assert (await client.get("/web/metadata")).json()["name"] == "python_code_review_env"


def served(app: Litestar) -> set[tuple[str, str]]:
    """Return every path and method of an application, but those for people."""
    return {
        (route.path.replace(":str", ""), method.lower())
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for method in route.methods
        if method != "OPTIONS" and route.path not in UNDOCUMENTED and "/web/" not in route.path
    }


@pytest.mark.parametrize("mode", ["simulation", "production"])
def test_what_is_documented_is_served_and_the_other_way_round(mode: Mode) -> None:
    documented = {(operation.path, operation.method) for operation in operations_in(mode)}

    assert documented == served(assembled(openenv_mode=mode).app)


async def test_the_document_keeps_to_itself_and_its_schemas_are_schemas(client: Client) -> None:
    reply = await client.get("/openapi.json")
    document = reply.json()

    assert reply.headers["content-type"] == "application/json"
    schemas = document["components"]["schemas"]
    references = set(reply.text.split('"#/components/schemas/')[1:])
    assert {reference.split('"')[0] for reference in references} <= set(schemas)
    for schema in schemas.values():
        jsonschema.Draft202012Validator.check_schema(schema)
    assert "/reset" in (await client.get("/docs")).text


async def test_a_host_that_is_none_is_the_callers_mistake(client: Client) -> None:
    reply = await client.get("/web/", headers={"Host": "a:b:c"})

    assert reply.status_code == httpx.codes.BAD_REQUEST
    assert "Host header" in reply.json()["detail"]
