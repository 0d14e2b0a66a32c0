from solution import copy_lines, database, folders, temporary, zipped


def test_copy():
    assert copy_lines(["one", "zwei ü"]) == ["one", "zwei ü"]


def test_temporary():
    assert temporary("hello") == ("hello", ["c"], False)


def test_folders():
    assert folders(["b", "a"]) == ["a", "b"]


def test_database():
    assert database([("ada", 1), ("bob", 2), ("ada", 3)]) == [("ada", 4), ("bob", 2)]


def test_zip():
    assert zipped("hello " * 100) == "hello " * 100
