"""What the two ends of the queue agree on: names, ids and the form of an answer."""

from base64 import b64decode
from collections.abc import Sequence
from hashlib import blake2b
from typing import Final

import msgspec
import structlog
from msgspec import Struct
from msgspec.structs import replace
from rq.results import Result

from worker.messages import Answer, GradeJob, GradingFailed, decoded_answer, encoded

QUEUE_NAME: Final = "gradings"
GRADE_FUNCTION: Final = "worker.jobs.grade"
BATCH_FUNCTION: Final = "worker.jobs.grade_many"
PREFIX: Final = "pcr:"
"""What every key begins with that is not RQ's own."""
TRIES: Final = 3
"""How often a grading is begun before it counts as failed."""
BATCH_TRIES: Final = 2
"""How often a batch is begun before its jobs are handed over one by one."""
JOB_TIMEOUT_S: Final = 120
"""When RQ ends a grading that outlived every deadline of the sandbox, seconds."""
RESULT_TTL_S: Final = 60
"""How long an answer is kept for whoever asks again, seconds."""
FAILURE_TTL_S: Final = 24 * 3600
"""How long RQ's registry of failed jobs keeps one, seconds."""
REPLY_TTL_S: Final = 60
"""How long answers wait for a gateway that may be gone, seconds."""
_DIGEST_BYTES: Final = 6
_BATCH_DIGEST_BYTES: Final = 16

log = structlog.get_logger(__name__)


class Order(Struct, frozen=True, kw_only=True):
    """What is enqueued: a job's id in RQ, the function RQ calls, and what it is given."""

    rq_id: str
    function: str
    text: str
    tries: int


class Reply(Struct, frozen=True, kw_only=True):
    """An answer on its way to a gateway."""

    rq_id: str
    report: msgspec.Raw


_ENCODER: Final = msgspec.json.Encoder()
_REPLIES: Final = msgspec.json.Decoder(Reply)


def rq_id_of(job: GradeJob) -> str:
    """Return the job's id in RQ, `<session>-<step>-<digest>`.

    A step that failed may be sent again with other code; the digest keeps it from being given the
    answer to the code before.
    """
    asked = encoded(replace(job, request_id=""))
    return f"{job.job_id}-{blake2b(asked, digest_size=_DIGEST_BYTES).hexdigest()}"


def worker_name(host: str, pid: int, token: str) -> str:
    """Return the name a worker has in RQ, `<host>-<pid>-<token>`; the token has no hyphen."""
    return f"{host}-{pid}-{token}"


def process_of(name: str) -> tuple[str, int]:
    """Return the host and the process of a worker of ours; of another's the process is 0."""
    host, _, rest = name.rpartition("-")[0].rpartition("-")
    return host, int(rest) if rest.isdecimal() else 0


def order_of(job: GradeJob) -> Order:
    """Return what is enqueued for one job."""
    return Order(
        rq_id=rq_id_of(job), function=GRADE_FUNCTION, text=encoded(job).decode(), tries=TRIES
    )


def batch_order_of(jobs: Sequence[GradeJob]) -> Order:
    """Return what is enqueued for several jobs. The same jobs have the same id."""
    ids = "\n".join(rq_id_of(job) for job in jobs)
    return Order(
        rq_id=f"batch-{blake2b(ids.encode(), digest_size=_BATCH_DIGEST_BYTES).hexdigest()}",
        function=BATCH_FUNCTION,
        text=encoded(tuple(jobs)).decode(),
        tries=BATCH_TRIES,
    )


def result_key(rq_id: str) -> str:
    """Return the stream in which RQ keeps a job's results."""
    key: str = Result.get_key(rq_id)  # type: ignore[no-untyped-call]
    return key


def reply_key(gateway_id: str) -> str:
    """Return the list a gateway's answers are pushed to."""
    return f"{PREFIX}replies:{gateway_id}"


def encoded_reply(rq_id: str, answer: Answer | bytes) -> bytes:
    """Return an answer as it is pushed."""
    raw = answer if isinstance(answer, bytes) else encoded(answer)
    return _ENCODER.encode(Reply(rq_id=rq_id, report=msgspec.Raw(raw)))


def decoded_reply(text: bytes) -> Reply:
    """Return an answer as it was pushed.

    Raises:
        msgspec.DecodeError: If it is none.
    """
    return _REPLIES.decode(text)


def read_answer(rq_id: str, report: bytes) -> Answer:
    """Decode an answer; one that can not be read, as of a worker of another release, is a failure.

    Args:
        rq_id: Of the job it answers.
    """
    try:
        return decoded_answer(report)
    except msgspec.DecodeError as fault:
        log.error("answer_unreadable", rq_id=rq_id, fault=str(fault))  # noqa: TRY400
        return GradingFailed(job_id=rq_id, reason="the worker's answer can not be read")


def kept_report(latest: list[tuple[bytes, dict[bytes, bytes]]]) -> bytes | None:
    """Return the report in a job's latest result in RQ, if it has one and was successful."""
    if not latest:
        return None
    fields = latest[0][1]
    if int(fields[b"type"]) != Result.Type.SUCCESSFUL.value:
        return None
    report: str = msgspec.json.decode(b64decode(fields[b"return_value"]))
    return report.encode()
