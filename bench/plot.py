"""The figures as a picture."""

from pathlib import Path
from typing import Final

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from bench.figures import Latency, Results

_OURS: Final = "#1f5fa8"
_BARE: Final = "#b0b0b0"
_PARTS: Final = {
    "sandbox": "#1f5fa8",
    "gateway": "#e08a1e",
    "queue": "#9c6fb5",
    "judging": "#5a9e57",
}


def plot(results: Results, path: Path) -> None:
    """Draw latency, throughput and where the time goes into a PNG file."""
    figure = Figure(figsize=(14, 4.2), layout="constrained")
    FigureCanvasAgg(figure)
    latency, throughput, split = figure.subplots(1, 3, width_ratios=(5, 3, 3))
    _draw_latency(latency, results)
    _draw_throughput(throughput, results)
    _draw_split(split, results)
    machine = results.machine
    figure.suptitle(f"{machine.cpu}, {machine.cores} cores, Python {machine.python}", fontsize=9)
    figure.savefig(path, dpi=120)


def _draw_latency(axes: Axes, results: Results) -> None:
    drawn: list[tuple[str, Latency, str]] = [
        ("run_tests", results.run_tests, _OURS),
        ("bare\ninterpreter", results.bare_start, _BARE),
        ("run_tests,\npaced", results.paced_run_tests, _OURS),
        ("bare,\npaced", results.paced_bare_start, _BARE),
        ("edit_code,\nnew code", results.edit_code, _OURS),
    ]
    for place, (_, latency, colour) in enumerate(drawn):
        tops_ms = (latency.p95_s * 1e3, latency.p50_s * 1e3)
        axes.bar(place, tops_ms[0], color=colour, alpha=0.35)
        axes.bar(place, tops_ms[1], color=colour)
        axes.annotate(f"{tops_ms[1]:.1f}", (place, tops_ms[1]), ha="center", va="bottom")
        for number, p50_s in enumerate(latency.round_p50_s):
            shift = (number + 1) / (len(latency.round_p50_s) + 1) - 0.5
            axes.plot(place + 0.7 * shift, p50_s * 1e3, marker=".", color="black", markersize=4)
    axes.set_xticks(range(len(drawn)), [name for name, _, _ in drawn])
    axes.set_ylabel("ms")
    axes.set_title("Latency at 1: p50, p95 (pale), p50 of each round (dots)", fontsize=9)


def _draw_throughput(axes: Axes, results: Results) -> None:
    pairs = list(zip(results.steps_per_s, results.bare_starts_per_s, strict=True))
    for place, pair in enumerate(pairs):
        for shift, throughput, colour in zip((-0.2, 0.2), pair, (_OURS, _BARE), strict=True):
            axes.bar(place + shift, throughput.per_s, width=0.4, color=colour)
            axes.annotate(
                f"{throughput.per_s:.0f}",
                (place + shift, throughput.per_s),
                ha="center",
                va="bottom",
            )
    axes.set_xticks(range(len(pairs)), [f"{steps.at_once} at once" for steps, _ in pairs])
    axes.set_ylabel("per second")
    axes.set_title("Steps (blue) and bare interpreters (grey)", fontsize=9)


def _draw_split(axes: Axes, results: Results) -> None:
    splits = (results.split_at_1, results.split_at_8)
    bottoms_ms = [0.0, 0.0]
    for name, colour in _PARTS.items():
        field = "judge_s" if name == "judging" else f"{name}_s"
        heights_ms = [1e3 * float(getattr(split, field)) for split in splits]
        axes.bar(range(2), heights_ms, bottom=bottoms_ms, color=colour, label=name, width=0.6)
        bottoms_ms = [low + high for low, high in zip(bottoms_ms, heights_ms, strict=True)]
    axes.set_xticks(range(2), ["1 session", "8 sessions"])
    axes.set_ylabel("ms, mean")
    axes.set_title("Where a step spends its time", fontsize=9)
    axes.legend()
