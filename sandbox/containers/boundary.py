"""Pure: what a candidate's container may do, in the words of the Docker engine's API."""

from typing import Any, Final

from msgspec import Struct

from sandbox.lane import GUEST_ENVIRONMENT
from sandbox.limits import DEFAULT_LIMITS, MIB, SCRATCH_BYTES, SCRATCH_FILES

LAYERS: Final = ("container", "mount", "pid", "network", "ipc", "uts", "cgroup")
"""What such a container brings by itself: its namespaces, its read-only root, its groups."""
MADE_BY: Final = "python-code-review-env.made-by"
OWNER: Final = "python-code-review-env.owner"
MAKER: Final = "sandbox"
"""What containers made here carry under `MADE_BY`."""

_USER: Final = "65534:65534"
_MARGIN_BYTES: Final = 128 * MIB
"""What interpreter, porter, fork server, scratch files and pipes may take beside the guest."""
_TASKS: Final = 128
"""Processes and threads of a container: a bound behind the gate that counts threads exactly."""
_CPU_PERIOD_US: Final = 100_000
_CPU_QUOTA_US: Final = 150_000
"""One and a half cores, so that a guest of one thread never waits for its porter's share."""
_CPU_SHARES: Final = 2048
"""Twice an ordinary process's: a container shares among guest, porter and fork server."""
_SCRATCH: Final = f"rw,noexec,nosuid,nodev,mode=1777,size={SCRATCH_BYTES},nr_inodes={SCRATCH_FILES}"


class Wish(Struct, frozen=True, kw_only=True):
    """What is the same for all containers of one pool.

    Attributes:
        owner: Names the pool, for the sweep.
        runtime: OCI runtime such as `runsc`; empty for the engine's own choice.
        hash_seed: PYTHONHASHSEED of the guests.
    """

    image: str
    owner: str
    runtime: str = ""
    hash_seed: int = 0


def memory_for(memory_bytes: int) -> dict[str, int]:
    """Return the engine's limits for a guest that may map `memory_bytes`; there is no swap."""
    limit = max(memory_bytes, DEFAULT_LIMITS.memory_bytes) + _MARGIN_BYTES
    return {"Memory": limit, "MemorySwap": limit}


def settings(wish: Wish) -> dict[str, Any]:
    """Return the body of the request that creates a container."""
    environment = {**GUEST_ENVIRONMENT, "PYTHONHASHSEED": str(wish.hash_seed)}
    host: dict[str, Any] = {
        **memory_for(DEFAULT_LIMITS.memory_bytes),
        "AutoRemove": True,
        "CapDrop": ["ALL"],
        "CpuPeriod": _CPU_PERIOD_US,
        "CpuQuota": _CPU_QUOTA_US,
        "CpuShares": _CPU_SHARES,
        "Init": False,
        "IpcMode": "none",
        "LogConfig": {"Type": "none", "Config": {}},
        "NetworkMode": "none",
        "PidsLimit": _TASKS,
        "ReadonlyRootfs": True,
        "SecurityOpt": ["no-new-privileges:true"],
        "Tmpfs": {"/scratch": _SCRATCH},
    }
    if wish.runtime:
        host["Runtime"] = wish.runtime
    return {
        "Image": wish.image,
        "Env": [f"{name}={value}" for name, value in environment.items()],
        "User": _USER,
        "WorkingDir": "/",
        "NetworkDisabled": True,
        "AttachStdin": True,
        "AttachStdout": True,
        "AttachStderr": True,
        "OpenStdin": True,
        "StdinOnce": True,  # the worker's end makes an end of the container
        "Labels": {MADE_BY: MAKER, OWNER: wish.owner},
        "HostConfig": host,
    }
