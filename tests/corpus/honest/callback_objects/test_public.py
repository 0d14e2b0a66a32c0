from solution import call_with, collect, each, nested


class Recorder:
    def __init__(self):
        self.seen = []

    def record(self, value):
        self.seen.append(value)

    def __call__(self, value):
        self.seen.append(value * 10)


def test_bound_method():
    recorder = Recorder()
    collect([1, 2], recorder.record)
    assert recorder.seen == [1, 2]


def test_callable_object():
    recorder = Recorder()
    collect([1, 2], recorder)
    assert recorder.seen == [10, 20]


def test_callback_that_changes_what_it_is_given():
    assert each([[1], [2]], lambda row: row.append(0)) == [[1, 0], [2, 0]]


def test_arguments_of_every_kind():
    assert call_with(lambda *args, **kwargs: (args, kwargs), 1, [2], key={"a": 1}) == ((1, [2]), {"key": {"a": 1}})


def test_function_of_a_function():
    assert nested(lambda increment: increment(41)) == 42


def test_iterator_as_argument():
    seen = []
    collect(iter([1, 2, 3]), seen.append)
    assert seen == [1, 2, 3]


def test_generator_as_argument():
    seen = []
    collect((value * 2 for value in range(3)), seen.append)
    assert seen == [0, 2, 4]
