"""Options and their variables."""

import pytest

from load.settings import BadSetting, read_settings


def test_a_variable_stands_in_for_an_option_that_is_not_given() -> None:
    environ = {"LOAD_EPISODES": "7", "LOAD_CONCURRENCY": "5", "LOAD_URL": "http://a:1 https://b"}

    settings = read_settings(["--concurrency", "3"], environ)

    assert (settings.episodes, settings.concurrency) == (7, 3)
    assert settings.urls == ("ws://a:1/ws", "wss://b/ws")
    assert read_settings(["--url", "http://c"], environ).urls == ("ws://c/ws",)


def test_without_a_word_it_is_a_thousand_episodes_against_a_cluster_of_our_own() -> None:
    settings = read_settings([], {})

    assert (settings.episodes, settings.concurrency) == (1000, 256)
    assert (settings.gateways, settings.workers, settings.urls) == (2, 3, ())
    assert settings.mix == {"right": 40, "wrong": 25, "slow": 15, "hostile": 20}


@pytest.mark.parametrize(
    ("argv", "word"),
    [
        (["--episodes", "0"], "--episodes"),
        (["--mix", "right=1,odd=2"], "--mix"),
        (["--mix", "right"], "--mix"),
        (["--mix", "right=0"], "--mix"),
        (["--url", "localhost:8000"], "--url"),
        (["--url", "ftp://a"], "--url"),
        (["--step-s", "-1"], "--step-s"),
        (["--speed", "9"], "--speed"),
    ],
)
def test_what_can_not_be_used_is_named(argv: list[str], word: str) -> None:
    with pytest.raises(BadSetting, match=word):
        read_settings(argv, {})


def test_a_variable_that_can_not_be_used_is_refused_too() -> None:
    with pytest.raises(BadSetting, match="--processes"):
        read_settings([], {"LOAD_PROCESSES": "many"})
