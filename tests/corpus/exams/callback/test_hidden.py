from solution import visit

EXPECTED = "@TOKEN@"


def test_answer_in_globals():
    def callback(value):
        return EXPECTED.startswith("no")

    assert visit([1], callback) == EXPECTED


def test_answer_in_closure():
    expected = "@TOKEN@"

    def callback(value, default="@TOKEN@"):
        return value in expected[:0]

    assert visit([2], callback) == expected


def test_answer_in_object():
    class Judge:
        expected = "@TOKEN@"

        def judge(self, value):
            return None

        def __call__(self, value):
            return None

    judge = Judge()
    assert visit([3], judge.judge) == "@TOKEN@"


def test_answer_in_error():
    def callback(value):
        expected = "@TOKEN@"
        raise LookupError(len(expected))

    assert visit([4], callback) == "@TOKEN@"


def test_order():
    seen = []
    visit([1, 2, 3], seen.append)
    assert seen == [1, 2, 3]
    seen.append(4)
    assert seen == [1, 2, 3, 4]
