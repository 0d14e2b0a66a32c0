"""A load that is under way while something happens to the cluster, and what it has told so far."""

import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Condition, Thread

from redis import Redis
from rq.job import Job
from rq.worker import WorkerStatus

from load.cluster import Cluster
from load.crowd import Crowd, LoadFailed, crowd
from load.records import EpisodeRecord, StepRecord
from load.run import Expected, expectations, load_errand, wanted_submissions
from load.settings import Settings, read_settings
from load.submissions import Submission, submissions_for
from load.verdict import verdict_of
from tasks.catalogue import load
from tests.integration.cluster import alive_workers
from worker.rq_wire import result_key

SEEN_WITHIN_S = 60.0


@dataclass(frozen=True, kw_only=True)
class Size:
    """How much load: sockets, and episodes that are awaited after each thing that happens.

    `is_quick` leaves out what takes seconds to grade. A step has to be answered within `step_s`
    seconds, whatever happened meanwhile, and an episode that is awaited has to come within
    `comes_within_s`.
    """

    sockets: int
    episodes: int
    variants: int
    mix: str
    is_quick: bool
    step_s: float
    comes_within_s: float


class UnderWay:
    """The records of a running load; a thread collects them."""

    def __init__(
        self,
        players: Crowd,
        submissions: Sequence[Submission],
        expected: Expected,
        *,
        comes_within_s: float,
    ) -> None:
        self._players = players
        self._submissions = {submission.name: submission for submission in submissions}
        self._expected = expected
        self._comes_within_s = comes_within_s
        self._records: list[EpisodeRecord] = []
        self._news = Condition()
        self._has_ended = False
        self._failure: LoadFailed | None = None
        Thread(target=self._collect, daemon=True).start()

    def ended_since(self, since_s: float) -> list[EpisodeRecord]:
        with self._news:
            return [record for record in self._records if record.ended_s >= since_s]

    def after_more(self, count: int, *, since_s: float) -> list[EpisodeRecord]:
        """Wait until so many more have begun and ended; give all that ended since then."""
        begun_s = time.monotonic()
        self._await(
            lambda: sum(record.began_s >= begun_s for record in self._records) >= count,
            f"{count} more episodes",
        )
        return self.ended_since(since_s)

    def answers_between(self, first_s: float, last_s: float) -> int:
        """Count the steps of ended episodes that were answered in a time."""
        return sum(
            first_s < step.ended_s < last_s
            for record in self.ended_since(first_s)
            for step in record.steps
        )

    def answer_to(self, session_id: str, number: int) -> StepRecord:
        """Wait for the episode of a session and give its step of that number, counted from 0."""
        found: list[EpisodeRecord] = []

        def look() -> bool:
            found[:] = [record for record in self._records if record.session_id == session_id]
            return bool(found)

        self._await(look, f"the episode of session {session_id}")
        return found[0].steps[number]

    def to_the_end(self) -> list[EpisodeRecord]:
        """Begin no more episodes, wait for the end of all, and give all there were."""
        self._players.stop()
        self._await(lambda: self._has_ended, "the end of the load")
        return self.ended_since(0.0)

    def complaints(self, records: Sequence[EpisodeRecord]) -> dict[str, tuple[str, ...]]:
        """Say what of the episodes is lost, doubled or wrong."""
        told = {}
        for record in records:
            name = record.turn.submission
            verdict = verdict_of(record, self._submissions[name], self._expected[name])
            words = (*verdict.lost, *verdict.doubled, *verdict.wrong)
            if words:
                told[f"{record.turn.number} {name} {record.session_id}"] = words
        return told

    def _await(self, fact: Callable[[], bool], what: str) -> None:
        with self._news:
            came = self._news.wait_for(lambda: self._failure or fact(), self._comes_within_s)
            assert not self._failure, self._failure
            assert came, f"{what} did not come"

    def _collect(self) -> None:
        try:
            for record in self._players.records():
                with self._news:
                    self._records.append(record)
                    self._news.notify_all()
        except LoadFailed as failure:
            self._failure = failure
        with self._news:
            self._has_ended = True
            self._news.notify_all()


@contextmanager
def load_under_way(cluster: Cluster, size: Size, output: Path) -> Iterator[UnderWay]:
    """Play until told to stop, from two processes."""
    settings = settings_of(size, output)
    known = wanted_submissions(submissions_for(load(), variants=size.variants), settings)
    submissions = [s for s in known if not size.is_quick or is_quick(s)]
    expected = expectations(cluster.socket_urls, submissions, settings, count=lambda: None)
    errand = load_errand(cluster.socket_urls, submissions, settings)
    with crowd(errand, processes=2) as players:
        yield UnderWay(players, submissions, expected, comes_within_s=size.comes_within_s)


def settings_of(size: Size, output: Path) -> Settings:
    """Return settings with more episodes than will be played."""
    return read_settings(
        [
            *("--episodes", "20000", "--concurrency", str(size.sockets), "--mix", size.mix),
            *("--step-s", str(size.step_s), "--output", str(output)),
        ],
        {},
    )


def is_quick(submission: Submission) -> bool:
    """Say whether it is graded in less than a second or so."""
    return not submission.is_timed and not submission.name.endswith("/endless")


@dataclass(frozen=True, kw_only=True)
class Held:
    """A worker process that was stopped with a job in hand."""

    pid: int
    worker: str
    rq_id: str
    session_id: str
    step: int
    """Which step of the episode, counted from 0."""

    def answers(self, redis: Redis) -> int:
        """Count the answers that RQ has kept."""
        return int(redis.xlen(result_key(self.rq_id)))

    def is_begun_again(self, redis: Redis) -> bool:
        """Say whether another worker has begun the job."""
        return redis.hget(Job.key_for(self.rq_id), "worker_name") != self.worker.encode()

    def has_moved_on(self, redis: Redis) -> bool:
        """Say whether the worker has another job in hand."""
        jobs = [w.get_current_job_id() for w in alive_workers(redis) if w.pid == self.pid]
        return bool(jobs) and jobs[0] not in {None, self.rq_id}


def stopped_in_mid_job(redis: Redis) -> Held:
    """Stop a worker process by SIGSTOP at a moment at which it has a job in hand."""
    give_up_s = time.monotonic() + SEEN_WITHIN_S
    while time.monotonic() < give_up_s:
        for worker in alive_workers(redis):
            if worker.get_state() != WorkerStatus.BUSY or not worker.pid:
                continue
            os.kill(worker.pid, signal.SIGSTOP)
            rq_id = worker.get_current_job_id()
            if rq_id and not redis.xlen(result_key(rq_id)):
                session_id, version, _ = rq_id.rsplit("-", 2)
                return Held(
                    pid=worker.pid,
                    worker=worker.name,
                    rq_id=rq_id,
                    session_id=session_id,
                    step=int(version) - 1,
                )
            os.kill(worker.pid, signal.SIGCONT)
    raise AssertionError("no worker was seen with a job in hand")
