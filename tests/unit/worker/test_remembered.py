import threading

import pytest

from sandbox.exam import Analysis
from worker.remembered import Remembered


def analysis(number: int) -> Analysis:
    return Analysis(line_count=number)


def test_an_analysis_is_remembered_by_its_source() -> None:
    cache: Remembered[Analysis] = Remembered(capacity=2)

    cache.put("a", analysis(1))

    assert (cache.get("a"), cache.get("b")) == (analysis(1), None)


def test_the_one_used_least_recently_gives_way() -> None:
    cache: Remembered[Analysis] = Remembered(capacity=2)
    cache.put("a", analysis(1))
    cache.put("b", analysis(2))

    cache.get("a")
    cache.put("c", analysis(3))

    assert (cache.get("a"), cache.get("b"), cache.get("c")) == (analysis(1), None, analysis(3))
    assert len(cache) == 2


def test_a_source_that_is_no_unicode_has_a_key() -> None:
    cache: Remembered[Analysis] = Remembered(capacity=1)

    cache.put("\ud800", analysis(1))

    assert cache.get("\ud800") == analysis(1)


def test_a_capacity_below_1_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        Remembered(capacity=0)


def test_it_never_grows_beyond_its_capacity_whoever_writes() -> None:
    cache: Remembered[Analysis] = Remembered(capacity=5)

    def write(start: int) -> None:
        for number in range(start, start + 200):
            cache.put(f"source {number}", analysis(number))
            cache.get(f"source {number - 1}")

    threads = [threading.Thread(target=write, args=(100 * index,)) for index in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(cache) == 5
