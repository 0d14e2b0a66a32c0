# /// corpus
# entry_points = ["transaction", "nested", "suppressed", "redirected"]
# ///
import contextlib
import io


@contextlib.contextmanager
def logged(name, log):
    log.append(f"enter {name}")
    try:
        yield name.upper()
    except ValueError as error:
        log.append(f"error {error}")
        raise
    finally:
        log.append(f"exit {name}")


def transaction(fail):
    log = []
    try:
        with logged("outer", log) as outer, logged("inner", log) as inner:
            log.append(outer + inner)
            if fail:
                raise ValueError("bad")
    except ValueError:
        log.append("rolled back")
    return log


def nested(count):
    log = []
    with contextlib.ExitStack() as stack:
        for number in range(count):
            stack.enter_context(logged(str(number), log))
    return log


def suppressed(action):
    with contextlib.suppress(ZeroDivisionError, KeyError):
        return action()
    return "suppressed"


def redirected(text):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        print(text, end="")
    return out.getvalue()
