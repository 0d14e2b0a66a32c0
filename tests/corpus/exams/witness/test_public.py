from solution import attempt


def test_stopped():
    assert attempt("@OUTSIDE@") == "stopped"
