# /// corpus
# entry_points = []
# exported_classes = ["Vector"]
# ///
import math


class Vector:
    """A vector with every operator one would want."""

    zero = (0, 0)

    def __init__(self, *parts):
        self._parts = list(parts)

    @classmethod
    def of(cls, parts):
        return cls(*parts)

    @staticmethod
    def is_plain(value):
        return isinstance(value, (int, float))

    def __len__(self):
        return len(self._parts)

    def __iter__(self):
        return iter(self._parts)

    def __reversed__(self):
        return reversed(self._parts)

    def __getitem__(self, place):
        if isinstance(place, slice):
            return Vector(*self._parts[place])
        return self._parts[place]

    def __setitem__(self, place, value):
        self._parts[place] = value

    def __delitem__(self, place):
        del self._parts[place]

    def __contains__(self, value):
        return value in self._parts

    def __eq__(self, other):
        return isinstance(other, Vector) and self._parts == other._parts

    def __hash__(self):
        return hash(tuple(self._parts))

    def __lt__(self, other):
        return abs(self) < abs(other)

    def __add__(self, other):
        return Vector(*(one + two for one, two in zip(self, other)))

    def __sub__(self, other):
        return self + -other

    def __mul__(self, factor):
        return Vector(*(part * factor for part in self))

    __rmul__ = __mul__

    def __iadd__(self, other):
        self._parts = [one + two for one, two in zip(self, other)]
        return self

    def __neg__(self):
        return self * -1

    def __abs__(self):
        return math.hypot(*self._parts)

    def __bool__(self):
        return any(self._parts)

    def __call__(self, scale):
        return [part * scale for part in self._parts]

    def __str__(self):
        return "<" + ", ".join(map(str, self._parts)) + ">"

    def __format__(self, spec):
        return "<" + ", ".join(format(part, spec) for part in self._parts) + ">"

    def __matmul__(self, other):
        return sum(one * two for one, two in zip(self, other))
