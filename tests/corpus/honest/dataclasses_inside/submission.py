# /// corpus
# entry_points = ["cheapest", "as_dicts"]
# ///
from dataclasses import asdict, dataclass, field


@dataclass(order=True)
class Offer:
    price: float
    shop: str = field(compare=False)
    tags: list[str] = field(default_factory=list, compare=False)


@dataclass(frozen=True, slots=True)
class Key:
    name: str


def cheapest(rows):
    best = {}
    for name, shop, price in rows:
        offer = Offer(price, shop)
        key = Key(name)
        if key not in best or offer < best[key]:
            best[key] = offer
    return {key.name: (offer.shop, offer.price) for key, offer in best.items()}


def as_dicts(rows):
    return [asdict(Offer(price, shop, [name])) for name, shop, price in rows]
