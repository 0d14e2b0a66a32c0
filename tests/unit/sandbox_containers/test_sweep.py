from sandbox.containers.engine import Listed
from sandbox.containers.sweep import ORPHAN_S, Sweep

OURS, THEIRS = "worker-1", "worker-2"


def listed(identity: str, owner: str, *, is_running: bool) -> Listed:
    return Listed(identity=identity, owner=owner, is_running=is_running)


def test_what_was_never_started_is_removed_once_it_has_looked_so_for_long() -> None:
    sweep = Sweep(OURS)
    found = [listed("a", THEIRS, is_running=False), listed("b", THEIRS, is_running=True)]

    assert sweep.orphans(found, set(), 0.0) == []
    assert sweep.orphans(found, set(), ORPHAN_S - 0.1) == []
    assert sweep.orphans(found, set(), ORPHAN_S) == ["a"]


def test_what_came_to_run_meanwhile_is_let_be() -> None:
    sweep = Sweep(OURS)
    sweep.orphans([listed("a", THEIRS, is_running=False)], set(), 0.0)

    assert sweep.orphans([listed("a", THEIRS, is_running=True)], set(), ORPHAN_S) == []
    assert sweep.orphans([listed("a", THEIRS, is_running=False)], set(), ORPHAN_S + 1) == []


def test_an_owners_own_is_removed_where_the_owner_does_not_know_it() -> None:
    sweep = Sweep(OURS)
    found = [listed("a", OURS, is_running=True), listed("b", OURS, is_running=True)]
    sweep.orphans(found, {"b"}, 0.0)

    assert sweep.orphans(found, {"b"}, ORPHAN_S) == ["a"]
