from solution import Matrix, first, identity, total


def test_typed_dicts():
    assert total([{"name": "a", "amount": 150}, {"name": "b"}]) == 150
    assert total([{"amount": 150}], unit="euro") == 1.5


def test_generic_function():
    assert first([1, 2, 3], key=lambda value: value > 1) == 2
    assert first([], "none") == "none"


def test_generic_class():
    matrix = Matrix([[1, 2], [3, 4]])
    assert matrix.at(0) == [1, 2]
    assert matrix.at(1, 0) == 3
    assert matrix.transposed().rows == [[1, 3], [2, 4]]


def test_names_that_do_not_exist_in_hints():
    assert identity(2) == {"hints": ["amount", "name"], "size": 2}
