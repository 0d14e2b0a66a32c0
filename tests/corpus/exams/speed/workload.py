def make_inputs(rng):
    values = [rng.randrange(-500, 500) for _ in range(600)]
    return values, rng.randrange(-100, 100)
