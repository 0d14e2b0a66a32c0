"""That the bench counts round trips right, and finds a Redis to measure."""

import os
from itertools import pairwise
from pathlib import Path

import pytest
from redis import Redis

from bench.cluster_programs import teller, url_of
from scripts.redis_binary import redis_binary
from tests.redis_server import RedisServer


def test_a_command_a_pipeline_and_a_blocking_command_are_one_round_trip_each(
    redis_server: RedisServer,
) -> None:
    with (
        teller("bench.trips", str(redis_server.port)) as trips,
        Redis.from_url(url_of(int(trips.told()))) as redis,
    ):
        redis.ping()
        counts = [trips.ask()]
        for _ in range(3):
            redis.ping()
        counts.append(trips.ask())
        pipeline = redis.pipeline()
        for number in range(50):
            pipeline.set(f"key-{number}", "x" * 20)
        pipeline.execute()
        counts.append(trips.ask())
        redis.blpop(["nothing"], 0.05)
        counts.append(trips.ask())

    assert [after - before for before, after in pairwise(counts)] == [3, 1, 1]


def test_a_development_environment_carries_a_server_of_its_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    found = redis_binary()

    assert found is not None
    assert os.access(found, os.X_OK)
