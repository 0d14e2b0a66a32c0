import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
FRAGMENTED = """
import sys
sys.path.insert(0, {root!r})
from sandbox.guest import heap

kept = [bytes(63) for _ in range(100_000)]
del kept[::50]
if {fill}:
    heap.fill_holes()
made = [bytes(63) for _ in range(40)]
print(len({{id(one) // 4096 for one in made}}))
"""


def pages_of_forty_objects(*, fill: bool) -> int:
    """Return over how many pages 40 objects of 96 bytes are spread in a heap full of holes."""
    program = FRAGMENTED.format(root=str(ROOT), fill=fill)
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )
    return int(done.stdout)


def test_objects_share_pages_once_the_holes_are_filled() -> None:
    assert pages_of_forty_objects(fill=False) > 10
    assert pages_of_forty_objects(fill=True) <= 3
