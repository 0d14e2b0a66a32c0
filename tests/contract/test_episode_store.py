"""What every session store keeps, whichever it is: sessions, leases and answers."""

import pytest
from msgspec.structs import replace

from gateway.store import (
    EpisodeStore,
    Lease,
    LeaseLost,
    Replay,
    SessionBusy,
    UnknownSession,
    remember,
)
from tests.contract.episodes import LEASE_S, Hands, begun, finished, running, session, turn


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
