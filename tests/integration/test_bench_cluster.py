"""That the bench counts round trips right, and says so when there is no Redis to measure."""

import subprocess
import sys
from itertools import pairwise
from pathlib import Path

from redis import Redis

from bench.cluster_programs import teller, url_of
from tests.redis_server import RedisServer
from tests.tree import ROOT


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


def test_without_redis_the_bench_says_what_is_missing(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench", "--only", "cluster", "--output", tmp_path],
        cwd=ROOT,
        env={"PATH": str(tmp_path)},
        check=True,
        capture_output=True,
        text=True,
    )

    assert "there is no redis-server on PATH" in done.stdout
    assert list(tmp_path.iterdir()) == []
