"""A session store while its Redis is away, late or read-only, and after that."""

import asyncio
import signal
from pathlib import Path

import pytest
from msgspec.structs import replace

from gateway.problems import StoreUnavailable
from gateway.redis_client import async_client
from gateway.redis_store import ALIVE_S
from tests.contract.episodes import finished, session
from tests.integration.redis_stores import LEASE_S, PREFIX, begun, store_of
from tests.redis_server import running_redis


async def test_while_redis_is_away_the_fault_is_ours_and_debts_are_settled_later(
    tmp_path: Path,
) -> None:
    with running_redis(tmp_path, append_only=True) as server:
        async with async_client(server.url) as redis:
            store = store_of(redis, "one")
            await store.create(session("a"))
            lease = await begun(store, "a")
            await asyncio.sleep(1.2)  # appendfsync everysec
            server.stop(signal.SIGKILL)

            with pytest.raises(StoreUnavailable):
                await store.get("a")
            await store.abandon(lease)
            server.start()
            await store.start()
            await asyncio.sleep(0.5)
            again = await begun(store, "a")
            await store.close()

    assert again.session == session("a")


async def test_what_redis_does_after_nobody_waits_any_more_is_undone(tmp_path: Path) -> None:
    with running_redis(tmp_path) as server:
        async with async_client(server.url, answer_s=0.3) as redis:
            store = store_of(redis, "one")
            for name in "abc":
                await store.create(session(name))
            lease = await begun(store, "c")
            changed = replace(lease.session, episode=finished())
            await asyncio.gather(*(store.get("a") for _ in range(8)))  # connections for all
            server.send_signal(signal.SIGSTOP)
            asked = [
                store.create(session("new"), socket_id="s1"),
                store.attach("a", socket_id="s2"),
                store.begin("b", lease_s=LEASE_S),
                store.commit(lease, changed),
            ]
            told = await asyncio.gather(*asked, return_exceptions=True)
            server.send_signal(signal.SIGCONT)
            await asyncio.sleep(0.5)

            await store.attach("a", socket_id="s3")
            again = await begun(store, "b")
            after_commit = await begun(store, "c")
            await store.close()
            left = await redis.exists(f"{PREFIX}session:new")

    assert all(isinstance(one, StoreUnavailable) for one in told), told
    assert again.session == session("b")
    assert after_commit.session == replace(changed, version=1)
    assert after_commit.committed == lease.token
    assert left == 0


async def test_a_gateway_goes_on_when_redis_takes_writes_again(tmp_path: Path) -> None:
    with running_redis(tmp_path) as server:
        async with async_client(server.url) as redis:
            store = store_of(redis, "one")
            await store.start()
            await store.create(session("a"), socket_id="s")
            await redis.config_set("min-replicas-to-write", 1)
            await asyncio.sleep(ALIVE_S + 0.5)
            with pytest.raises(StoreUnavailable):
                await store.create(session("b"))
            await redis.config_set("min-replicas-to-write", 0)
            await asyncio.sleep(1.5)

            alive = await redis.exists(f"{PREFIX}gateway:one")
            await store.close()

    assert alive == 1


async def test_a_short_absence_of_redis_is_not_noticed(tmp_path: Path) -> None:
    with running_redis(tmp_path, append_only=True) as server:
        async with async_client(server.url) as redis:
            store = store_of(redis, "one", patience_s=5.0)
            await store.create(session("a"))
            lease = await begun(store, "a")
            await asyncio.sleep(1.2)  # appendfsync everysec
            server.stop(signal.SIGKILL)
            committing = asyncio.create_task(store.commit(lease, lease.session))
            await asyncio.sleep(0.2)
            server.start()

            assert (await committing).version == 1
