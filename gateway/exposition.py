"""GET /metrics: what this gateway has counted, and how the whole deployment stands now.

Every gateway of a cluster tells the same of how it stands, so over gateways a counter is summed and
such a gauge is not: take its maximum. What can not be reached has no figures, and `part_up` is 0.
"""

import asyncio
import platform
from collections.abc import Iterator
from typing import Final

from litestar import get
from litestar.response.base import ASGIResponse
from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from gateway.context import Gateway, HttpRequest, gateway_of
from gateway.metrics import NAMESPACE
from gateway.openenv import VERSION
from gateway.problems import StoreUnavailable
from gateway.settings import Settings
from gateway.store import EpisodeStore, Occupancy
from worker.queue import QueueHealth

TEXT_FORMAT: Final = "text/plain; version=0.0.4"


@get("/metrics")
async def metrics(request: HttpRequest) -> ASGIResponse:
    """Give figures to Prometheus."""
    gateway = gateway_of(request)
    health, occupancy = await asyncio.gather(gateway.queue.health(), _occupancy(gateway.store))
    standing = Standing(gateway.settings, health, occupancy)
    # Rendering takes milliseconds, in which steps would wait.
    body = await asyncio.to_thread(_rendered, gateway, standing)
    return ASGIResponse(body=body, media_type=TEXT_FORMAT)


class Standing(Collector):
    """How the deployment stands, as gauges.

    Args:
        settings: Of the gateway.
        health: Of the queue.
        occupancy: Of the session slots; None when they are out of reach.
    """

    def __init__(
        self, settings: Settings, health: QueueHealth, occupancy: Occupancy | None
    ) -> None:
        self._settings = settings
        self._health = health
        self._occupancy = occupancy

    def collect(self) -> Iterator[Metric]:
        """Give every gauge whose value is known."""
        yield _labelled(
            "build_info",
            "What runs here; always 1.",
            ("version", "python", "deployment"),
            {(VERSION, platform.python_version(), self._settings.deployment): 1},
        )
        yield _labelled(
            "part_up",
            "Whether this gateway reaches a part.",
            ("part",),
            {
                ("queue",): float(self._health.reachable),
                ("sessions",): float(self._occupancy is not None),
            },
        )
        if self._health.reachable:
            yield from _of_queue(self._health)
        if self._occupancy is not None:
            yield from _of_sessions(self._occupancy)


async def _occupancy(store: EpisodeStore) -> Occupancy | None:
    try:
        return await store.occupancy()
    except StoreUnavailable:
        return None


def _rendered(gateway: Gateway, standing: Standing) -> bytes:
    registry = CollectorRegistry()
    registry.register(standing)
    folder = gateway.settings.prometheus_multiproc_dir
    if folder:
        MultiProcessCollector(registry, folder)  # type: ignore[no-untyped-call]
        return generate_latest(registry)
    ProcessCollector(NAMESPACE, registry=registry)
    return generate_latest(gateway.metrics.registry) + generate_latest(registry)


def _of_queue(health: QueueHealth) -> Iterator[Metric]:
    yield _plain("queue_depth", "Gradings that wait.", health.waiting)
    yield _plain("queue_oldest_seconds", "How long the oldest has waited.", health.oldest_s)
    yield _plain("queue_failed_gradings", "Gradings kept as failed for good.", health.failed)
    yield _plain("workers", "How many gradings can run at once.", health.workers)
    yield _plain("workers_busy", "How many gradings run.", health.running)


def _of_sessions(occupancy: Occupancy) -> Iterator[Metric]:
    yield _labelled(
        "sessions",
        "Sessions that hold a slot, and those that would give way.",
        ("state",),
        {("active",): occupancy.active, ("parked",): occupancy.parked},
    )
    yield _plain("sessions_limit", "How many slots there are.", occupancy.limit)


def _plain(name: str, told: str, value: float) -> Metric:
    return GaugeMetricFamily(f"{NAMESPACE}_{name}", told, value=value)


def _labelled(
    name: str, told: str, labels: tuple[str, ...], values: dict[tuple[str, ...], float]
) -> Metric:
    family = GaugeMetricFamily(f"{NAMESPACE}_{name}", told, labels=labels)
    for held, value in values.items():
        family.add_metric(held, value)
    return family


ROUTES: Final = (metrics,)
