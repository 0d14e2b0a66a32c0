"""The figures of one run, and how they follow from the records. Pure."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from math import ceil

from msgspec import Struct

from load.records import EpisodeRecord
from load.submissions import KINDS, Submission
from load.verdict import Verdict


class Latency(Struct, frozen=True, kw_only=True):
    """How long something took from the first time it was asked to its answer, seconds."""

    count: int
    p50_s: float
    p95_s: float
    p99_s: float
    longest_s: float


class KindFigures(Struct, frozen=True, kw_only=True):
    """What became of the submissions of one kind; rewards are those of the last step."""

    episodes: int
    successes: int
    lowest_reward: float
    highest_reward: float


class Complaint(Struct, frozen=True, kw_only=True):
    """An episode that is not as it must be."""

    number: int
    submission: str
    session_id: str
    verdict: Verdict


class Figures(Struct, frozen=True, kw_only=True):
    """Everything one run found out.

    Attributes:
        episodes: How many were to be played.
        ended: How many came to their end.
        lost: How many did not, or were not heard of, or had a step forgotten.
        doubled: In how many a step acted more than once.
        wrong: In how many an answer was not what the submission must get.
        elapsed_s: From the first episode's begin to the last one's end.
        steps_per_s: Answered steps over that time.
        faults: How often the server said that it could not take a step now, by its words.
        sockets_lost: How often a socket broke off.
        resumed: How often a session was taken up again on another socket.
        latencies: By action, and `reset`.
        kinds: By kind of submission.
        complaints: One for each episode that is not as it must be.
    """

    episodes: int
    ended: int
    lost: int
    doubled: int
    wrong: int
    elapsed_s: float
    steps_per_s: float
    faults: dict[str, int]
    sockets_lost: int
    resumed: int
    latencies: dict[str, Latency]
    kinds: dict[str, KindFigures]
    complaints: tuple[Complaint, ...]

    @property
    def is_clean(self) -> bool:
        """Say whether nothing was lost, doubled or wrong."""
        return not (self.lost or self.doubled or self.wrong)


def figures_of(
    records: Sequence[EpisodeRecord],
    verdicts: Sequence[Verdict],
    submissions: Mapping[str, Submission],
    *,
    wanted: int,
) -> Figures:
    """Count.

    Args:
        records: Of the episodes that were heard of, in any order.
        verdicts: One beside each record.
        submissions: By name.
        wanted: How many episodes were to be played.
    """
    elapsed_s = max((r.ended_s for r in records), default=0.0) - min(
        (r.began_s for r in records), default=0.0
    )
    steps = sum(len(record.steps) for record in records)
    faults: Counter[str] = Counter()
    for record in records:
        faults.update(record.faults)
    return Figures(
        episodes=wanted,
        ended=sum(not record.loss for record in records),
        lost=sum(bool(v.lost) for v in verdicts) + wanted - len(records),
        doubled=sum(bool(v.doubled) for v in verdicts),
        wrong=sum(bool(v.wrong) for v in verdicts),
        elapsed_s=elapsed_s,
        steps_per_s=steps / elapsed_s if elapsed_s else 0.0,
        faults=dict(faults.most_common()),
        sockets_lost=sum(record.sockets_lost for record in records),
        resumed=sum(record.resumed for record in records),
        latencies=_latencies(records),
        kinds=_kinds(records, submissions),
        complaints=tuple(
            Complaint(
                number=record.turn.number,
                submission=record.turn.submission,
                session_id=record.session_id,
                verdict=verdict,
            )
            for record, verdict in zip(records, verdicts, strict=True)
            if not verdict.is_clean
        ),
    )


def took_s(records: Sequence[EpisodeRecord]) -> dict[str, list[float]]:
    """Return how long every answer took, seconds, by action; and `reset`."""
    by_action: dict[str, list[float]] = defaultdict(list)
    for record in records:
        if record.session_id:
            by_action["reset"].append(record.reset_s)
        for step in record.steps:
            by_action[step.action].append(step.took_s)
    return dict(by_action)


def _latencies(records: Sequence[EpisodeRecord]) -> dict[str, Latency]:
    return {action: _latency(sorted(taken)) for action, taken in took_s(records).items()}


def _latency(ordered: Sequence[float]) -> Latency:
    def percentile(percent: int) -> float:
        return ordered[max(0, ceil(len(ordered) * percent / 100) - 1)]

    return Latency(
        count=len(ordered),
        p50_s=percentile(50),
        p95_s=percentile(95),
        p99_s=percentile(99),
        longest_s=ordered[-1],
    )


def _kinds(
    records: Sequence[EpisodeRecord], submissions: Mapping[str, Submission]
) -> dict[str, KindFigures]:
    found: dict[str, KindFigures] = {}
    for kind in KINDS:
        ended = [
            record.steps[-1]
            for record in records
            if not record.loss and submissions[record.turn.submission].kind == kind
        ]
        if ended:
            found[kind] = KindFigures(
                episodes=len(ended),
                successes=sum(step.success for step in ended),
                lowest_reward=min(step.reward for step in ended),
                highest_reward=max(step.reward for step in ended),
            )
    return found
