from solution import tidy


def test_list():
    values = [7919, 27449, 17389]
    tidy(values)
    assert values == [7919, 17389, 27449]
