"""What dies, stops or is cut off under load costs time, and nothing else.

One cluster and one load that goes on all the while; each test lets something happen and looks at
the episodes that lived through it. `pytest -m load` does the same at full size.
"""

import os
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from threading import Event

import pytest
from redis import Redis

from load.cluster import Cluster, await_fact, free_port, running_cluster
from tests.load.partition import Cable
from tests.load.underway import Size, UnderWay, load_under_way, stopped_in_mid_job

SMALL = Size(
    sockets=32,
    episodes=60,
    variants=1,
    mix="right=4,wrong=4,slow=1,hostile=3",
    is_quick=True,
    step_s=60.0,
    comes_within_s=150.0,
)
FULL = Size(
    sockets=256,
    episodes=180,
    variants=4,
    mix="right=40,wrong=25,slow=15,hostile=20",
    is_quick=False,
    step_s=180.0,
    comes_within_s=900.0,
)
GATEWAYS, WORKERS = 2, 3
RESUMES_WITHIN_S = 6.0
RUNS_AGAIN_WITHIN_S = 5.0
CUT_S = 5.0
PAUSED_S = 10.0
REDIS_AWAY_S = 3.0
"""Longer than a gateway tries again by itself."""
ON_ITS_WAY_S = 1.0
"""How long an answer may still arrive that had passed before the cut."""


@dataclass(frozen=True, kw_only=True)
class Scene:
    """What a test has before it."""

    cluster: Cluster
    cable: Cable
    load: UnderWay
    size: Size

    def after_more(self, since_s: float) -> list[str]:
        """Let the load go on for a while; give what went wrong since then, in words."""
        ended = self.load.after_more(self.size.episodes, since_s=since_s)
        return [f"{name}: {words}" for name, words in self.load.complaints(ended).items()]


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(SMALL, id="small"),
        pytest.param(FULL, id="full", marks=[pytest.mark.load, pytest.mark.timeout(2400)]),
    ],
)
def scene(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Scene]:
    size: Size = request.param
    folder = tmp_path_factory.mktemp("cluster")
    redis_port = free_port()
    cable = Cable(redis_port)
    try:
        with (
            running_cluster(
                folder,
                data=folder,
                gateways=GATEWAYS,
                workers=WORKERS,
                sessions=2 * size.sockets,
                redis_port=redis_port,
                workers_redis_port=cable.port,
            ) as cluster,
            load_under_way(cluster, size, folder) as load,
        ):
            load.after_more(1, since_s=0.0)
            yield Scene(cluster=cluster, cable=cable, load=load, size=size)
    finally:
        cable.close()


@pytest.fixture
def redis(scene: Scene) -> Iterator[Redis]:
    with Redis.from_url(scene.cluster.redis_url) as client:
        yield client


def syncing(redis: Redis) -> str:
    """Say that Redis holds its file back: what it then acknowledges is lost if it is killed.

    Source: redis.conf, appendfsync everysec.
    """
    is_syncing = redis.info("persistence")["aof_pending_bio_fsync"]
    return "Redis goes on syncing its file" if is_syncing else ""


def test_the_job_of_a_worker_killed_in_the_middle_is_answered_by_another(
    scene: Scene, redis: Redis
) -> None:
    held = stopped_in_mid_job(redis)
    killed_s = time.monotonic()
    os.kill(held.pid, signal.SIGKILL)

    answer = scene.load.answer_to(held.session_id, held.step)

    assert answer.ended_s - killed_s < RESUMES_WITHIN_S
    assert scene.after_more(killed_s) == []


def test_sockets_of_a_killed_gateway_resume_at_the_other(scene: Scene) -> None:
    doomed, _ = scene.cluster.gateways
    killed_s = time.monotonic()
    doomed.stop(signal.SIGKILL)
    complaints = scene.after_more(killed_s)
    resumed = [r for r in scene.load.ended_since(killed_s) if r.resumed]
    doomed.start()
    scene.cluster.await_whole()

    assert complaints == []
    assert len(resumed) >= scene.size.sockets // 4


def test_redis_killed_and_restarted_with_its_file_loses_nothing(scene: Scene, redis: Redis) -> None:
    await_fact(lambda: syncing(redis))
    killed_s = time.monotonic()
    scene.cluster.redis.stop(signal.SIGKILL)
    Event().wait(REDIS_AWAY_S)
    started_s = time.monotonic()
    scene.cluster.redis.start()
    scene.cluster.await_redis()

    assert scene.after_more(killed_s) == []
    assert scene.load.answers_between(killed_s + ON_ITS_WAY_S, started_s) == 0
    scene.cluster.await_whole()


def test_workers_cut_off_from_redis_go_on_where_they_were(scene: Scene) -> None:
    with scene.cable.cut():
        cut_s = time.monotonic()
        Event().wait(CUT_S)
        mended_s = time.monotonic()

    assert scene.after_more(cut_s) == []
    assert scene.load.answers_between(cut_s + ON_ITS_WAY_S, mended_s) == 0
    scene.cluster.await_whole()


def test_a_worker_that_wakes_up_after_its_job_was_given_to_another_changes_nothing(
    scene: Scene, redis: Redis
) -> None:
    held = stopped_in_mid_job(redis)
    paused_s = time.monotonic()
    try:
        await_fact(lambda: "" if held.is_begun_again(redis) else "no other has begun its job")
        begun_again_s = time.monotonic()
        Event().wait(PAUSED_S - (begun_again_s - paused_s))
        answers_while_paused = held.answers(redis)
    finally:
        os.kill(held.pid, signal.SIGCONT)

    await_fact(lambda: "" if held.has_moved_on(redis) else "it has no new job")
    assert (answers_while_paused, held.answers(redis)) == (1, 1)
    assert begun_again_s - paused_s < RUNS_AGAIN_WITHIN_S
    answer = scene.load.answer_to(held.session_id, held.step)
    assert answer.ended_s - paused_s < RESUMES_WITHIN_S
    assert scene.after_more(paused_s) == []
    scene.cluster.await_whole()


def test_everything_restarted_in_turn_by_sigterm_loses_nothing(scene: Scene) -> None:
    cluster = scene.cluster
    began_s = time.monotonic()
    before = [program.must_run() for program in cluster.programs()]
    for program in (*cluster.gateways, *cluster.workers, cluster.redis):
        program.stop(signal.SIGTERM)
        program.start()
        cluster.await_redis()
        cluster.await_whole()

    assert scene.after_more(began_s) == []
    assert not set(before) & {program.must_run() for program in cluster.programs()}


def test_of_all_episodes_of_the_load_none_is_lost_doubled_or_wrong(scene: Scene) -> None:
    records = scene.load.to_the_end()

    assert scene.load.complaints(records) == {}
    numbers = sorted(record.turn.number for record in records)
    assert len(numbers) == len(set(numbers))
    assert len(numbers) > scene.size.episodes
