"""Stateless grading."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from litestar.testing import AsyncTestClient

from sandbox.exam import Exam, ExamReport
from sandbox.limits import SOURCE_BYTES
from sandbox.outcome import Finished, Usage
from tests.unit.gateway.examples import (
    BROKEN,
    EASY,
    FAULT,
    HIDDEN,
    HIDDEN_SECRET,
    PUBLIC,
    assembled,
    fares,
)

Client = AsyncTestClient[Any]
INLINE = {
    "kind": "bug_fix",
    "entry_points": ["answer"],
    "exported_classes": [],
    "public_tests": "def test_a(): ...\n",
    "hidden_tests": "def test_b(): ...\n",
    "limits": {"memory_bytes": 64 * 1024 * 1024},
}


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with AsyncTestClient(assembled().app) as client:
        yield client


async def test_a_task_of_the_catalogue_is_graded_in_full(client: Client) -> None:
    reply = await client.post("/grade", json={"task_id": EASY.id, "code": fares(hidden=1)})

    body = reply.json()
    assert reply.status_code == httpx.codes.OK
    assert body["passed"] is False
    assert body["public"] == {"passed": PUBLIC, "total": PUBLIC}
    assert body["hidden"] == {"passed": 1, "total": HIDDEN}
    assert [test["name"] for test in body["tests"]] == ["test_public_0", "test_public_1"]
    assert sum(body["components"].values()) == pytest.approx(body["score"])
    assert body["outcome"]["type"] == "finished"
    assert body["usage"]["wall_s"] == 0.01
    assert HIDDEN_SECRET not in reply.text


async def test_a_right_solution_passes(client: Client) -> None:
    body = (await client.post("/grade", json={"task_id": EASY.id, "code": fares()})).json()

    assert (body["passed"], body["score"]) == (True, pytest.approx(1.0))


async def test_what_does_not_compile_says_where(client: Client) -> None:
    body = (await client.post("/grade", json={"task_id": EASY.id, "code": BROKEN})).json()

    assert "line 1" in body["error"]
    assert body["score"] == 0


async def test_an_inline_task_is_examined_with_its_own_tests_and_limits() -> None:
    parts = assembled()
    async with AsyncTestClient(parts.app) as client:
        reply = await client.post("/grade", json={"task": INLINE, "code": fares()})

    exam = parts.sandbox.exams[0]
    assert reply.json()["passed"] is True
    assert [(file.source, file.hidden) for file in exam.test_files] == [
        (INLINE["public_tests"], False),
        (INLINE["hidden_tests"], True),
    ]
    assert exam.limits.memory_bytes == 64 * 1024 * 1024
    assert exam.entry_points == ("answer",)


async def test_broken_tests_of_an_inline_task_are_the_callers_fault() -> None:
    def uncollected(exam: Exam) -> ExamReport:
        return ExamReport(
            tests=(), outcome=Finished(), usage=Usage(), collection_error="SyntaxError: line 3"
        )

    async with AsyncTestClient(assembled(examine=uncollected).app) as client:
        inline = await client.post("/grade", json={"task": INLINE, "code": fares()})
        ours = await client.post("/grade", json={"task_id": EASY.id, "code": fares()})

    assert inline.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert "SyntaxError: line 3" in inline.text
    assert ours.status_code == httpx.codes.SERVICE_UNAVAILABLE
    assert "SyntaxError" not in ours.text


@pytest.mark.parametrize(
    ("body", "loc"),
    [
        ({"code": "a = 1"}, ["body", "task_id"]),
        ({"code": "a = 1", "task_id": EASY.id, "task": INLINE}, ["body", "task_id"]),
        ({"task_id": EASY.id}, ["body"]),
        ({"code": 5, "task_id": EASY.id}, ["body", "code"]),
        ({"code": "#" * (SOURCE_BYTES + 1), "task_id": EASY.id}, ["body", "code"]),
        ({"code": "a", "task": {**INLINE, "kind": "poetry"}}, ["body", "task", "kind"]),
        ({"code": "a", "task": {**INLINE, "surprise": 1}}, ["body", "task"]),
        ({"code": "a", "task": {**INLINE, "entry_points": []}}, ["body", "task"]),
        (
            {"code": "a", "task": {**INLINE, "entry_points": ["1x"]}},
            ["body", "task", "entry_points", 0],
        ),
        ({"code": "a", "task": {"kind": "bug_fix", "entry_points": ["f"]}}, ["body", "task"]),
        (
            {"code": "a", "task": {**INLINE, "limits": {"memory_bytes": 2**40}}},
            ["body", "task", "limits", "memory_bytes"],
        ),
        ({"code": "a", "task": {**INLINE, "cost_ratio": 1e6}}, ["body", "task", "cost_ratio"]),
        ({"code": "a", "task_id": EASY.id, "limits": {}}, ["body", "limits"]),
        ({"code": "a", "task_id": EASY.id, "timeout_s": 0}, ["body", "timeout_s"]),
        ([], ["body"]),
    ],
)
async def test_a_request_that_makes_no_sense_is_refused_field_by_field(
    client: Client, body: Any, loc: list[str | int]
) -> None:
    reply = await client.post("/grade", json=body)

    assert reply.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    problem = reply.json()["detail"][0]
    assert problem["loc"] == loc
    assert problem["msg"]


async def test_an_unknown_task_lists_what_exists(client: Client) -> None:
    reply = await client.post("/grade", json={"task_id": "nope", "code": "a = 1"})

    assert reply.status_code == httpx.codes.NOT_FOUND
    assert EASY.id in reply.json()["detail"]


async def test_a_fault_of_ours_is_no_grade(client: Client) -> None:
    reply = await client.post("/grade", json={"task_id": EASY.id, "code": FAULT})

    assert reply.status_code == httpx.codes.SERVICE_UNAVAILABLE
    assert reply.headers["retry-after"] == "1"


async def test_a_batch_is_answered_in_order_and_a_fault_stays_in_its_place(
    client: Client,
) -> None:
    items = [
        {"task_id": EASY.id, "code": fares()},
        {"task_id": "nope", "code": "a = 1"},
        {"task_id": EASY.id, "code": FAULT},
        {"task": INLINE, "code": fares(hidden=0)},
    ]

    reply = await client.post("/grade/batch", json={"items": items})

    results = reply.json()["results"]
    assert [result["grade"] and result["grade"]["passed"] for result in results] == [
        True,
        None,
        None,
        False,
    ]
    assert [result["error"] and result["error"]["status"] for result in results] == [
        None,
        404,
        503,
        None,
    ]


async def test_a_body_beyond_the_limit_is_refused() -> None:
    async with AsyncTestClient(assembled(max_body_bytes=2000).app) as client:
        reply = await client.post("/grade", json={"task_id": EASY.id, "code": "#" * 3000})

    assert reply.status_code == httpx.codes.REQUEST_ENTITY_TOO_LARGE
    assert "MAX_BODY_BYTES" in reply.json()["detail"]
