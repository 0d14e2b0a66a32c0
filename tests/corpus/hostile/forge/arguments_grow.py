# /// corpus
# exam = "inplace"
# aim = "make the argument larger than a message may be"
# ///


def tidy(values):
    if isinstance(values, list):
        values.extend(range(2_000_000))
    else:
        values.update((str(number), number) for number in range(400_000))
    return values
