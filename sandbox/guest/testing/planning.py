"""What one test function asks for, and the runs that follow from it."""

import inspect
import itertools
from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

from sandbox.guest.testing.fixtures import Visibility, required_arguments
from sandbox.guest.testing.marks import Mark, marks_of
from sandbox.guest.testing.outcomes import CollectionFailed
from sandbox.guest.testing.parametrization import Parametrization, parametrization

_GENERATOR_FLAGS: Final = inspect.CO_GENERATOR | inspect.CO_ASYNC_GENERATOR


class Place(NamedTuple):
    """Where a test stands: how its name begins, its class, what is around it, what it can name."""

    prefix: str
    cls: type | None
    marks: tuple[Mark, ...]
    """Those of the classes around it and of the module, innermost first."""
    visibility: Visibility


class Plan(NamedTuple):
    """What a test function takes: its arguments, everything to set up, how it is multiplied."""

    arguments: tuple[str, ...]
    names: tuple[str, ...]
    fixtures: tuple[Parametrization, ...] = ()
    """Fixtures with params, before the marks as in pytest's names."""
    marks: tuple[Parametrization, ...] = ()


_NOTHING_ASKED: Final = Plan((), ())


class Run(NamedTuple):
    """One run of a test function."""

    suffix: str
    """What follows the test's name: its parameters in brackets, or nothing."""
    direct: dict[str, object]
    """Values of arguments that `parametrize` fills."""
    params: dict[str, tuple[int, object]]
    """For each fixture with params: index and value."""


def plan_for(function: Any, place: Place, *, bound: bool) -> Plan:
    """Read what a test function asks for.

    Args:
        bound: Whether its first argument is `self` or `cls`.

    Raises:
        CollectionFailed: If it could not run as it is written.
    """
    if function.__code__.co_flags & _GENERATOR_FLAGS:
        message = "a test that yields would never run; loop in the test or use parametrize"
        raise CollectionFailed(message)
    noted = (*marks_of(function), *place.marks)
    arguments = required_arguments(function, bound=bound)
    if not (noted or arguments or place.visibility.autouse):
        return _NOTHING_ASKED
    marks = tuple(parametrization(mark) for mark in noted if mark.name == "parametrize")
    direct = [name for mark in marks for name in mark.names]
    if len(set(direct)) < len(direct):
        message = f"parametrize fills one argument twice: {', '.join(direct)}"
        raise CollectionFailed(message)
    names = place.visibility.closure((*used_fixtures(noted), *arguments), direct)
    unused = [name for name in direct if name not in names]
    if unused:
        message = f"the test takes no argument {', '.join(unused)}, or has a default for it"
        raise CollectionFailed(message)
    chains = place.visibility.chains
    fixtures = [chains[name][-1].params for name in names if name in chains and name not in direct]
    return Plan(arguments, names, tuple(p for p in fixtures if p is not None), marks)


def used_fixtures(marks: Iterable[Mark]) -> list[str]:
    """Return the fixtures that `usefixtures` marks name."""
    return [name for mark in marks if mark.name == "usefixtures" for name in mark.args]


def runs_of(plan: Plan) -> Iterator[Run]:
    """Yield the runs of a test function: the product of all its parametrizations, in order."""
    parametrizations = (*plan.fixtures, *plan.marks)
    if not parametrizations:
        yield Run("", {}, {})
        return
    fixture_count = len(plan.fixtures)
    for chosen in itertools.product(*(enumerate(p.sets) for p in parametrizations)):
        run = Run(f"[{'-'.join(one[0] for _index, one in chosen)}]", {}, {})
        for fixture, (index, (_id, values)) in zip(plan.fixtures, chosen, strict=False):
            run.params[fixture.names[0]] = (index, values[0])
        for mark, (_index, (_id, values)) in zip(plan.marks, chosen[fixture_count:], strict=True):
            run.direct.update(zip(mark.names, values, strict=True))
        yield run
