"""The figures of one run, and how they follow from what was measured. Pure."""

from collections.abc import Sequence
from math import ceil
from statistics import fmean, median
from typing import Final

from msgspec import Struct

from bench.bursts import Burst
from bench.processes import CpuTime, Memory

LATENCY_BAR: Final = 0.5
"""The p50 of a step should be at most this share of the p50 of a bare interpreter's start."""
THROUGHPUT_BAR: Final = 1.0
"""Steps per second at 8 should be at least this multiple of bare starts per second at 8."""


class Latency(Struct, frozen=True, kw_only=True):
    """How long something took, seconds."""

    count: int
    p50_s: float
    p95_s: float
    fastest_s: float
    round_p50_s: tuple[float, ...]
    """The median of each round, in order."""


class Throughput(Struct, frozen=True, kw_only=True):
    """How much was done at some concurrency."""

    at_once: int
    per_s: float
    round_per_s: tuple[float, ...]
    """Of each round, in order."""


class Split(Struct, frozen=True, kw_only=True):
    """Where the mean step spent its time, seconds.

    `gateway_s` is what the other three leave of the time the client saw: HTTP both ways, the
    session, the handover to a thread and back.
    """

    gateway_s: float
    queue_s: float
    sandbox_s: float
    judge_s: float

    @property
    def total_s(self) -> float:
        """All of it."""
        return self.gateway_s + self.queue_s + self.sandbox_s + self.judge_s


class CpuPerStep(Struct, frozen=True, kw_only=True):
    """CPU seconds per step at 8 sessions; `client_s` is not the server's and comes on top."""

    server_s: float
    fork_servers_s: float
    guests_s: float
    client_s: float
    bare_start_s: float
    """What one bare interpreter uses, for comparison."""

    @property
    def total_s(self) -> float:
        """All of the server's."""
        return self.server_s + self.fork_servers_s + self.guests_s


class Ratio(Struct, frozen=True, kw_only=True):
    """Two figures of the same run, one over the other, and whether that is good enough.

    `value` is the median of the rounds' ratios: what disturbs a round disturbs both figures in it,
    while a sum over rounds would lean on those in which the faster of the two had quiet.
    """

    value: float
    round_values: tuple[float, ...]
    bar: float
    met: bool


class Machine(Struct, frozen=True, kw_only=True):
    """Where it was measured."""

    cpu: str
    cores: int
    kernel: str
    python: str
    load_before: tuple[float, float, float]
    load_after: tuple[float, float, float]
    layers: tuple[str, ...]


class Results(Struct, frozen=True, kw_only=True):
    """Everything one run found out."""

    machine: Machine
    run_tests: Latency
    bare_start: Latency
    paced_run_tests: Latency
    paced_bare_start: Latency
    edit_code: Latency
    steps_per_s: tuple[Throughput, ...]
    bare_starts_per_s: tuple[Throughput, ...]
    latency_ratio: Ratio
    paced_latency_ratio: Ratio
    throughput_ratio: Ratio
    split_at_1: Split
    split_at_8: Split
    cpu_per_step: CpuPerStep
    memory_idle: Memory
    memory_loaded: Memory


def latency_of(bursts: Sequence[Burst]) -> Latency:
    """Return the latency over all bursts, each a round."""
    return latency_of_rounds([burst.latencies_s for burst in bursts])


def latency_of_rounds(rounds: Sequence[Sequence[float]]) -> Latency:
    """Return the latency over all rounds, seconds."""
    all_s = sorted(latency for one in rounds for latency in one)
    return Latency(
        count=len(all_s),
        p50_s=median(all_s),
        p95_s=percentile(all_s, 95),
        fastest_s=all_s[0],
        round_p50_s=tuple(median(one) for one in rounds),
    )


def percentile(ordered: Sequence[float], percent: int) -> float:
    """Return the smallest value that `percent` of an ordered sample do not exceed."""
    return ordered[max(0, ceil(len(ordered) * percent / 100) - 1)]


def throughput_of(bursts: Sequence[Burst], *, at_once: int) -> Throughput:
    """Return what was done per second over all rounds."""
    return Throughput(
        at_once=at_once,
        per_s=sum(burst.count for burst in bursts) / sum(burst.elapsed_s for burst in bursts),
        round_per_s=tuple(burst.count / burst.elapsed_s for burst in bursts),
    )


def split_of(bursts: Sequence[Burst]) -> Split:
    """Return where the mean step spent its time."""
    phases = [phase for burst in bursts for phase in burst.phases]
    total_s = fmean(latency for burst in bursts for latency in burst.latencies_s)
    queue_s = fmean(phase.queue_s for phase in phases)
    sandbox_s = fmean(phase.sandbox_s for phase in phases)
    judge_s = fmean(phase.judge_s for phase in phases)
    return Split(
        gateway_s=total_s - queue_s - sandbox_s - judge_s,
        queue_s=queue_s,
        sandbox_s=sandbox_s,
        judge_s=judge_s,
    )


def cpu_per_step(
    used: Sequence[CpuTime], steps: Sequence[Burst], starts: Sequence[Burst]
) -> CpuPerStep:
    """Share the CPU time that the rounds at 8 used among their steps."""
    count = sum(burst.count for burst in steps)
    return CpuPerStep(
        server_s=sum(time.server_s for time in used) / count,
        fork_servers_s=sum(time.fork_servers_s for time in used) / count,
        guests_s=sum(time.guests_s for time in used) / count,
        client_s=sum(burst.cpu_s for burst in steps) / count,
        bare_start_s=sum(burst.children_cpu_s for burst in starts)
        / sum(burst.count for burst in starts),
    )


def latency_ratio(steps: Latency, starts: Latency) -> Ratio:
    """Compare a step with a bare start; smaller is better."""
    pairs = zip(steps.round_p50_s, starts.round_p50_s, strict=True)
    ratios = tuple(step_s / start_s for step_s, start_s in pairs)
    value = median(ratios)
    return Ratio(value=value, round_values=ratios, bar=LATENCY_BAR, met=value <= LATENCY_BAR)


def throughput_ratio(steps: Throughput, starts: Throughput) -> Ratio:
    """Compare steps with bare starts per second; larger is better."""
    pairs = zip(steps.round_per_s, starts.round_per_s, strict=True)
    ratios = tuple(step / start for step, start in pairs)
    value = median(ratios)
    return Ratio(value=value, round_values=ratios, bar=THROUGHPUT_BAR, met=value >= THROUGHPUT_BAR)
