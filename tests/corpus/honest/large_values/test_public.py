from solution import counted, doubled, echo, table, text


def test_hundred_thousand_numbers():
    values = list(range(100_000))
    assert doubled(values) == [value * 2 for value in values]
    assert counted(values) == (100_000, 4_999_950_000)


def test_large_dict():
    assert table(20_000) == {number: str(number) for number in range(20_000)}


def test_large_text():
    assert text(200_000) == "ab☃" * 200_000


def test_large_bytes():
    blob = bytes(range(256)) * 4_000
    assert echo(blob) == blob


def test_many_small_rows():
    rows = [[index, float(index), str(index)] for index in range(10_000)]
    assert echo(rows) == rows
