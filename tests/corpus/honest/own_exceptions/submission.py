# /// corpus
# entry_points = ["reserve", "parse", "chain", "grouped"]
# ///


class Problem(Exception):
    """The parent of what goes wrong here."""


class QuotaExceeded(Problem):
    def __init__(self, user, used, quota):
        super().__init__(f"{user} used {used} of {quota}")
        self.user = user
        self.over = used - quota


class ParseProblem(Problem, ValueError):
    pass


class Missing(KeyError):
    pass


def reserve(user, used, quota=10):
    if used > quota:
        raise QuotaExceeded(user, used, quota)
    return quota - used


def parse(text):
    try:
        return int(text)
    except ValueError as error:
        raise ParseProblem(f"bad number {text!r}") from error


def chain(table, name):
    try:
        return table[name]
    except KeyError:
        raise Missing(name) from None


def grouped(values):
    problems = []
    for value in values:
        try:
            parse(value)
        except ParseProblem as problem:
            problems.append(problem)
    try:
        raise ExceptionGroup("bad numbers", problems)
    except* ParseProblem as group:
        texts = [str(problem) for problem in group.exceptions]
    return texts
