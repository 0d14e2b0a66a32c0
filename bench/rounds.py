"""The rounds of a measurement: every kind of load in turn, so that noise hits all of them alike."""

from collections import defaultdict
from collections.abc import Callable
from typing import Final

from msgspec import Struct

from bench.bursts import Burst, Errand, Load
from bench.processes import CpuTime, Memory, cpu_time, memory
from bench.programs import LoadMaker

FEW: Final = 8
MANY: Final = 32


class Stretch(Struct, frozen=True):
    """One kind of load in each round."""

    load: Load
    at_once: int
    pause_s: float = 0.0

    def __str__(self) -> str:
        pause = f", {self.pause_s * 1e3:.0f} ms between" if self.pause_s else ""
        return f"{self.load} at {self.at_once}{pause}"


THINKING_S: Final = 0.02
"""Pause between paced steps: short for an agent, long enough for the server to be at rest."""
STEPS_1: Final = Stretch("run_tests", 1)
STARTS_1: Final = Stretch("spawn", 1)
PACED_STEPS: Final = Stretch("run_tests", 1, THINKING_S)
PACED_STARTS: Final = Stretch("spawn", 1, THINKING_S)
STEPS_FEW: Final = Stretch("run_tests", FEW)
STARTS_FEW: Final = Stretch("spawn", FEW)
STEPS_MANY: Final = Stretch("run_tests", MANY)
STARTS_MANY: Final = Stretch("spawn", MANY)
EDITS: Final = Stretch("edit_code", 1)
SHARES: Final = {
    STEPS_1: 1.0,
    STARTS_1: 1.0,
    PACED_STEPS: 0.75,
    PACED_STARTS: 0.75,
    STEPS_FEW: 1.25,
    STARTS_FEW: 1.0,
    STEPS_MANY: 1.0,
    STARTS_MANY: 0.75,
    EDITS: 0.5,
}
"""What a round consists of, and how its time is shared."""
_LOADED_S: Final = 1.5
"""How long the load lasts under which memory is looked at."""


class Plan(Struct, frozen=True, kw_only=True):
    """How much is measured: rounds, and seconds of load in each."""

    rounds: int
    round_s: float
    warm_up_s: float


QUICK: Final = Plan(rounds=3, round_s=4.0, warm_up_s=1.0)
FULL: Final = Plan(rounds=12, round_s=6.0, warm_up_s=2.0)


class Measured(Struct, frozen=True, kw_only=True):
    """All bursts, in order of rounds, and what the server used meanwhile.

    Attributes:
        bursts: By stretch.
        cpu: What the server used in each burst, by stretch.
        idle: Its memory after a warm-up.
        loaded: Its memory in the midst of `MANY` sessions.
    """

    bursts: dict[Stretch, list[Burst]]
    cpu: dict[Stretch, list[CpuTime]]
    idle: Memory
    loaded: Memory


class Bench:
    """A server under measurement and the two processes that make load."""

    def __init__(
        self, *, server_pid: int, client: LoadMaker, spawner: LoadMaker, tell: Callable[[str], None]
    ) -> None:
        """Remember the parts; `tell` is given a line about each that is measured."""
        self._server_pid = server_pid
        self._client = client
        self._spawner = spawner
        self._tell = tell

    def measure(self, plan: Plan) -> Measured:
        """Measure.

        Raises:
            BenchFailed: If the server answered wrongly.
        """
        self._warm_up(plan)
        idle = memory(self._server_pid)
        bursts: dict[Stretch, list[Burst]] = defaultdict(list)
        cpu: dict[Stretch, list[CpuTime]] = defaultdict(list)
        for number in range(plan.rounds):
            self._tell(f"round {number + 1} of {plan.rounds}")
            for stretch, share in SHARES.items():
                burst, used = self._burst(stretch, plan.round_s * share / sum(SHARES.values()))
                bursts[stretch].append(burst)
                cpu[stretch].append(used)
                self._tell(f"  {stretch}: {burst.count / burst.elapsed_s:.0f}/s")
        return Measured(bursts=dict(bursts), cpu=dict(cpu), idle=idle, loaded=self._loaded())

    def _warm_up(self, plan: Plan) -> None:
        self._tell("warming up")
        self._client.run(Errand(load="run_tests", at_once=FEW, lasts_s=plan.warm_up_s))
        self._spawner.run(Errand(load="spawn", at_once=1, lasts_s=plan.warm_up_s / 4))

    def _burst(self, stretch: Stretch, lasts_s: float) -> tuple[Burst, CpuTime]:
        maker = self._spawner if stretch.load == "spawn" else self._client
        errand = Errand(
            load=stretch.load, at_once=stretch.at_once, lasts_s=lasts_s, pause_s=stretch.pause_s
        )
        before = cpu_time(self._server_pid)
        burst = maker.run(errand)
        return burst, cpu_time(self._server_pid).since(before)

    def _loaded(self) -> Memory:
        """Return the largest of several looks, since guests come and go."""
        self._tell("memory under load")
        self._client.begin(Errand(load="run_tests", at_once=MANY, lasts_s=_LOADED_S))
        looks = [memory(self._server_pid) for _ in range(5)]
        self._client.finish()
        return max(looks, key=lambda look: look.rss_bytes)
