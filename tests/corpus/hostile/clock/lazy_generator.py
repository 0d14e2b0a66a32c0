# /// corpus
# exam = "speed"
# aim = "return a generator, so that the work is done after the call"
# ///


def count_pairs(values, wanted):
    yield sum(
        one + other == wanted for place, one in enumerate(values) for other in values[place + 1 :]
    )
