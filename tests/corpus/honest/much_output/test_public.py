from solution import logged, table


def test_table():
    assert table(500) == 500


def test_logged():
    assert logged(200) == 200
