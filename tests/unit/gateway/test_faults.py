"""Bugs: answered with an id, logged without the submission, and no end to the episode."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import structlog
from litestar.testing import AsyncTestClient, TestClient
from structlog.testing import capture_logs

from sandbox.exam import Exam, ExamReport
from tests.unit.gateway.examples import assembled, examined, fares

SECRET = "text_of_the_submission"


def buggy(exam: Exam) -> ExamReport:
    if SECRET in exam.source:
        raise ZeroDivisionError(exam.source)
    return examined(exam)


@pytest.fixture
def logs() -> Iterator[list[Any]]:
    structlog.reset_defaults()
    with capture_logs() as entries:
        yield entries


async def test_a_bug_is_answered_with_an_id_that_the_log_knows(logs: list[Any]) -> None:
    body = {"action": {"action_type": "edit_code", "code": f"# {SECRET}\n"}}
    async with AsyncTestClient(assembled(examine=buggy).app) as client:
        reply = await client.post("/step", json=body)
        state = (await client.get("/state")).json()

    assert reply.status_code == httpx.codes.INTERNAL_SERVER_ERROR
    told = reply.json()
    assert told["detail"] == "Internal Server Error"
    assert [entry["request_id"] for entry in logs if entry["event"] == "request_failed"] == [
        told["request_id"]
    ]
    assert SECRET not in repr(logs)
    assert SECRET not in reply.text
    assert state["step_count"] == 0


def test_a_bug_does_not_end_the_socket(logs: list[Any]) -> None:
    bad = {"type": "step", "data": {"action_type": "edit_code", "code": f"# {SECRET}\n"}}
    good = {"type": "step", "data": {"action_type": "edit_code", "code": fares()}}
    with (
        TestClient(assembled(examine=buggy).app) as client,
        client.websocket_connect("/ws") as socket,
    ):
        socket.send_json({"type": "reset"})
        socket.receive_json()
        socket.send_json(bad)
        failed = socket.receive_json()
        socket.send_json(good)
        worked = socket.receive_json()

    assert failed["data"]["code"] == "EXECUTION_ERROR"
    assert SECRET not in failed["data"]["message"]
    assert worked["data"]["observation"]["history"][0]["step"] == 1
    assert SECRET not in repr(logs)
