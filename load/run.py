"""One run: first every submission alone, then all episodes at once."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from load.crowd import LoadFailed, crowd
from load.figures import Figures, figures_of
from load.records import EpisodeRecord, Errand, StepRecord
from load.settings import Settings
from load.submissions import KINDS, Submission, Turn, drawn
from load.verdict import objections_to, verdict_of

Expected = Mapping[str, tuple[StepRecord, ...]]
"""The steps every submission must get, by its name."""
QUIET: Final = "quiet"


def expectations(
    urls: Sequence[str],
    submissions: Sequence[Submission],
    settings: Settings,
    *,
    count: Callable[[], None],
) -> Expected:
    """Play every submission alone, one after the other, and return what each earned.

    Raises:
        LoadFailed: If what one earned contradicts what is known of it.
    """
    turns = tuple(Turn(number=n, submission=s.name) for n, s in enumerate(submissions))
    errand = _errand(urls, submissions, turns, settings, label=QUIET, at_once=1)
    by_name = {submission.name: submission for submission in submissions}
    expected = {}
    with crowd(errand, processes=1) as players:
        for record in players.records():
            name = record.turn.submission
            if objections := objections_to(record, by_name[name]):
                raise LoadFailed(f"{name}, alone on a quiet server: {'; '.join(objections)}")
            expected[name] = record.steps
            count()
    return expected


def load_errand(
    urls: Sequence[str], submissions: Sequence[Submission], settings: Settings
) -> Errand:
    """Return the load itself as an errand."""
    turns = drawn(submissions, mix=settings.mix, count=settings.episodes, seed=settings.seed)
    label = f"load-{settings.seed}"
    return _errand(urls, submissions, turns, settings, label=label, at_once=settings.concurrency)


def played_at_once(
    errand: Errand, *, processes: int, count: Callable[[], None]
) -> list[EpisodeRecord]:
    """Play an errand to its end.

    Raises:
        LoadFailed: If a client ended before its errand was done.
    """
    records = []
    with crowd(errand, processes=processes) as players:
        for record in players.records():
            records.append(record)
            count()
    return records


def judged(
    records: Sequence[EpisodeRecord],
    submissions: Sequence[Submission],
    expected: Expected,
    *,
    wanted: int,
) -> Figures:
    """Compare every episode with what it must be, and count."""
    by_name = {submission.name: submission for submission in submissions}
    verdicts = [
        verdict_of(record, by_name[record.turn.submission], expected[record.turn.submission])
        for record in records
    ]
    return figures_of(records, verdicts, by_name, wanted=wanted)


def wanted_submissions(
    submissions: Sequence[Submission], settings: Settings
) -> tuple[Submission, ...]:
    """Keep the kinds that the mix has."""
    kinds = {kind for kind in KINDS if settings.mix.get(kind)}
    return tuple(submission for submission in submissions if submission.kind in kinds)


def _errand(
    urls: Sequence[str],
    submissions: Sequence[Submission],
    turns: tuple[Turn, ...],
    settings: Settings,
    *,
    label: str,
    at_once: int,
) -> Errand:
    return Errand(
        urls=tuple(urls),
        label=label,
        submissions=tuple(submissions),
        turns=turns,
        at_once=at_once,
        answer_s=settings.answer_s,
        step_s=settings.step_s,
    )
