"""Where the model is asked and with which key: the only reader of the environment here."""

import ipaddress
import os
from collections.abc import Mapping
from urllib.parse import urlsplit

from msgspec import Struct

DEFAULT_API_BASE_URL = "https://router.huggingface.co/v1"
DEFAULT_MODEL_NAME = "Qwen/Qwen2.5-3B-Instruct"
KEY_NAMES = ("API_KEY", "HF_TOKEN", "OPENAI_API_KEY")
NO_KEY_NEEDED = "none"
"""What the OpenAI client sends to a local server, which asks for no key."""

OPENAI_HOST = "api.openai.com"
HUGGING_FACE_DOMAINS = ("huggingface.co", "hf.co", "hf.space", "huggingface.cloud")
PRIVATE_SUFFIXES = (".local", ".localhost", ".internal", ".lan")


class BadSetting(Exception):
    """A setting cannot be used; whoever set it is to blame."""


class ModelSettings(Struct, frozen=True, kw_only=True):
    """How to reach the model. `key` is empty when a key is needed and there is none."""

    base_url: str
    name: str
    key: str
    key_wanted: str
    """Name of the variable that would hold the missing key."""
    is_loopback: bool
    """The model is served by this machine, so no proxy stands between."""

    def __repr__(self) -> str:
        """Leave the key out, so that no traceback can show it."""
        return f"ModelSettings(base_url={self.base_url!r}, name={self.name!r})"


def read_environment() -> Mapping[str, str]:
    """Return the variables this process was started with."""
    return os.environ


def read_model_settings(environ: Mapping[str, str], *, model: str = "") -> ModelSettings:
    """Choose the address, the model's name and the key.

    Args:
        environ: Holds API_BASE_URL, MODEL_NAME and the keys; blank values count as unset.
        model: Overrides MODEL_NAME unless it is empty.

    Raises:
        BadSetting: If API_BASE_URL is no http or https URL.
    """
    base_url = (_value(environ, "API_BASE_URL") or DEFAULT_API_BASE_URL).rstrip("/")
    host = _host_of(base_url)
    names = _key_names(host, proxy_injects_key=bool(_value(environ, "API_BASE_URL")))
    keys = [value for value in (_value(environ, name) for name in names) if value]
    return ModelSettings(
        base_url=base_url,
        name=model.strip() or _value(environ, "MODEL_NAME") or DEFAULT_MODEL_NAME,
        key=keys[0] if keys else NO_KEY_NEEDED if is_private(host) else "",
        key_wanted=_key_wanted(host),
        is_loopback=is_loopback(host),
    )


def secrets_in(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Return every key in the environment: none of them may be printed."""
    values = (_value(environ, name) for name in KEY_NAMES)
    return tuple(value for value in values if value)


def server_environment(environ: Mapping[str, str], *, max_sessions: int) -> dict[str, str]:
    """Return the environment of an embedded server.

    It gets no key of a model, no Redis (it is a single process), and room for `max_sessions`.
    """
    left_out = {*KEY_NAMES, "REDIS_URL"}
    passed_on = {name: value for name, value in environ.items() if name not in left_out}
    return {"MAX_CONCURRENT_ENVS": str(max(256, max_sessions)), **passed_on}


def tasks_path(environ: Mapping[str, str]) -> str:
    """Return the folders of tasks from outside the repository, as TASKS_PATH lists them."""
    return _value(environ, "TASKS_PATH")


def is_loopback(host: str) -> bool:
    """Say whether a host is this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_private(host: str) -> bool:
    """Say whether a host is on a network of the user's own, where servers ask for no key."""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return "." not in host or host.endswith(PRIVATE_SUFFIXES)


def _value(environ: Mapping[str, str], name: str) -> str:
    return environ.get(name, "").strip()


def _host_of(base_url: str) -> str:
    try:
        parts = urlsplit(base_url)
        host, _port = parts.hostname, parts.port
    except ValueError as error:
        raise BadSetting(f"API_BASE_URL is no URL: {error}") from error
    if parts.scheme not in {"http", "https"} or not host:
        raise BadSetting("API_BASE_URL must look like https://host/v1")
    return host


def _key_names(host: str, *, proxy_injects_key: bool) -> tuple[str, ...]:
    """Return the variables to look at, best first; no key goes to a host it is not meant for."""
    first = ("API_KEY",) if proxy_injects_key else ()
    if host == OPENAI_HOST:
        return (*first, "OPENAI_API_KEY", "API_KEY")
    if _is_hugging_face(host):
        return (*first, "HF_TOKEN", "API_KEY")
    if is_private(host):
        return ("API_KEY",)
    return (*first, "HF_TOKEN", "API_KEY", "OPENAI_API_KEY")


def _key_wanted(host: str) -> str:
    if host == OPENAI_HOST:
        return "OPENAI_API_KEY"
    return "HF_TOKEN" if _is_hugging_face(host) else "API_KEY"


def _is_hugging_face(host: str) -> bool:
    return any(host == domain or host.endswith(f".{domain}") for domain in HUGGING_FACE_DOMAINS)
