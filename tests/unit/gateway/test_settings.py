"""Settings from an environment."""

import pytest

from gateway.settings import BadSetting, Settings, read_settings, settings_table


def test_an_empty_environment_gives_the_defaults() -> None:
    assert read_settings({}) == Settings()
    assert Settings().max_concurrent_envs == 256


def test_variables_are_read_by_their_type_and_case_is_no_matter_for_choices() -> None:
    settings = read_settings(
        {
            "MAX_CONCURRENT_ENVS": "8",
            "SESSION_IDLE_S": "1.5",
            "OPENENV_MODE": "Production",
            "REWARD_MODE": "DELTA",
            "PORT": "",
            "UNRELATED": "x",
        }
    )

    assert settings == Settings(
        max_concurrent_envs=8, session_idle_s=1.5, openenv_mode="production", reward_mode="delta"
    )


@pytest.mark.parametrize(
    ("environ", "told"),
    [
        ({"PORT": "x"}, "PORT is 'x'"),
        ({"PORT": "99999"}, "PORT is '99999'"),
        ({"MAX_CONCURRENT_ENVS": "0"}, "MAX_CONCURRENT_ENVS is '0'"),
        ({"OPENENV_MODE": "chaos"}, "simulation, production"),
        ({"REDIS_URL": "http://somewhere"}, "REDIS_URL must be a URL such as redis://"),
        ({"REDIS_URL": "redis://:hush@host:port"}, "REDIS_URL must be a URL such as redis://"),
    ],
)
def test_what_can_not_be_used_is_refused_by_name(environ: dict[str, str], told: str) -> None:
    with pytest.raises(BadSetting, match=told) as refused:
        read_settings(environ)

    assert "hush" not in str(refused.value)


def test_the_table_has_a_row_for_every_setting() -> None:
    table = settings_table()

    for name in (*Settings.__struct_fields__, "grading_concurrency", "sandbox_require"):
        assert table.count(f"| `{name.upper()}` |") == 1
