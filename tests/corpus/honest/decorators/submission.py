# /// corpus
# entry_points = ["fibonacci", "divide", "greet", "area", "increment"]
# ///
import functools


def retry(times):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            for attempt in range(times):
                try:
                    return function(*args, attempt=attempt, **kwargs)
                except ZeroDivisionError:
                    if attempt == times - 1:
                        raise

        wrapper.calls = 0
        return wrapper

    return decorate


@functools.lru_cache(maxsize=None)
def fibonacci(index):
    return index if index < 2 else fibonacci(index - 1) + fibonacci(index - 2)


@retry(3)
def divide(number, *, attempt):
    return number / (attempt - 0 if number > 0 else 0)


@functools.singledispatch
def greet(who):
    return f"Hello, {who}"


@greet.register
def _(who: list):
    return "Hello, " + " and ".join(who)


class Shape:
    @staticmethod
    def area(width, height=1):
        return width * height


area = Shape.area
increment = functools.partial(lambda one, other: one + other, 1)
