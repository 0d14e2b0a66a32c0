from solution import attempt


def test_first_attempt():
    assert attempt("@OUTSIDE@") == "got through"


def test_second_attempt():
    assert attempt("@OUTSIDE@") == "got through"
