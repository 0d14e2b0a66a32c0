"""The figures as text for a terminal, and for the README."""

from collections.abc import Mapping
from typing import Final

from bench.figures import Latency, Machine, Ratio, Results, Split, Throughput
from bench.processes import Memory
from bench.rounds import THINKING_S

_MIB: Final = 1024 * 1024
_PAUSE: Final = f"{THINKING_S * 1e3:.0f} ms between"
_PARTS: Final = ("gateway", "queue", "sandbox", "judging", "total")


def table(results: Results) -> str:
    """Render everything that was measured, the verdicts last."""
    return "\n".join(
        [
            *machine_lines(results.machine),
            "",
            heads("at concurrency 1", "p50", "p95", "fastest", "count"),
            _latency_line("run_tests", results.run_tests),
            _latency_line("bare python3 -I -S -c pass", results.bare_start),
            _latency_line(f"run_tests, {_PAUSE}", results.paced_run_tests),
            _latency_line(f"bare start, {_PAUSE}", results.paced_bare_start),
            _latency_line("edit_code, code never seen", results.edit_code),
            "",
            heads("per second", *(f"at {one.at_once}" for one in results.steps_per_s)),
            _throughput_line("steps", results.steps_per_s),
            _throughput_line("bare python3 -I -S -c pass", results.bare_starts_per_s),
            "",
            heads("where a step spends its time", *_PARTS),
            _split_line("mean at 1", results.split_at_1),
            _split_line("mean at 8", results.split_at_8),
            "",
            *_cpu_lines(results),
            "",
            heads("memory of the server", "RSS", "PSS", "processes"),
            _memory_line("idle", results.memory_idle),
            _memory_line("loaded, 32 sessions", results.memory_loaded),
            "",
            verdict("p50 of run_tests / p50 of a bare start", results.latency_ratio, "at most"),
            verdict("the same, " + _PAUSE, results.paced_latency_ratio, "at most"),
            verdict("steps/s at 8 / bare starts/s at 8", results.throughput_ratio, "at least"),
            "",
        ]
    )


def machine_lines(machine: Machine) -> list[str]:
    """Say where it was measured."""
    before, after = machine.load_before[0], machine.load_after[0]
    return [
        f"{machine.cpu}, {machine.cores} cores, Linux {machine.kernel}, Python {machine.python}",
        f"load average: {before:.1f} before, {after:.1f} after",
        f"layers: {', '.join(machine.layers)}",
    ]


def heads(title: str, *names: str) -> str:
    """Render the first line of a block."""
    return f"{title:<34}" + "".join(f"{name:>10}" for name in names)


def latency_table(title: str, rows: Mapping[str, Latency]) -> str:
    """Render latencies, a line each."""
    lines = [heads(title, "p50", "p95", "fastest", "count")]
    lines += [_latency_line(name, latency) for name, latency in rows.items()]
    return "".join(f"{line}\n" for line in lines)


def _latency_line(name: str, latency: Latency) -> str:
    return f"  {name:<32}{latency_cells(latency)}{latency.count:>10}"


def latency_cells(latency: Latency) -> str:
    """Render the median, the 95th percentile and the fastest."""
    columns = (latency.p50_s, latency.p95_s, latency.fastest_s)
    return "".join(ms(column) for column in columns)


def _throughput_line(name: str, throughputs: tuple[Throughput, ...]) -> str:
    return f"  {name:<32}" + "".join(f"{one.per_s:>10.1f}" for one in throughputs)


def _split_line(name: str, split: Split) -> str:
    columns = (split.gateway_s, split.queue_s, split.sandbox_s, split.judge_s, split.total_s)
    return f"  {name:<32}" + "".join(ms(column) for column in columns)


def _cpu_lines(results: Results) -> list[str]:
    cpu = results.cpu_per_step
    columns = (cpu.server_s, cpu.fork_servers_s, cpu.guests_s, cpu.total_s)
    return [
        heads("CPU per step at 8", "server", "forkers", "guests", "total"),
        f"  {'run_tests':<32}" + "".join(ms(column) for column in columns),
        f"  {'the client, on top':<32}{'':>30}{ms(cpu.client_s)}",
        f"  {'one bare start':<32}{'':>30}{ms(cpu.bare_start_s)}",
    ]


def _memory_line(name: str, memory: Memory) -> str:
    pss = "unknown" if memory.pss_bytes is None else f"{memory.pss_bytes / _MIB:.1f} MiB"
    return f"  {name:<32}{f'{memory.rss_bytes / _MIB:.1f} MiB':>10}{pss:>10}{memory.processes:>10}"


def verdict(name: str, ratio: Ratio, bound: str) -> str:
    """Render a ratio and whether it is good enough; `bound` is the sense of its bar."""
    met = "met" if ratio.met else "NOT met"
    low, high = min(ratio.round_values), max(ratio.round_values)
    return (
        f"{name}: {ratio.value:.2f} ({bound} {ratio.bar:g}: {met}; rounds {low:.2f} to {high:.2f})"
    )


def ms(seconds: float) -> str:
    """Render a cell."""
    return f"{f'{seconds * 1e3:.2f} ms':>10}"
