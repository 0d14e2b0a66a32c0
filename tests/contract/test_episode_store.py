"""What every session store keeps, whichever it is."""

import itertools
from collections.abc import AsyncIterator

import pytest
from msgspec.structs import replace

from gateway.episode import Session
from gateway.memory_store import MemoryEpisodeStore
from gateway.redis_client import async_client
from gateway.redis_store import RedisEpisodeStore
from gateway.store import (
    AtCapacity,
    EpisodeStore,
    Lease,
    LeaseLost,
    Occupancy,
    Replay,
    SessionAttached,
    SessionBusy,
    UnknownSession,
    remember,
)
from tests.contract.episodes import finished, running, turn

LIMIT = 3
IDLE_S = 100.0
LEASE_S = 10.0


class Hands:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


def memory_store(clock: Hands) -> MemoryEpisodeStore:
    tokens = itertools.count()
    return MemoryEpisodeStore(
        limit=LIMIT, idle_s=IDLE_S, now=clock, new_token=lambda: f"token-{next(tokens)}"
    )


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture(params=["memory", "redis"])
async def store(request: pytest.FixtureRequest, clock: Hands) -> AsyncIterator[EpisodeStore]:
    if request.param == "memory":
        yield memory_store(clock)
        return
    tokens = itertools.count()
    async with async_client(request.getfixturevalue("redis_server").url) as redis:
        yield RedisEpisodeStore(
            redis,
            gateway_id="g1",
            limit=LIMIT,
            idle_s=IDLE_S,
            new_token=lambda: f"token-{next(tokens)}",
            now=clock,
        )


def session(name: str) -> Session:
    return Session(session_id=name, episode=running())


async def begun(store: EpisodeStore, name: str, request_id: str | None = None) -> Lease:
    lease = await store.begin(name, lease_s=LEASE_S, request_id=request_id)
    assert isinstance(lease, Lease)
    return lease


async def test_a_session_comes_back_as_it_was_kept(store: EpisodeStore) -> None:
    await store.create(session("a"))

    assert await store.get("a") == session("a")


async def test_an_unknown_session_is_refused_everywhere(store: EpisodeStore) -> None:
    with pytest.raises(UnknownSession):
        await store.get("a")
    with pytest.raises(UnknownSession):
        await store.begin("a", lease_s=LEASE_S)
    with pytest.raises(UnknownSession):
        await store.attach("a", socket_id="s")
    assert await store.delete("a") is False


async def test_a_commit_is_kept_under_the_next_version(store: EpisodeStore) -> None:
    await store.create(session("a"))
    lease = await begun(store, "a")

    kept = await store.commit(lease, replace(lease.session, episode=finished()))

    assert kept.version == 1
    assert await store.get("a") == kept
    assert kept.episode == finished()


async def test_a_lease_tells_under_which_lease_the_session_was_changed_last(
    store: EpisodeStore,
) -> None:
    await store.create(session("a"))
    first = await begun(store, "a")
    await store.commit(first, first.session)
    second = await begun(store, "a")
    await store.abandon(second)

    assert (first.committed, second.committed) == ("", first.token)
    assert (await begun(store, "a")).committed == first.token


async def test_the_default_session_is_the_one_named_last(store: EpisodeStore) -> None:
    assert await store.default_id() is None

    await store.make_default("a")
    await store.make_default("b")

    assert await store.default_id() == "b"


async def test_a_commit_of_a_version_that_is_gone_is_lost(store: EpisodeStore) -> None:
    await store.create(session("a"))
    lease = await begun(store, "a")
    stale = Lease(session=replace(lease.session, version=7), token=lease.token, committed="")

    with pytest.raises(LeaseLost):
        await store.commit(stale, replace(lease.session, episode=finished()))
    assert (await store.get("a")).episode == running()


async def test_of_two_racing_changes_one_is_told_that_it_lost(store: EpisodeStore) -> None:
    await store.create(session("a"))
    await begun(store, "a", "first")

    with pytest.raises(SessionBusy) as busy:
        await store.begin("a", lease_s=LEASE_S, request_id="second")

    assert busy.value.request_id == "first"


async def test_a_lease_given_back_can_be_taken_again_with_nothing_changed(
    store: EpisodeStore,
) -> None:
    await store.create(session("a"))
    await store.abandon(await begun(store, "a"))

    lease = await begun(store, "a")

    assert lease.session == session("a")


async def test_a_lease_ends_by_itself_and_its_holder_can_change_nothing_any_more(
    store: EpisodeStore, clock: Hands
) -> None:
    await store.create(session("a"))
    late = await begun(store, "a")
    clock.now_s += LEASE_S + 1
    prompt = await begun(store, "a")

    with pytest.raises(LeaseLost):
        await store.commit(late, replace(late.session, episode=finished()))
    await store.abandon(late)
    kept = await store.commit(prompt, prompt.session)

    assert kept == replace(session("a"), version=1)


async def test_a_session_deleted_under_a_lease_stays_deleted(store: EpisodeStore) -> None:
    await store.create(session("a"))
    lease = await begun(store, "a")
    await store.delete("a")

    with pytest.raises(LeaseLost):
        await store.commit(lease, lease.session)
    with pytest.raises(UnknownSession):
        await store.get("a")


async def test_a_request_that_was_answered_gets_the_same_answer(store: EpisodeStore) -> None:
    await store.create(session("a"))
    lease = await begun(store, "a", "r")
    await store.commit(lease, remember(lease.session, request_id="r", turn=turn(), limit=2))

    again = await store.begin("a", lease_s=LEASE_S, request_id="r")

    assert again == Replay(turn=turn())


async def test_only_the_latest_answers_are_remembered(store: EpisodeStore) -> None:
    await store.create(session("a"))
    for request_id in ("r1", "r2", "r3"):
        lease = await begun(store, "a", request_id)
        changed = remember(lease.session, request_id=request_id, turn=turn(), limit=2)
        await store.commit(lease, changed)

    found = [
        isinstance(await store.begin("a", lease_s=LEASE_S, request_id=request_id), Replay)
        for request_id in ("r3", "r2", "r1")
    ]

    assert found == [True, True, False]


async def test_no_more_sessions_than_slots(store: EpisodeStore) -> None:
    for name in "abc":
        await store.create(session(name))

    with pytest.raises(AtCapacity) as full:
        await store.create(session("d"))

    assert (full.value.active, full.value.limit) == (LIMIT, LIMIT)
    assert await store.occupancy() == Occupancy(active=LIMIT, parked=0, limit=LIMIT)


async def test_deleting_frees_a_slot(store: EpisodeStore) -> None:
    for name in "abc":
        await store.create(session(name))
    assert await store.delete("b") is True

    await store.create(session("d"))

    assert (await store.get("d")).session_id == "d"


async def test_the_oldest_finished_session_gives_way(store: EpisodeStore, clock: Hands) -> None:
    for name in "abc":
        clock.now_s += 1
        await store.create(session(name))
    for name in "ba":
        clock.now_s += 1
        lease = await begun(store, name)
        await store.commit(lease, replace(lease.session, episode=finished()))

    await store.create(session("d"))

    with pytest.raises(UnknownSession):
        await store.get("b")
    assert (await store.get("a")).session_id == "a"


async def test_a_session_under_a_lease_does_not_give_way(store: EpisodeStore) -> None:
    for name in "abc":
        await store.create(replace(session(name), episode=finished()))
    await begun(store, "a")
    await begun(store, "b")
    await begun(store, "c")

    with pytest.raises(AtCapacity):
        await store.create(session("d"))


async def test_an_idle_session_is_gone(store: EpisodeStore, clock: Hands) -> None:
    await store.create(session("a"))
    clock.now_s += IDLE_S + 1

    assert await store.expire() == 1
    with pytest.raises(UnknownSession):
        await store.get("a")


async def test_an_idle_session_is_gone_before_any_sweep(store: EpisodeStore, clock: Hands) -> None:
    await store.create(session("a"))
    clock.now_s += IDLE_S + 1

    with pytest.raises(UnknownSession):
        await store.get("a")


async def test_use_and_touch_keep_a_session(store: EpisodeStore, clock: Hands) -> None:
    await store.create(session("a"))
    await store.create(session("b"))
    clock.now_s += IDLE_S - 1
    await store.abandon(await begun(store, "a"))
    await store.touch(["b", "unknown"])
    clock.now_s += IDLE_S - 1

    assert await store.expire() == 0


async def test_what_a_socket_holds_never_expires(store: EpisodeStore, clock: Hands) -> None:
    await store.create(session("a"), socket_id="s")
    clock.now_s += 10 * IDLE_S

    assert await store.expire() == 0
    assert await store.get("a") == session("a")


async def test_a_lease_whose_holder_died_does_not_leak_its_slot(
    store: EpisodeStore, clock: Hands
) -> None:
    await store.create(session("a"))
    await begun(store, "a")
    clock.now_s += IDLE_S + LEASE_S

    assert await store.expire() == 1


async def test_one_socket_holds_a_session_at_a_time(store: EpisodeStore) -> None:
    await store.create(session("a"))
    await store.attach("a", socket_id="s1")

    with pytest.raises(SessionAttached):
        await store.attach("a", socket_id="s2")

    await store.detach("a", socket_id="s2")
    with pytest.raises(SessionAttached):
        await store.attach("a", socket_id="s3")
    await store.detach("a", socket_id="s1")
    assert await store.attach("a", socket_id="s3") == session("a")


async def test_a_lost_socket_leaves_a_running_episode_to_be_resumed(store: EpisodeStore) -> None:
    await store.create(session("a"), socket_id="s1")
    await store.detach("a", socket_id="s1")

    assert await store.occupancy() == Occupancy(active=0, parked=1, limit=LIMIT)
    assert await store.attach("a", socket_id="s2") == session("a")
    assert await store.occupancy() == Occupancy(active=1, parked=0, limit=LIMIT)


async def test_a_lost_socket_leaves_nothing_of_a_finished_episode(store: EpisodeStore) -> None:
    await store.create(replace(session("a"), episode=finished()), socket_id="s")
    await store.create(Session(session_id="b"), socket_id="s")

    await store.detach("a", socket_id="s")
    await store.detach("b", socket_id="s")

    assert await store.occupancy() == Occupancy(active=0, parked=0, limit=LIMIT)


async def test_a_lost_socket_leaves_the_answers_of_a_finished_episode_to_be_asked_for_again(
    store: EpisodeStore,
) -> None:
    over = replace(session("a"), episode=finished())
    last = remember(over, request_id="r", turn=turn(), limit=2)
    await store.create(last, socket_id="s1")
    await store.detach("a", socket_id="s1")
    await store.attach("a", socket_id="s2")

    assert isinstance(await store.begin("a", lease_s=LEASE_S, request_id="r"), Replay)
    await store.detach("a", socket_id="s2")
    assert await store.occupancy() == Occupancy(active=0, parked=1, limit=LIMIT)


async def test_a_socket_that_says_goodbye_takes_its_own_session_along(store: EpisodeStore) -> None:
    await store.create(session("a"), socket_id="s")
    await store.create(session("b"))
    await store.attach("b", socket_id="s")

    await store.detach("a", socket_id="s", for_good=True)
    await store.detach("b", socket_id="s", for_good=True)

    with pytest.raises(UnknownSession):
        await store.get("a")
    assert (await store.get("b")).session_id == "b"


async def test_sessions_whose_socket_was_lost_give_way(store: EpisodeStore) -> None:
    for name in "abc":
        await store.create(session(name), socket_id=name)
        await store.detach(name, socket_id=name)

    for name in "def":
        await store.create(session(name), socket_id=name)

    assert await store.occupancy() == Occupancy(active=LIMIT, parked=0, limit=LIMIT)


async def test_a_step_that_outlives_its_socket_frees_the_slot_when_it_ends_the_episode(
    store: EpisodeStore,
) -> None:
    await store.create(session("a"), socket_id="s")
    lease = await begun(store, "a")
    await store.detach("a", socket_id="s")
    await store.commit(lease, replace(lease.session, episode=finished()))

    assert await store.occupancy() == Occupancy(active=0, parked=0, limit=LIMIT)
