"""Makes the sandbox that the settings ask for."""

from sandbox.backend import Sandbox
from sandbox.process import ProcessSandbox
from worker.settings import WorkerSettings


def sandbox_for(
    settings: WorkerSettings,
    *,
    concurrency: int,
    require: frozenset[str] | None,
    hash_seed: int = 0,
) -> Sandbox:
    """Start a sandbox.

    Args:
        concurrency: How many exams may run at once.
        require: Isolation layers to insist on; None for the default.

    Raises:
        LayersMissing: If an isolation layer that is insisted on is not to be had.
        SandboxUnavailable: If it can not start.
    """
    if settings.sandbox_backend == "process":
        return ProcessSandbox(concurrency=concurrency, require=require, hash_seed=hash_seed)
    from sandbox.container import ContainerSandbox  # noqa: PLC0415 - the Docker SDK costs 0.2 s

    return ContainerSandbox(
        image=settings.sandbox_image,
        host=settings.docker_host,
        runtime=settings.sandbox_runtime,
        warm=settings.sandbox_warm,
        concurrency=concurrency,
        require=require,
        hash_seed=hash_seed,
    )
