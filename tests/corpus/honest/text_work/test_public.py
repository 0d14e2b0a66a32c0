from solution import caesar, encoded, fields, report, shortened, slug, words, wrapped


def test_words():
    assert words("It's 2 o'clock, Ünal!") == ["it", "s", "o", "clock", "ünal"]


def test_slug():
    assert slug("  Crème Brûlée: 2nd ed. ") == "creme-brulee-2nd-ed"


def test_wrapped():
    assert wrapped("    a bc def", 5) == "a bc\ndef"


def test_report():
    assert report([("tea", 1234.5, 0.25)]) == "  name  | amount |share \ntea     |1,234.50| 25.0%"


def test_caesar():
    assert caesar("xyz abc", 3) == "abc def"


def test_encoded():
    assert encoded("é") == ("e900", "'\\xe9'", b"xn--9ca")


def test_shortened():
    assert shortened("one two three", 9) == "one two…"


def test_fields():
    assert fields("$name owes $amount", name="Ada") == "Ada owes $amount"
