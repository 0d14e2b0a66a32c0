# /// corpus
# entry_points = ["old", "divide", "caught"]
# ///
import warnings


def old(value):
    warnings.warn("use new()", DeprecationWarning, stacklevel=2)
    return value


def divide(one, other):
    if other == 0:
        warnings.warn("dividing by zero", RuntimeWarning, stacklevel=1)
        return None
    return one / other


def caught():
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        old(1)
        divide(1, 0)
    return [(warning.category.__name__, str(warning.message)) for warning in seen]
