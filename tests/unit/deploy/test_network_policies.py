"""Who may talk to whom in Kubernetes."""

import pytest

from tests.unit.deploy.manifests_here import Manifest, one, policies, selected


def peers(name: str, way: str, end: str) -> list[Manifest]:
    """Return whom a workload's pods may call (`egress`, `to`) or hear (`ingress`, `from`)."""
    return [
        peer
        for spec in policies()[name]
        for rule in spec.get(way, ())
        for peer in rule.get(end, ())
    ]


def test_what_no_policy_names_is_denied_to_everybody() -> None:
    for specs in policies().values():
        assert {way for spec in specs for way in spec["policyTypes"]} == {"Ingress", "Egress"}
        assert any("ingress" not in spec and "egress" not in spec for spec in specs)


@pytest.mark.parametrize("name", ["gateway", "worker"])
def test_gateways_and_workers_reach_redis_and_names_alone(name: str) -> None:
    redis, names = peers(name, "egress", "to")
    rules = [rule for spec in policies()[name] for rule in spec.get("egress", ())]

    assert selected(redis["podSelector"]) == {"redis"}
    assert "namespaceSelector" not in redis
    assert names["podSelector"]["matchLabels"] == {"k8s-app": "kube-dns"}
    assert names["namespaceSelector"]["matchLabels"] == {
        "kubernetes.io/metadata.name": "kube-system"
    }
    assert [{port["port"] for port in rule["ports"]} for rule in rules] == [{"redis"}, {53}]


def test_redis_hears_gateways_and_workers_and_calls_nobody() -> None:
    (heard,) = peers("redis", "ingress", "from")

    assert selected(heard["podSelector"]) == {"gateway", "worker"}
    assert "namespaceSelector" not in heard
    assert peers("redis", "egress", "to") == []


def test_only_the_gateway_is_heard_from_outside() -> None:
    everybody = {
        name: [
            port["port"]
            for spec in specs
            for rule in spec.get("ingress", ())
            if "from" not in rule
            for port in rule["ports"]
        ]
        for name, specs in policies().items()
    }

    assert everybody == {"gateway": ["http"], "worker": [], "redis": []}


def test_keda_may_ask_redis_and_nothing_else() -> None:
    policy = one("NetworkPolicy", "code-review-redis-from-keda", "keda")["spec"]
    (rule,) = policy["ingress"]

    assert selected(policy["podSelector"]) == {"redis"}
    assert [peer["podSelector"]["matchLabels"] for peer in rule["from"]] == [
        {"app": "keda-operator"}
    ]
