"""One examiner holds many exams: each as if it were the first."""

from collections.abc import Iterator

import pytest

from sandbox.exam import Exam, TestFile
from sandbox.guest.examining import EXAMS
from sandbox.process import ProcessSandbox

DOUBLE = "def double(n):\n    return n + n\n"
CRASHES = "import os\ndef double(n):\n    os._exit(0)\n"


@pytest.fixture(name="sandbox")
def _sandbox() -> Iterator[ProcessSandbox]:
    with ProcessSandbox(concurrency=1) as sandbox:
        yield sandbox


def exam(tests: str, source: str = DOUBLE) -> Exam:
    file = TestFile(name="test_public.py", source=tests, hidden=False)
    return Exam(source=source, entry_points=("double",), test_files=(file,))


WHO = (
    "import os\nfrom solution import double\ndef test_who():\n    assert double(1) == os.getpid()\n"
)


def examiner_of(sandbox: ProcessSandbox, tests: str = WHO, source: str = DOUBLE) -> str:
    return sandbox.run(exam(tests, source)).tests[0].expected


def test_the_same_tests_are_held_by_the_same_process(sandbox: ProcessSandbox) -> None:
    first = examiner_of(sandbox)

    assert [examiner_of(sandbox) for _ in range(3)] == [first] * 3


def test_other_tests_are_held_by_another_process(sandbox: ProcessSandbox) -> None:
    assert examiner_of(sandbox, WHO + "\n\n") != examiner_of(sandbox)


def test_an_examiner_that_lost_a_candidate_is_not_used_again(sandbox: ProcessSandbox) -> None:
    first = examiner_of(sandbox)

    sandbox.run(exam(WHO, CRASHES))

    assert examiner_of(sandbox) != first


def test_no_examiner_holds_more_exams_than_the_limit(sandbox: ProcessSandbox) -> None:
    used = {examiner_of(sandbox) for _ in range(EXAMS + 1)}

    assert len(used) == 2


@pytest.mark.parametrize(
    "change",
    [
        "import time\n{}    time.sleep = print\n",
        "import builtins\n{}    builtins.sum = max\n",
        "import os\n{}    os.environ['SEEN'] = '1'\n",
        "import sys\n{}    sys.setrecursionlimit(999)\n",
        "import sys\n{}    sys.path.append('/nowhere')\n",
        "import decimal\n{}    decimal.getcontext().prec = 3\n",
        "import warnings\n{}    warnings.simplefilter('ignore')\n",
        "import threading, time\n{}    threading.Thread(target=time.sleep, args=(9,)).start()\n",
    ],
)
def test_an_examiner_that_its_tests_changed_is_not_used_again(
    sandbox: ProcessSandbox, change: str
) -> None:
    tests = change.format(WHO + "\ndef test_change():\n")
    first = examiner_of(sandbox, tests)

    assert examiner_of(sandbox, tests) != first


def test_what_a_test_file_keeps_is_new_for_every_exam(sandbox: ProcessSandbox) -> None:
    tests = (
        "import functools, random\nfrom solution import double\nseen = []\n"
        "@functools.lru_cache\ndef cached():\n    seen.append(1)\n"
        "def test_fresh(tmp_path):\n    cached()\n    (tmp_path / 'x').write_text('x')\n"
        "    assert (len(seen), random.random()) == (1, double(0.42221092740018))\n"
    )

    reports = [sandbox.run(exam(tests)) for _ in range(3)]

    assert len({report.tests[0].actual for report in reports}) == 1
    assert reports[0].tests[0].actual.startswith("(1, 0.8")


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("x = " * 20_000 + "1", id="takes too long"),
        pytest.param("a;" * 51_000, id="has too many findings"),
    ],
)
def test_a_source_the_linter_can_not_finish_is_said_to_be_so(
    sandbox: ProcessSandbox, source: str
) -> None:
    findings = sandbox.analyse(source).findings

    assert [finding.code for finding in findings] == ["unlintable"]
