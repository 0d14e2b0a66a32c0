from solution import Accumulator, step


def test_a_thousand_calls():
    number = 0
    for _ in range(1000):
        number = step(number)
    assert number == 1000


def test_a_thousand_method_calls():
    accumulator = Accumulator()
    for number in range(1000):
        accumulator.add(number)
    assert accumulator.total == 499500


def test_many_instances():
    made = [Accumulator() for _ in range(300)]
    for place, accumulator in enumerate(made):
        accumulator.add(place)
    assert [accumulator.total for accumulator in made] == list(range(300))
