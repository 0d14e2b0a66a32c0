# /// corpus
# entry_points = ["origin"]
# exported_classes = ["Point"]
# ///
from dataclasses import dataclass


@dataclass
class Point:
    x: int
    y: int = 0

    def moved(self, dx, dy=0):
        return Point(self.x + dx, self.y + dy)

    @property
    def length(self):
        return (self.x**2 + self.y**2) ** 0.5


def origin():
    return Point(0)
