from solution import as_dicts, cheapest

ROWS = [("tea", "A", 3.5), ("tea", "B", 2.5), ("rice", "A", 1.0)]


def test_cheapest():
    assert cheapest(ROWS) == {"tea": ("B", 2.5), "rice": ("A", 1.0)}


def test_as_dicts():
    assert as_dicts(ROWS)[0] == {"price": 3.5, "shop": "A", "tags": ["tea"]}
