"""What a session store in Redis keeps beyond the contract: deaths, races, time and room."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from msgspec.structs import replace
from redis.asyncio import Redis

from gateway import session_codec
from gateway.episode import Session
from gateway.episodes import begin
from gateway.problems import SessionTooLarge
from gateway.redis_client import async_client
from gateway.redis_store import ALIVE_S, RedisEpisodeStore
from gateway.sessions import ANSWERS_REMEMBERED
from gateway.store import (
    AtCapacity,
    Lease,
    LeaseLost,
    Occupancy,
    Replay,
    SessionAttached,
    SessionBusy,
    UnknownSession,
    remember,
)
from tasks.catalogue import load
from tests.contract.episodes import finished, session, turn
from tests.integration.redis_stores import LEASE_S, LIMIT, PREFIX, begun, die, store_of
from tests.redis_server import RedisServer

IDLE_EPISODE_BYTES = 4096


@pytest.fixture
async def redis(redis_server: RedisServer) -> AsyncIterator[Redis]:
    async with async_client(redis_server.url) as client:
        yield client


@pytest.fixture
def one(redis: Redis) -> RedisEpisodeStore:
    return store_of(redis, "one")


@pytest.fixture
def other(redis: Redis) -> RedisEpisodeStore:
    return store_of(redis, "other")


async def test_a_session_goes_on_at_another_gateway(
    one: RedisEpisodeStore, other: RedisEpisodeStore
) -> None:
    await one.create(session("a"))
    lease = await begun(one, "a")
    await one.commit(lease, replace(lease.session, episode=finished()))

    assert (await other.get("a")).episode == finished()


async def test_the_slots_are_those_of_the_whole_cluster_however_many_come_at_once(
    redis: Redis,
) -> None:
    stores = [store_of(redis, f"gateway-{n}", limit=10) for n in range(3)]

    created = await asyncio.gather(
        *(stores[n % 3].create(session(str(n))) for n in range(40)), return_exceptions=True
    )

    assert sum(result is None for result in created) == 10
    assert all(isinstance(result, AtCapacity) for result in created if result is not None)
    assert await stores[0].occupancy() == Occupancy(active=10, parked=0, limit=10)


async def test_of_many_that_begin_at_once_one_gets_the_lease(
    one: RedisEpisodeStore, other: RedisEpisodeStore
) -> None:
    await one.create(session("a"))

    results = await asyncio.gather(
        *((one, other)[n % 2].begin("a", lease_s=LEASE_S) for n in range(30)),
        return_exceptions=True,
    )

    assert sum(isinstance(result, Lease) for result in results) == 1
    assert sum(isinstance(result, SessionBusy) for result in results) == 29


async def test_the_lease_of_a_dead_gateway_is_free_and_its_late_commit_is_lost(
    redis: Redis, one: RedisEpisodeStore, other: RedisEpisodeStore
) -> None:
    await one.create(session("a"))
    late = await begun(one, "a")
    with pytest.raises(SessionBusy):
        await other.begin("a", lease_s=LEASE_S)
    await die(redis, "one")

    prompt = await begun(other, "a")

    with pytest.raises(LeaseLost):
        await one.commit(late, replace(late.session, episode=finished()))
    assert (await other.commit(prompt, prompt.session)).version == 1


async def test_a_commit_that_is_sent_twice_acts_once(
    one: RedisEpisodeStore, other: RedisEpisodeStore
) -> None:
    await one.create(session("a"))
    lease = await begun(one, "a")

    first = await one.commit(lease, replace(lease.session, episode=finished()))
    second = await one.commit(lease, replace(lease.session, episode=finished()))

    assert first == second
    assert await other.get("a") == first


async def test_a_create_that_is_sent_twice_makes_one_session(one: RedisEpisodeStore) -> None:
    await one.create(session("a"))
    await one.create(session("a"))

    assert await one.occupancy() == Occupancy(active=1, parked=0, limit=LIMIT)


async def test_a_request_answered_by_one_gateway_is_answered_the_same_by_another(
    one: RedisEpisodeStore, other: RedisEpisodeStore
) -> None:
    request_id = 'odd "id" \\ \x00 \N{SNOWMAN}'
    await one.create(session("a"))
    lease = await begun(one, "a", request_id)
    await one.commit(lease, remember(lease.session, request_id=request_id, turn=turn(), limit=4))

    assert await other.begin("a", lease_s=LEASE_S, request_id=request_id) == Replay(turn=turn())


async def test_a_session_of_a_dead_gateways_socket_is_taken_up_by_another(
    redis_server: RedisServer, one: RedisEpisodeStore, other: RedisEpisodeStore
) -> None:
    await one.create(session("a"), socket_id="s1")

    taken = await asyncio.wait_for(other.attach("a", socket_id="s2"), ALIVE_S + 1)

    assert taken == session("a")


async def test_a_session_of_a_living_gateways_socket_is_not_taken_up(
    one: RedisEpisodeStore, other: RedisEpisodeStore
) -> None:
    await one.start()
    await one.create(session("a"), socket_id="s1")

    with pytest.raises(SessionAttached):
        await other.attach("a", socket_id="s2")

    await one.close()
    assert await other.attach("a", socket_id="s2") == session("a")


async def test_sockets_of_dead_gateways_leave_their_sessions_to_be_resumed_or_give_way(
    redis: Redis, other: RedisEpisodeStore
) -> None:
    one = store_of(redis, "one", limit=3)
    small = store_of(redis, "small", limit=3)
    for name in "abc":
        await one.create(session(name), socket_id=name)
    with pytest.raises(AtCapacity):
        await small.create(session("d"))
    await die(redis, "one")

    assert await small.occupancy() == Occupancy(active=0, parked=3, limit=3)
    await small.create(session("d"))

    assert await small.occupancy() == Occupancy(active=1, parked=2, limit=3)
    left = [name for name in "abc" if await redis.exists(f"{PREFIX}session:{name}")]
    assert len(left) == 2
    assert await small.attach(left[0], socket_id="s") == session(left[0])


async def test_every_key_ends_by_itself(redis: Redis, one: RedisEpisodeStore) -> None:
    await one.start()
    await one.create(session("a"), socket_id="s")
    await one.create(replace(session("b"), episode=finished()))
    lease = await begun(one, "a", "r")
    await one.commit(lease, remember(lease.session, request_id="r", turn=turn(), limit=2))
    await begun(one, "a")
    await asyncio.sleep(0.05)
    await one.close()

    ttls = {key: await redis.pttl(key) async for key in redis.scan_iter()}

    assert len(ttls) >= 5
    assert all(ttl > 0 for ttl in ttls.values()), ttls


async def test_use_prolongs_a_sessions_life(redis: Redis, one: RedisEpisodeStore) -> None:
    await one.create(session("a"))
    await redis.pexpire(f"{PREFIX}session:a", 1000)

    await one.touch(["a"])

    assert await redis.pttl(f"{PREFIX}session:a") > 100_000


async def test_an_idle_session_expires_by_the_clock_of_redis(redis: Redis) -> None:
    store = store_of(redis, "one", idle_s=0.1)
    await store.create(session("a"))
    await asyncio.sleep(0.2)

    assert await store.expire() == 1
    with pytest.raises(UnknownSession):
        await store.get("a")


async def test_many_idle_sessions_are_forgotten_in_one_sweep(redis: Redis) -> None:
    store = store_of(redis, "one", idle_s=0.1, limit=1000)
    await asyncio.gather(*(store.create(session(str(n))) for n in range(450)))
    await asyncio.sleep(0.2)

    assert await store.expire() == 450
    assert await redis.keys(f"{PREFIX}session:*") == []


async def test_a_session_that_grows_too_large_forgets_its_oldest_answers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    full = session("a")
    for number in range(8):
        full = remember(full, request_id=f"r{number}", turn=turn(), limit=8)
    monkeypatch.setattr(session_codec, "SESSION_BYTES", len(session_codec.stored(full).data) - 1)

    kept = session_codec.decoded(session_codec.stored(full).data)

    assert [answer.request_id for answer in kept.answered] == [f"r{n}" for n in range(1, 8)]


async def test_a_session_too_large_without_answers_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(session_codec, "SESSION_BYTES", 10)

    with pytest.raises(SessionTooLarge):
        session_codec.stored(session("a"))


async def test_an_idle_episode_takes_little_memory(redis: Redis) -> None:
    store = store_of(redis, "one", limit=10_000)
    await store.create(session("warm-up"))
    before = int((await redis.info("memory"))["used_memory"])
    tasks = itertools.cycle(load(()).values())
    for task in itertools.islice(tasks, 600):
        name = str(uuid4())
        episode, real_turn = begin(task, episode_id=name, reward_mode="level", session_id=name)
        await store.create(Session(session_id=name, episode=episode))
        lease = await begun(store, name)
        answered = lease.session
        for number in range(ANSWERS_REMEMBERED):
            answered = remember(
                answered, request_id=f"request-{number}", turn=real_turn, limit=ANSWERS_REMEMBERED
            )
        await store.commit(lease, answered)

    each = (int((await redis.info("memory"))["used_memory"]) - before) / 600

    print(f"\nmemory of an idle episode: {each:.0f} bytes")  # noqa: T201 - what is measured
    assert each <= IDLE_EPISODE_BYTES


async def test_a_gateway_that_was_taken_for_dead_holds_its_sockets_sessions_again(
    redis: Redis, one: RedisEpisodeStore, other: RedisEpisodeStore
) -> None:
    await one.create(session("running"), socket_id="s1")
    await one.create(replace(session("over"), episode=finished()), socket_id="s2")
    await one.create(session("resumed"), socket_id="s3")
    await die(redis, "one")
    assert await other.occupancy() == Occupancy(active=0, parked=3, limit=LIMIT)
    await other.start()
    await other.attach("resumed", socket_id="s4")

    await one.start()
    await asyncio.sleep(0.3)

    assert await other.occupancy() == Occupancy(active=3, parked=0, limit=LIMIT)
    for name in ("running", "over"):
        with pytest.raises(SessionAttached):
            await other.attach(name, socket_id="s5")
    await one.detach("resumed", socket_id="s3")
    with pytest.raises(SessionAttached):
        await other.attach("resumed", socket_id="s6")
    await one.close()
    await other.close()
