import pytest
from solution import Cart, normalise, split


@pytest.fixture(scope="module")
def vat():
    return 0.19


@pytest.fixture
def cart():
    made = Cart().add("tea", 3.0)
    yield made
    assert made.lines


@pytest.fixture(params=[1, 2, 5])
def ways(request):
    return request.param


@pytest.mark.parametrize("fold", [True, False])
@pytest.mark.parametrize(("text", "expected"), [("  A  b ", "A b"), ("x", "x"), pytest.param("", "", id="empty")])
def test_normalise(text, expected, fold):
    assert normalise(text, fold=fold) == (expected.casefold() if fold else expected)


def test_split_adds_up(ways):
    assert sum(split(101, ways)) == 101
    assert max(split(101, ways)) - min(split(101, ways)) <= 1


def test_fixture_of_fixtures(cart, vat):
    assert cart.add("rice", 2.0).total * (1 + vat) == pytest.approx(5.95)


class TestCart:
    price = 1.5

    def setup_method(self):
        self.cart = Cart()

    def test_empty(self):
        assert self.cart.total == 0

    @pytest.mark.parametrize("count", [0, 3])
    def test_count(self, count):
        for _ in range(count):
            self.cart.add("nut", self.price)
        assert self.cart.total == pytest.approx(count * 1.5)


def test_monkeypatch_free_helpers():
    def check(total, ways):
        __tracebackhide__ = True
        assert len(split(total, ways)) == ways

    for ways in range(1, 5):
        check(10, ways)
