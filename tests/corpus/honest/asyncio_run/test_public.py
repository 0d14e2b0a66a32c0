from solution import gather, in_a_thread, pipeline, race, streamed


def test_gather():
    assert gather([1, 2, 3]) == [2, 4, 6]


def test_race():
    assert race() == [4]


def test_queue():
    assert pipeline([1, 2]) == [2, 4]


def test_async_generator():
    assert streamed(6) == [1, 3, 5]


def test_timeout_and_thread():
    assert in_a_thread() == 45
