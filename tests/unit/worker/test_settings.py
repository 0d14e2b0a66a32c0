from pathlib import Path

import pytest

from worker.settings import BadSetting, WorkerSettings, read_settings, usable_cores


def test_an_empty_environment_gives_the_defaults() -> None:
    settings = read_settings({})

    assert settings == WorkerSettings(
        tasks_path=(), sandbox_require=None, grading_concurrency=usable_cores()
    )
    assert usable_cores() >= 1


def test_every_variable_is_read() -> None:
    settings = read_settings(
        {
            "TASKS_PATH": "/a:/b/c:",
            "SANDBOX_REQUIRE": "seccomp, landlock",
            "GRADING_CONCURRENCY": "3",
            "SANDBOX_BACKEND": "docker",
            "SANDBOX_IMAGE": "registry/sandbox:1",
            "SANDBOX_RUNTIME": "runsc",
            "SANDBOX_WARM": "0",
            "DOCKER_HOST": "unix:///run/user/1000/docker.sock",
        }
    )

    assert settings == WorkerSettings(
        tasks_path=(Path("/a"), Path("/b/c")),
        sandbox_require=frozenset({"seccomp", "landlock"}),
        grading_concurrency=3,
        sandbox_backend="docker",
        sandbox_image="registry/sandbox:1",
        sandbox_runtime="runsc",
        sandbox_warm=0,
        docker_host="unix:///run/user/1000/docker.sock",
    )


def test_none_requires_no_layer() -> None:
    assert read_settings({"SANDBOX_REQUIRE": "none"}).sandbox_require == frozenset()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("SANDBOX_REQUIRE", "none,seccomp"),
        ("GRADING_CONCURRENCY", "0"),
        ("GRADING_CONCURRENCY", "many"),
        ("GRADING_CONCURRENCY", "1000"),
        ("GRADING_CONCURRENCY", "1.5"),
        ("SANDBOX_BACKEND", "podman"),
        ("SANDBOX_WARM", "-1"),
        ("SANDBOX_WARM", "65"),
        ("DOCKER_HOST", "/var/run/docker.sock"),
    ],
)
def test_a_wrong_value_is_refused_by_name(name: str, text: str) -> None:
    with pytest.raises(BadSetting, match=name):
        read_settings({name: text})
