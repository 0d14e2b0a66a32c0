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
SHARES: Final[dict[tuple[Load, int], float]] = {
    ("run_tests", 1): 1.0,
    ("spawn", 1): 1.0,
    ("run_tests", FEW): 1.5,
    ("spawn", FEW): 1.0,
    ("run_tests", MANY): 1.5,
    ("spawn", MANY): 0.75,
    ("edit_code", 1): 0.75,
}
"""Which loads a round has, at how many at once, and how they share its time."""
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
        bursts: By load and concurrency.
        cpu: What the server used in each burst of steps, by load and concurrency.
        idle: Its memory after a warm-up.
        loaded: Its memory in the midst of `MANY` sessions.
    """

    bursts: dict[tuple[Load, int], list[Burst]]
    cpu: dict[tuple[Load, int], list[CpuTime]]
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
        bursts: dict[tuple[Load, int], list[Burst]] = defaultdict(list)
        cpu: dict[tuple[Load, int], list[CpuTime]] = defaultdict(list)
        for number in range(plan.rounds):
            self._tell(f"round {number + 1} of {plan.rounds}")
            for (load, at_once), share in SHARES.items():
                lasts_s = plan.round_s * share / sum(SHARES.values())
                errand = Errand(load=load, at_once=at_once, lasts_s=lasts_s)
                burst, used = self._burst(errand)
                bursts[load, at_once].append(burst)
                cpu[load, at_once].append(used)
                self._tell(f"  {load} at {at_once}: {burst.count / burst.elapsed_s:.0f}/s")
        return Measured(bursts=dict(bursts), cpu=dict(cpu), idle=idle, loaded=self._loaded())

    def _warm_up(self, plan: Plan) -> None:
        self._tell("warming up")
        self._client.run(Errand(load="run_tests", at_once=FEW, lasts_s=plan.warm_up_s))
        self._spawner.run(Errand(load="spawn", at_once=1, lasts_s=plan.warm_up_s / 4))

    def _burst(self, errand: Errand) -> tuple[Burst, CpuTime]:
        maker = self._spawner if errand.load == "spawn" else self._client
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
