import pytest

from agents.address import ServerAddress
from agents.settings import (
    DEFAULT_API_BASE_URL,
    DEFAULT_MODEL_NAME,
    BadSetting,
    read_model_settings,
    secrets_in,
    server_environment,
)

KEYS = {"HF_TOKEN": "hf", "OPENAI_API_KEY": "oa", "API_KEY": "ak"}
OPENAI = {"API_BASE_URL": "https://api.openai.com/v1"}


def test_nothing_set_means_the_router_and_its_token() -> None:
    settings = read_model_settings({})

    assert settings.base_url == DEFAULT_API_BASE_URL == "https://router.huggingface.co/v1"
    assert settings.name == DEFAULT_MODEL_NAME == "Qwen/Qwen2.5-3B-Instruct"
    assert (settings.key, settings.key_wanted) == ("", "HF_TOKEN")


@pytest.mark.parametrize(
    ("environ", "key"),
    [
        (KEYS, "hf"),
        ({"OPENAI_API_KEY": "oa"}, ""),
        ({"API_KEY": "ak"}, "ak"),
        ({"HF_TOKEN": "  "}, ""),
        ({"HF_TOKEN": " hf\n"}, "hf"),
        (OPENAI | {"HF_TOKEN": "hf"}, ""),
        (OPENAI | {"HF_TOKEN": "hf", "OPENAI_API_KEY": "oa"}, "oa"),
        (OPENAI | KEYS, "ak"),
        ({"API_BASE_URL": "https://proxy.example/v1"} | KEYS, "ak"),
        ({"API_BASE_URL": "https://proxy.example/v1", "HF_TOKEN": "hf"}, "hf"),
        ({"API_BASE_URL": "https://router.huggingface.co/v1"} | KEYS, "ak"),
        ({"API_BASE_URL": "https://x.endpoints.huggingface.cloud/v1", "HF_TOKEN": "hf"}, "hf"),
        ({"API_BASE_URL": "https://nothuggingface.co.evil/v1", "API_KEY": "ak"}, "ak"),
        ({"API_BASE_URL": "http://localhost:8000/v1", "HF_TOKEN": "hf"}, "none"),
        ({"API_BASE_URL": "http://127.0.0.1:8000/v1", "API_KEY": "ak"}, "ak"),
        ({"API_BASE_URL": "http://[::1]:8000/v1"}, "none"),
        ({"API_BASE_URL": "http://vllm:8000/v1"}, "none"),
        ({"API_BASE_URL": "http://10.0.0.5:8000/v1"}, "none"),
    ],
    ids=str,
)
def test_each_host_gets_the_key_that_is_meant_for_it(environ: dict[str, str], key: str) -> None:
    assert read_model_settings(environ).key == key


def test_the_command_lines_model_wins_and_the_addresss_slash_is_cut() -> None:
    environ = {"API_BASE_URL": "http://localhost/v1/", "MODEL_NAME": "a"}

    settings = read_model_settings(environ, model="b")

    assert (settings.base_url, settings.name) == ("http://localhost/v1", "b")


@pytest.mark.parametrize("url", ["localhost:8000", "ftp://x/v1", "https://", "http://[x/v1"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(BadSetting, match="API_BASE_URL"):
        read_model_settings({"API_BASE_URL": url})


def test_a_key_never_shows_in_a_representation() -> None:
    assert "hf" not in repr(read_model_settings({"HF_TOKEN": "hf_x"})).replace("huggingface", "")


def test_every_key_is_a_secret() -> None:
    assert set(secrets_in(KEYS)) == {"hf", "oa", "ak"}


def test_an_embedded_server_gets_no_key_and_no_redis() -> None:
    environ = server_environment(
        KEYS | {"REDIS_URL": "redis://x", "TASKS_PATH": "/t"}, max_sessions=1000
    )

    assert environ == {"TASKS_PATH": "/t", "MAX_CONCURRENT_ENVS": "1000"}


@pytest.mark.parametrize(
    ("given", "http", "socket"),
    [
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000", "ws://127.0.0.1:8000/ws"),
        ("https://a.hf.space/", "https://a.hf.space", "wss://a.hf.space/ws"),
        ("ws://h:1/ws", "http://h:1", "ws://h:1/ws"),
        ("wss://h/base/path/", "https://h/base/path", "wss://h/base/path/ws"),
    ],
)
def test_an_address_has_a_form_for_http_and_one_for_sockets(
    given: str, http: str, socket: str
) -> None:
    address = ServerAddress.parse(given)

    assert (address.http_url, address.socket_url) == (http, socket)


def test_an_address_is_shown_without_its_password() -> None:
    assert ServerAddress.parse("https://me:pw@host:1/x").shown == "https://host:1/x"
