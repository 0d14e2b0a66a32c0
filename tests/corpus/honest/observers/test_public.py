from solution import Bus


def test_a_listener_can_be_taken_away():
    seen, others = [], []
    bus, listener = Bus(), seen.append
    bus.on(listener)
    bus.on(others.append)
    bus.emit(1)
    bus.off(listener)
    bus.emit(2)
    assert (seen, others) == ([1], [1, 2])
