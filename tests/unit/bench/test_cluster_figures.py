from bench.cluster_figures import Cost, ratio, typical


def cost(trips: float, worker_s: float = 0.0, redis_s: float = 0.0) -> Cost:
    return Cost(trips=trips, worker_s=worker_s, redis_s=redis_s)


def test_what_an_empty_run_costs_is_left_out_of_the_share_of_a_grading() -> None:
    assert cost(90, 2.5, 1.25).each(cost(10, 0.5, 0.25), 20) == cost(4, 0.1, 0.05)


def test_the_typical_cost_is_the_median_of_each_figure() -> None:
    assert typical([cost(1, 0.3), cost(2, 0.1), cost(9, 0.2)]) == cost(2, 0.2)


def test_a_ratio_is_the_median_of_its_rounds_and_good_up_to_its_bar() -> None:
    good = ratio([1, 2, 9], [4, 4, 4], bar=0.5)
    bad = ratio([3], [4], bar=0.5)

    assert (good.value, good.round_values, good.met) == (0.5, (0.25, 0.5, 2.25), True)
    assert (bad.value, bad.met) == (0.75, False)
