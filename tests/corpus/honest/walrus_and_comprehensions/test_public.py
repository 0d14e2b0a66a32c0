from solution import chunks, debugged, flags, inverted, longest_run, matrix


def test_walrus():
    assert longest_run([1, 1, 2, 2, 2, 1]) == 3
    assert chunks("ab  cd", 2) == ["ab", "cd"]


def test_tuple_keys():
    assert matrix(2) == {(0, 1): 0, (1, 0): 0}


def test_inverted():
    assert inverted({"a": 1, "b": 2, "c": 1}) == {1: ["a", "c"], 2: ["b"]}


def test_f_strings():
    assert debugged(1.5) == "value=1.5      1.5 00001.50"
    assert debugged("x") == "value = x"


def test_unpacking():
    assert flags(True, 2) == ("1,2", [True, 2, 2, True], {0: True, 1: 2})
