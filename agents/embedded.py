"""A server of the player's own, for as long as it plays."""

import asyncio
import os
import signal
import socket
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import IO, Final

import httpx

from agents.address import ServerAddress
from agents.env_session import EnvFault

START_TIMEOUT_S: Final = 30.0
STOP_TIMEOUT_S: Final = 6.0
POLL_PAUSE_S: Final = 0.02
LOG_TAIL_LINES: Final = 5
REPOSITORY: Final = Path(__file__).resolve().parent.parent


@asynccontextmanager
async def embedded_server(environ: Mapping[str, str]) -> AsyncIterator[ServerAddress]:
    """Start a server on a free loopback port, wait until it is healthy, and stop it at the end.

    Args:
        environ: The server's whole environment.

    Raises:
        EnvFault: If it ends or is not healthy within `START_TIMEOUT_S`.
    """
    with tempfile.TemporaryFile() as log:
        process, address = await _started(environ, log)
        try:
            await _wait_until_healthy(process, address, log)
            yield address
        finally:
            await _stop(process)


async def _started(environ: Mapping[str, str], log: IO[bytes]) -> tuple[Process, ServerAddress]:
    with socket.create_server(("127.0.0.1", 0), backlog=1024) as listening:
        port = listening.getsockname()[1]
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "agents.serving", str(listening.fileno())),
            stdin=PIPE,
            stdout=log,
            stderr=log,
            cwd=REPOSITORY,
            env=environ,
            pass_fds=(listening.fileno(),),
            start_new_session=True,  # Ctrl-C is for the player, which then stops the server
        )
    return process, ServerAddress.parse(f"http://127.0.0.1:{port}")


async def _wait_until_healthy(process: Process, address: ServerAddress, log: IO[bytes]) -> None:
    healthy = asyncio.create_task(_healthy(address))
    ended = asyncio.create_task(process.wait())
    try:
        await asyncio.wait(
            {healthy, ended}, timeout=START_TIMEOUT_S, return_when=asyncio.FIRST_COMPLETED
        )
        if not healthy.done():
            what = (
                f"ended with status {process.returncode}"
                if ended.done()
                else f"was not healthy within {START_TIMEOUT_S:g} s"
            )
            raise EnvFault(f"the embedded server {what}: {_tail_of(log)}")
        await healthy
    finally:
        healthy.cancel()
        ended.cancel()


async def _healthy(address: ServerAddress) -> None:
    async with httpx.AsyncClient(trust_env=False, timeout=START_TIMEOUT_S) as client:
        while True:
            with suppress(httpx.HTTPError):
                if (await client.get(f"{address.http_url}/health")).is_success:
                    return
            await asyncio.sleep(POLL_PAUSE_S)


async def _stop(process: Process) -> None:
    """End the server and everything it started, by force where asking does not help."""
    if process.stdin is not None:
        process.stdin.close()
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        with suppress(TimeoutError):
            async with asyncio.timeout(STOP_TIMEOUT_S):
                await process.wait()
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


def _tail_of(log: IO[bytes]) -> str:
    log.seek(0)
    lines = [line.strip() for line in log.read().decode("utf-8", "replace").splitlines()]
    return " | ".join([line for line in lines if line][-LOG_TAIL_LINES:]) or "it said nothing"
