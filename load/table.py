"""The figures as text for a terminal, and for the README."""

from collections.abc import Iterator
from typing import Final

from load.figures import Figures

SHOWN_COMPLAINTS: Final = 20
"""How many are printed; all of them are in the JSON file."""


def table(figures: Figures) -> str:
    """Render everything that was found, the verdict last."""
    return "\n".join([*_lines(figures), ""])


def _lines(figures: Figures) -> Iterator[str]:
    yield f"{'seconds':<18}" + _cells("p50", "p95", "p99", "longest", "count")
    for action, taken in figures.latencies.items():
        times = (taken.p50_s, taken.p95_s, taken.p99_s, taken.longest_s)
        yield f"  {action:<16}" + _cells(*(f"{time_s:.3f}" for time_s in times), str(taken.count))
    yield ""
    yield f"{'submissions':<18}" + _cells("episodes", "success", "lowest", "highest")
    for kind, found in figures.kinds.items():
        rewards = (f"{found.lowest_reward:.3f}", f"{found.highest_reward:.3f}")
        yield f"  {kind:<16}" + _cells(str(found.episodes), str(found.successes), *rewards)
    yield ""
    yield (
        f"{figures.ended} of {figures.episodes} episodes in {figures.elapsed_s:.1f} s, "
        f"{figures.steps_per_s:.1f} steps/s"
    )
    yield f"sockets lost {figures.sockets_lost}, sessions resumed {figures.resumed}"
    yield f"faults that cost no step: {sum(figures.faults.values())}"
    yield from (f"  {count} x {words}" for words, count in figures.faults.items())
    yield from _complaints(figures)
    yield f"lost {figures.lost}, doubled {figures.doubled}, wrong {figures.wrong}"


def _complaints(figures: Figures) -> Iterator[str]:
    for complaint in figures.complaints[:SHOWN_COMPLAINTS]:
        verdict = complaint.verdict
        yield f"episode {complaint.number}, {complaint.submission}, {complaint.session_id}:"
        for words in (verdict.lost, verdict.doubled, verdict.wrong):
            yield from (f"  {word}" for word in words)
    left = len(figures.complaints) - SHOWN_COMPLAINTS
    if left > 0:
        yield f"and {left} more episodes, in the JSON file"


def _cells(*texts: str) -> str:
    return "".join(f"{text:>10}" for text in texts)
