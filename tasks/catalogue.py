"""Reads tasks from folders and refuses a bad one, naming file, field and reason."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from sandbox.limits import SOURCE_BYTES
from tasks.task import Canary, Difficulty, Provenance, Task
from tasks.task_checks import Complaint, complaints_about
from tasks.task_folder import CANARIES, HEADER, IGNORED, TEXT_FILES, WORKLOAD, Header, TextFile

BUILT_IN_FOLDER: Final = Path(__file__).parent / "catalog"
HEADER_BYTES: Final = SOURCE_BYTES
_ORDER: Final = {difficulty: rank for rank, difficulty in enumerate(Difficulty)}
_PATH_IN_MESSAGE: Final = re.compile(r"^(?P<reason>.*) - at (?:`key` in )?`\$\.?(?P<field>.*)`$")


class BadTask(Exception):
    """A task can not be used; its author or whoever set the folder is to blame.

    Attributes:
        file: The file or folder at fault.
        field: The key of `task.toml` or the field of `Task` at fault, empty for the whole file.
        reason: What is wrong and what would be right.
    """

    def __init__(self, *, file: Path, field: str, reason: str) -> None:
        where = f"{file}: {field}" if field else f"{file}"
        super().__init__(f"bad task: {where}: {reason}")
        self.file = file
        self.field = field
        self.reason = reason


class Catalogue(Mapping[str, Task]):
    """Tasks by id: folder by folder as given, within a folder from easy to hard, then by id."""

    def __init__(self, tasks: Iterable[Task]) -> None:
        self._tasks = {task.id: task for task in tasks}

    def __getitem__(self, task_id: str) -> Task:
        return self._tasks[task_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tasks)

    def __len__(self) -> int:
        return len(self._tasks)


def load(
    extra_folders: Sequence[Path] = (), *, built_in_folder: Path = BUILT_IN_FOLDER
) -> Catalogue:
    """Read every task of the built-in folder and of further ones.

    Args:
        extra_folders: Folders of task folders, read in this order after the built-in one.
        built_in_folder: The first folder to read.

    Raises:
        BadTask: If a folder can not be read or is empty, a task breaks a rule, or two tasks share
            an id.
    """
    tasks: dict[str, Task] = {}
    for folder in (built_in_folder, *extra_folders):
        for path, task in _load_folder(folder):
            if task.id in tasks:
                raise BadTask(
                    file=path / HEADER, field="id", reason=f"another task is called {task.id!r}"
                )
            tasks[task.id] = task
    return Catalogue(tasks.values())


def load_task(folder: Path) -> Task:
    """Read the task of one folder.

    Raises:
        BadTask: If it breaks a rule.
    """
    header = _read_header(folder / HEADER)
    if header.id != folder.name:
        raise BadTask(
            file=folder / HEADER,
            field="id",
            reason=f"is {header.id!r} but the folder is called {folder.name!r}",
        )
    _refuse_strangers(folder)
    texts = {text.field: _read_text(folder / text.name, text=text) for text in TEXT_FILES}
    if (folder / WORKLOAD.name).exists():
        texts[WORKLOAD.field] = _read_text(folder / WORKLOAD.name, text=WORKLOAD)
    task = _assemble(header, texts, _read_canaries(folder, header))
    for complaint in complaints_about(task, header):
        raise _refusal(folder, complaint)
    return task


def _load_folder(folder: Path) -> list[tuple[Path, Task]]:
    try:
        paths = sorted(path for path in folder.iterdir() if path.is_dir())
    except OSError as error:
        raise BadTask(file=folder, field="", reason=f"can not be read: {error.strerror}") from error
    visible = [path for path in paths if not path.name.startswith((".", "__"))]
    if not visible:
        raise BadTask(file=folder, field="", reason="holds no task; a task is a folder in it")
    tasks = [(path, load_task(path)) for path in visible]
    return sorted(tasks, key=lambda pair: (_ORDER[pair[1].difficulty], pair[1].id))


def _read_header(path: Path) -> Header:
    text = _read_text(path, text=TextFile(name=HEADER, field="", size_bytes=HEADER_BYTES))
    try:
        return msgspec.toml.decode(text, type=Header)
    except msgspec.DecodeError as error:  # a ValidationError is one too
        located = _PATH_IN_MESSAGE.match(str(error))
        field = located["field"] if located else ""
        reason = located["reason"] if located else str(error)
        raise BadTask(file=path, field=field, reason=reason) from error


def _read_text(path: Path, *, text: TextFile) -> str:
    try:
        size_bytes = path.stat().st_size
        if size_bytes > text.size_bytes:
            raise BadTask(
                file=path,
                field=text.field,
                reason=f"has {size_bytes} bytes, at most {text.size_bytes} are allowed",
            )
        return path.read_bytes().decode()
    except OSError as error:
        reason = f"can not be read: {error.strerror}"
        raise BadTask(file=path, field=text.field, reason=reason) from error
    except UnicodeDecodeError as error:
        raise BadTask(file=path, field=text.field, reason="is not UTF-8") from error


def _refuse_strangers(folder: Path) -> None:
    """Refuse entries nobody reads: most are a misspelt name."""
    known = {HEADER, CANARIES, WORKLOAD.name, *(text.name for text in TEXT_FILES), *IGNORED}
    for path in sorted(folder.iterdir()):
        if path.name not in known and not path.name.startswith("."):
            names = ", ".join(sorted(known - IGNORED))
            raise BadTask(
                file=path, field="", reason=f"is no part of a task; its parts are {names}"
            )


def _read_canaries(folder: Path, header: Header) -> tuple[Canary, ...]:
    paths = {path.stem: path for path in sorted((folder / CANARIES).glob("*.py"))}
    for name in sorted(paths.keys() ^ header.canaries.keys()):
        missing = "has no file" if name in header.canaries else "has no highest score in task.toml"
        raise BadTask(
            file=folder / CANARIES / f"{name}.py", field=f"canaries.{name}", reason=missing
        )
    return tuple(
        Canary(
            name=name,
            source=_read_text(
                paths[name],
                text=TextFile(name=name, field=f"canaries.{name}", size_bytes=SOURCE_BYTES),
            ),
            max_score=max_score,
        )
        for name, max_score in header.canaries.items()
    )


def _assemble(header: Header, texts: dict[str, str], canaries: tuple[Canary, ...]) -> Task:
    values: dict[str, Any] = {name: getattr(header, name) for name in header.__struct_fields__}
    written = {name: value for name, value in values.items() if value is not None}
    provenance = Provenance(source=header.provenance.source, licence=header.provenance.licence)
    return Task(**(written | texts | {"provenance": provenance, "canaries": canaries}))


def _refusal(folder: Path, complaint: Complaint) -> BadTask:
    names = {text.field: text.name for text in (*TEXT_FILES, WORKLOAD)}
    return BadTask(
        file=folder / names.get(complaint.field, HEADER),
        field=complaint.field,
        reason=complaint.reason,
    )
