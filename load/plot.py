"""How long answers took, as a picture."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from load.figures import took_s
from load.records import EpisodeRecord

_COLOURS: Final = {
    "reset": "#b0b0b0",
    "analyze_code": "#5a9e57",
    "edit_code": "#1f5fa8",
    "run_tests": "#e08a1e",
    "submit_solution": "#9c6fb5",
}


def plot(records: Sequence[EpisodeRecord], path: Path) -> None:
    """Draw the share of answers by their time, and every answer along the run, into a PNG file."""
    figure = Figure(figsize=(13, 4.2), layout="constrained")
    FigureCanvasAgg(figure)
    shares, run = figure.subplots(1, 2)
    _draw_shares(shares, records)
    _draw_run(run, records)
    figure.savefig(path, dpi=120)


def _draw_shares(axes: Axes, records: Sequence[EpisodeRecord]) -> None:
    for action, taken in took_s(records).items():
        shares = [(place + 1) / len(taken) for place in range(len(taken))]
        axes.plot(sorted(taken), shares, color=_COLOURS[action], label=action)
    axes.set_xscale("log")
    axes.set_xlabel("seconds to the answer")
    axes.set_ylabel("share of answers")
    axes.legend()


def _draw_run(axes: Axes, records: Sequence[EpisodeRecord]) -> None:
    first_s = min((record.began_s for record in records), default=0.0)
    for action, colour in _COLOURS.items():
        steps = [step for record in records for step in record.steps if step.action == action]
        axes.plot(
            [step.ended_s - first_s for step in steps],
            [step.took_s for step in steps],
            marker=".",
            markersize=2,
            linestyle="",
            color=colour,
        )
    axes.set_yscale("log")
    axes.set_xlabel("seconds since the first episode began")
    axes.set_ylabel("seconds to the answer")
