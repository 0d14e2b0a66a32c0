# /// corpus
# entry_points = ["deposit", "balance", "reset", "visits"]
# ///
_balances = {}
_visits = 0


def deposit(name, amount):
    global _visits
    _visits += 1
    _balances[name] = _balances.get(name, 0) + amount


def balance(name):
    return _balances.get(name, 0)


def reset():
    _balances.clear()


def visits():
    return _visits
