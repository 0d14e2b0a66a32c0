import os
import subprocess
import sys

import pytest

from agents.notices import Notices, redaction_of
from agents.streams import reserved_stdout


def test_only_reserved_lines_reach_standard_output(capfd: pytest.CaptureFixture[str]) -> None:
    with reserved_stdout() as write_line:
        sys.stdout.write("printed\n")
        os.write(1, b"written\n")
        subprocess.run(["echo", "a child's"], check=True)
        write_line("ours é")
        sys.stdout.flush()
    sys.stdout.write("afterwards\n")

    said = capfd.readouterr()
    assert said.out == "ours é\nafterwards\n"
    assert {"printed", "written", "a child's"} <= set(said.err.splitlines())


def test_standard_output_is_given_back_though_the_run_fails() -> None:
    ours = sys.stdout
    with pytest.raises(KeyError), reserved_stdout():
        raise KeyError

    assert sys.stdout is ours


def test_secrets_are_taken_out_the_longest_first() -> None:
    redacted = redaction_of(["key", "", "key_longer"])

    assert redacted("a key_longer and a key, key_longerkey") == (
        "a [redacted] and a [redacted], [redacted][redacted]"
    )


def test_a_notice_is_one_line_without_secrets(capsys: pytest.CaptureFixture[str]) -> None:
    notices = Notices(redaction_of(["secret"]))

    notices.say("a\n secret\tb")
    notices.say_once("again")
    notices.say_once("again")

    assert capsys.readouterr().err == "a [redacted] b\nagain\n"
