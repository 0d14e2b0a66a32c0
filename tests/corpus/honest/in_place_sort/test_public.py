from solution import merge_into, rotate, sort_in_place, uniquify


def test_list():
    values = [3, 1, 2]
    assert sort_in_place(values) is None
    assert values == [1, 2, 3]


def test_alias_sees_the_change():
    values = [3, 1, 2]
    alias = values
    sort_in_place(values)
    assert alias is values
    assert alias == [1, 2, 3]


def test_nested_lists():
    matrix = [[1, 2], [3, 4]]
    rotate(matrix)
    assert matrix == [[3, 1], [4, 2]]


def test_keyword_argument():
    values, seen = [2, 1, 2], {7}
    uniquify(values, seen=seen)
    assert seen == {1, 2, 7}
    assert values == [1, 2, 7]


def test_inner_dict_keeps_its_identity():
    inner = {"a": 1}
    target = {"inner": inner, "gone": 1}
    merge_into(target, {"inner": {"b": 2}, "c": 3})
    assert inner == {"a": 1, "b": 2}
    assert target["inner"] is inner
    assert list(target) == ["inner", "c"]
