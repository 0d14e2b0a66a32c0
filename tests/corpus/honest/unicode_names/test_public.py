import pytest
from solution import größe, naïve_café, площадь, 面積


def test_german():
    assert größe(["Straße", "ÄÖÜ"]) == {"Straße": 6, "ÄÖÜ": 3}


def test_russian():
    assert площадь(2) == pytest.approx(12.56636)


def test_japanese():
    assert 面積(3) == 6
    assert 面積(3, 高さ=5) == 15


def test_text():
    assert naïve_café("ẞa") == "ass☃👩‍👩‍👧"
