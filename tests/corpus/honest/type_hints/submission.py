# /// corpus
# entry_points = ["total", "first", "identity"]
# exported_classes = ["Matrix"]
# ///
from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Generic, Literal, Protocol, TypedDict, TypeVar, get_type_hints, overload

if TYPE_CHECKING:
    from nowhere import Nothing

T = TypeVar("T")


class Row(TypedDict, total=False):
    name: str
    amount: int


class Sized(Protocol):
    def __len__(self) -> int: ...


def total(rows: Iterable[Row], unit: Literal["cent", "euro"] = "cent") -> int | float:
    amount = sum(row.get("amount", 0) for row in rows)
    return amount if unit == "cent" else amount / 100


def first(values: Sequence[T], default: T | None = None, key: Callable[[T], bool] | None = None) -> T | None:
    return next((value for value in values if key is None or key(value)), default)


class Matrix(Generic[T]):
    rows: list[list[T]]

    def __init__(self, rows: list[list[T]]) -> None:
        self.rows = rows

    @overload
    def at(self, row: int) -> list[T]: ...
    @overload
    def at(self, row: int, column: int) -> T: ...
    def at(self, row, column=None):
        return self.rows[row] if column is None else self.rows[row][column]

    def transposed(self) -> Matrix[T]:
        return Matrix([list(row) for row in zip(*self.rows)])


def identity(size: int) -> Mapping[str, Nothing]:
    return {"hints": sorted(get_type_hints(Row)), "size": size}
