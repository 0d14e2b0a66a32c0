"""The docker backend: candidates in throwaway containers, all else as in the process backend."""

import os
import secrets
import socket
from functools import partial
from types import TracebackType
from typing import Self

from sandbox.containers.boundary import LAYERS, Wish
from sandbox.containers.engine import Engine
from sandbox.containers.pool import Pool
from sandbox.exam import Analysis, Exam, ExamReport, Health
from sandbox.process import ProcessSandbox, check_layers


class ContainerSandbox:
    """Runs exams whose candidates are each in a container. Safe to call from several threads.

    Examiners, and what reads a submission without running it, are guests of fork servers here: they
    run what task authors and we ourselves wrote.

    Args:
        image: The sandbox image.
        host: The engine's address.
        runtime: OCI runtime of the containers; empty for the engine's own choice.
        warm: Containers to keep started and unused.
        concurrency: How many exams may run at once; one fork server each.
        require: Layers to insist on, see `check_layers`; of containers and fork servers alike.
        hash_seed: PYTHONHASHSEED of all guests.

    Raises:
        LayersMissing: If a required layer is not to be had.
        SandboxUnavailable: If the engine, the image or a fork server is not to be had.
    """

    def __init__(
        self,
        *,
        image: str,
        host: str,
        warm: int,
        concurrency: int,
        runtime: str = "",
        require: frozenset[str] | None = None,
        hash_seed: int = 0,
    ) -> None:
        owner = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"
        wish = Wish(image=image, owner=owner, runtime=runtime, hash_seed=hash_seed)
        self._runtime = runtime
        self._pool = Pool(partial(Engine, host), wish, warm)
        try:
            check_layers(self.health().layers, require)
            self._process = ProcessSandbox(
                concurrency=concurrency,
                require=require,
                hash_seed=hash_seed,
                candidates=self._pool,
            )
        except BaseException:
            self._pool.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        raised: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def run(self, exam: Exam) -> ExamReport:
        """Examine one submission.

        Raises:
            SandboxUnavailable: If our own machinery failed.
        """
        self._pool.demand_engine()
        return self._process.run(exam)

    def analyse(self, source: str) -> Analysis:
        """Parse, measure and lint one source without running it.

        Raises:
            SandboxUnavailable: If our own machinery failed.
        """
        return self._process.analyse(source)

    def health(self) -> Health:
        """Say which isolation layers hold candidates.

        Raises:
            SandboxUnavailable: If the engine is away.
        """
        hello = self._pool.hello()
        runtime = (self._runtime,) if self._runtime else ()
        missing = {name: why for name, why in hello.missing.items() if name not in LAYERS}
        return Health(backend="docker", layers=(*hello.layers, *LAYERS, *runtime), missing=missing)

    def close(self) -> None:
        """End every container and guest; exams that run end with SandboxUnavailable."""
        self._pool.close()
        self._process.close()
