# /// corpus
# entry_points = ["total_of_steps", "run_pipeline", "counted"]
# ///


def make_counter(start=0):
    count = start

    def step(amount=1):
        nonlocal count
        count += amount
        return count

    return step


def total_of_steps(steps):
    step = make_counter()
    for amount in steps:
        step(amount)
    return step(0)


def run_pipeline(value, names):
    functions = {name: (lambda number, name=name: (name, number)) for name in names}
    for name in names:
        value = functions[name](value)
    return value


counted = make_counter(10)
