import pytest

from bench.bursts import Burst, Phases
from bench.figures import (
    cpu_per_step,
    latency_of,
    latency_ratio,
    percentile,
    split_of,
    throughput_of,
    throughput_ratio,
)
from bench.processes import CpuTime


def burst(*latencies_s: float, elapsed_s: float = 1.0, phases: tuple[Phases, ...] = ()) -> Burst:
    return Burst(
        count=len(latencies_s),
        elapsed_s=elapsed_s,
        cpu_s=0.1,
        children_cpu_s=0.3,
        latencies_s=latencies_s,
        phases=phases,
    )


def test_latency_is_that_of_all_rounds_and_of_each() -> None:
    latency = latency_of([burst(0.3, 0.1), burst(0.2, 0.4, 0.9)])

    assert latency.count == 5
    assert (latency.fastest_s, latency.p50_s, latency.p95_s) == (0.1, 0.3, 0.9)
    assert latency.round_p50_s == (0.2, 0.4)


@pytest.mark.parametrize(("percent", "expected"), [(0, 1), (50, 50), (95, 95), (100, 100)])
def test_a_percentile_is_a_value_of_the_sample(percent: int, expected: int) -> None:
    assert percentile(range(1, 101), percent) == expected


def test_throughput_is_the_count_over_the_time() -> None:
    throughput = throughput_of([burst(1, 1, elapsed_s=1.0), burst(1, elapsed_s=2.0)], at_once=8)

    assert throughput.per_s == 1.0
    assert throughput.round_per_s == (2.0, 0.5)


def test_the_gateway_is_what_the_server_does_not_account_for() -> None:
    phases = (Phases(0.1, 0.5, 0.1), Phases(0.3, 0.7, 0.1))
    split = split_of([burst(1.0, phases=phases[:1]), burst(2.0, phases=phases[1:])])

    assert split.gateway_s == pytest.approx(0.6)
    assert (split.queue_s, split.sandbox_s, split.judge_s) == pytest.approx((0.2, 0.6, 0.1))
    assert split.total_s == pytest.approx(1.5)


def test_a_round_with_more_samples_does_not_outweigh_the_others() -> None:
    steps = latency_of([burst(0.1, 0.1, 0.1, 0.1, 0.1), burst(0.6), burst(0.5)])
    starts = latency_of([burst(0.2), burst(1.0), burst(1.0)])

    ratio = latency_ratio(steps, starts)

    assert ratio.round_values == (0.5, 0.6, 0.5)
    assert (ratio.value, ratio.met) == (0.5, True)


def test_fewer_steps_than_starts_miss_the_bar() -> None:
    steps = throughput_of([burst(1, 1, elapsed_s=1.0)], at_once=8)
    starts = throughput_of([burst(1, 1, elapsed_s=0.5)], at_once=8)

    ratio = throughput_ratio(steps, starts)

    assert (ratio.value, ratio.met) == (0.5, False)


def test_cpu_is_shared_among_the_steps() -> None:
    used = [CpuTime(server_s=0.2, fork_servers_s=0.4, guests_s=1.0)] * 2
    cpu = cpu_per_step(used, [burst(1, 1), burst(1, 1)], [burst(1, 1, 1)])

    assert (cpu.server_s, cpu.fork_servers_s, cpu.guests_s) == pytest.approx((0.1, 0.2, 0.5))
    assert cpu.total_s == pytest.approx(0.8)
    assert cpu.client_s == pytest.approx(0.05)
    assert cpu.bare_start_s == pytest.approx(0.1)
