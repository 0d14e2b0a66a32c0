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
        ("REDIS_URL", "somewhere:6379"),
    ],
)
def test_a_wrong_value_is_refused_by_name(name: str, text: str) -> None:
    with pytest.raises(BadSetting, match=name):
        read_settings({name: text})


@pytest.mark.parametrize(
    ("files", "cores"),
    [
        ({"cpu.max": "50000 100000\n"}, 1),
        ({"cpu.max": "max 100000\n"}, None),
        ({"cpu/cpu.cfs_quota_us": "100000\n", "cpu/cpu.cfs_period_us": "100000\n"}, 1),
        ({"cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n"}, None),
        ({"cpu.max": "6400000 100000\n"}, None),
        ({"cpu.max": "?\n"}, None),
        ({}, None),
    ],
)
def test_a_quota_of_cpu_time_counts_as_so_many_cores(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: dict[str, str], cores: int | None
) -> None:
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0, 1, 2})
    (tmp_path / "cpu").mkdir()
    for name, text in files.items():
        (tmp_path / name).write_text(text)

    assert usable_cores(tmp_path) == (cores or 3)
