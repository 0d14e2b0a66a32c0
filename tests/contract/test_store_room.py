"""How every session store shares its room: slots, idle sessions and sockets."""

import pytest
from msgspec.structs import replace

from gateway.episode import Session
from gateway.store import (
    AtCapacity,
    EpisodeStore,
    Occupancy,
    Replay,
    SessionAttached,
    UnknownSession,
    remember,
)
from tests.contract.episodes import IDLE_S, LEASE_S, LIMIT, Hands, begun, finished, session, turn


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
