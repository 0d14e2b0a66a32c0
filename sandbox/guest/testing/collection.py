"""Collect the tests of one pytest-style file."""

import ast
import functools
import inspect
import itertools
import sys
import unittest
import warnings
from collections.abc import Iterator
from types import CodeType, FunctionType, ModuleType
from typing import Any, Final

from sandbox.guest.testing.builtin_fixtures import BUILTIN_FIXTURES
from sandbox.guest.testing.explanation import Checks
from sandbox.guest.testing.failures import collection_failure
from sandbox.guest.testing.fixture_values import Needs
from sandbox.guest.testing.fixtures import Scope, Visibility, declared_fixtures
from sandbox.guest.testing.marks import marks_of
from sandbox.guest.testing.outcomes import CollectionFailed, passes_through
from sandbox.guest.testing.planning import Place, plan_for, runs_of, used_fixtures
from sandbox.guest.testing.rewriting import FAILED_NAME, rewrite
from sandbox.guest.testing.running import CollectedTest, FileRun
from sandbox.guest.testing.unittest_cases import method_names
from sandbox.guest.testing.xunit import class_fixtures, module_fixtures

_BUILTINS: Final = Visibility(BUILTIN_FIXTURES)


def collect(
    name: str,
    source: str,
    *,
    hidden: bool,
    modules: dict[str, ModuleType],
    code: CodeType | None = None,
) -> list[CollectedTest]:
    """Run a test file once as a module and return its tests in the order pytest runs them.

    Args:
        name: The file's name, which appears in failure texts.
        hidden: Whether failures must say nothing; asserts are then left as they are.
        code: What `compiled` made of the same file before, to save the work.
        modules: What the file may import besides the standard library, `pytest` among them;
            they stay in `sys.modules`, since tests may import them while they run.

    Raises:
        CollectionFailed: If the file does not compile, raises, or asks for what is not supported.
        BaseException: An exception that passes through tests, untouched.
    """
    sys.modules.update(modules)
    file = FileRun(name, source)
    file.capture.start()
    try:
        module = _loaded(file, code or compiled(name, source, hidden=hidden))
        tests = list(_Collecting(module, file, hidden=hidden).tests())
    except BaseException as error:
        if passes_through(type(error)):
            raise
        supported = getattr(modules.get("pytest"), "__all__", ())
        raise collection_failure(error, name, ", ".join(supported)) from error
    finally:
        file.capture.stop()
    for test, following in itertools.zip_longest(tests, tests[1:]):
        if following is None:
            test.closes = Scope.MODULE
        elif test.needs.cls is None or following.needs.cls is not test.needs.cls:
            test.closes = Scope.CLASS
    return tests


def compiled(name: str, source: str, *, hidden: bool) -> CodeType:
    """Return the code of a test file, its asserts rewritten where failures may be explained.

    Raises:
        SyntaxError, ValueError: If the file does not compile.
    """
    if "\0" in source:  # a ValueError before Python 3.11.4
        raise SyntaxError("source code string cannot contain null bytes")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if hidden:
            return _plain(name, source)
        flags = ast.PyCF_ONLY_AST
        tree: Any = compile(source, name, "exec", flags, dont_inherit=True, optimize=0)
        rewrite(tree)
        return _plain(name, tree)


def _plain(name: str, source: Any) -> CodeType:
    code: CodeType = compile(source, name, "exec", dont_inherit=True, optimize=0)
    return code


def _loaded(file: FileRun, code: CodeType) -> ModuleType:
    module = ModuleType(_module_name(file.name))
    module.__file__ = file.name
    vars(module)[FAILED_NAME] = Checks(file.source).failed
    sys.modules[module.__name__] = module
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(code, vars(module))
    return module


def _module_name(file_name: str) -> str:
    name = file_name.rpartition("/")[2].removesuffix(".py")
    while name in sys.modules:
        name += "_"
    return name


class _Collecting:
    def __init__(self, module: ModuleType, file: FileRun, *, hidden: bool) -> None:
        self._module = module
        self._file = file
        self._hidden = hidden

    def tests(self) -> Iterator[CollectedTest]:
        module = self._module
        fixtures = (*module_fixtures(module), *declared_fixtures(module))
        place = Place("", None, tuple(marks_of(module)), Visibility(fixtures, _BUILTINS))
        if getattr(module, "__test__", True):
            yield from self._members(vars(module), place)

    def _members(self, members: dict[str, Any], place: Place) -> Iterator[CollectedTest]:
        for name, member in list(members.items()):
            if isinstance(member, type):
                if self._is_collected(name, member):
                    yield from self._class(name, member, place)
            elif name.startswith("test"):
                yield from self._function(name, member, place)

    def _is_collected(self, name: str, cls: type) -> bool:
        return (
            (name.startswith("Test") or issubclass(cls, unittest.TestCase))
            and cls.__module__ == self._module.__name__
            and getattr(cls, "__test__", True)
            and not inspect.isabstract(cls)
        )

    def _class(self, name: str, cls: type, outer: Place) -> Iterator[CollectedTest]:
        fixtures = (*class_fixtures(cls), *declared_fixtures(cls))
        place = Place(
            prefix=f"{outer.prefix}{name}::",
            cls=cls,
            marks=(*marks_of(cls), *outer.marks),
            visibility=Visibility(fixtures, outer.visibility),
        )
        if issubclass(cls, unittest.TestCase):
            yield from self._case(cls, place)
        elif _is_constructed(cls):
            if any(key.startswith("test") and callable(v) for key, v in vars(cls).items()):
                message = f"class {name} has a constructor, so its tests cannot be run"
                raise CollectionFailed(message)
        else:
            yield from self._members(_members_of(cls), place)

    def _case(self, cls: type[unittest.TestCase], place: Place) -> Iterator[CollectedTest]:
        for name in method_names(cls):
            method = getattr(cls, name)
            marks = (*marks_of(method), *place.marks)
            if any(mark.name == "parametrize" for mark in marks):
                message = f"{name}: parametrize does not work in a unittest.TestCase; use subTest"
                raise CollectionFailed(message)
            names = place.visibility.closure(used_fixtures(marks), ())
            chains = place.visibility.chains
            needs = Needs(names, chains, {}, {}, method, cls, self._module, case_method=name)
            yield self._test(f"{place.prefix}{name}", needs, ())

    def _function(self, name: str, member: Any, place: Place) -> Iterator[CollectedTest]:
        function = member
        if isinstance(member, staticmethod | classmethod):
            function = member.__func__
        if isinstance(function, functools.partial):
            message = f"{name} is a functools.partial; write a function"
            raise CollectionFailed(message)
        if type(function) is not FunctionType or not getattr(function, "__test__", True):
            return
        if place.cls is None and function.__module__ != self._module.__name__:
            return
        bound = place.cls is not None and not isinstance(member, staticmethod)
        try:
            plan = plan_for(function, place, bound=bound)
        except CollectionFailed as problem:
            line = function.__code__.co_firstlineno
            raise CollectionFailed(f"{name}, line {line}: {problem}") from problem
        chains = place.visibility.chains
        for run in runs_of(plan):
            full_name = f"{place.prefix}{name}{run.suffix}"
            needs = Needs(
                plan.names, chains, run.direct, run.params, member, place.cls, self._module
            )
            yield self._test(full_name, needs, plan.arguments)

    def _test(self, name: str, needs: Needs, arguments: tuple[str, ...]) -> CollectedTest:
        return CollectedTest(name, needs, arguments, file=self._file, hidden=self._hidden)


def _is_constructed(cls: type) -> bool:
    return any("__init__" in vars(kind) or "__new__" in vars(kind) for kind in cls.__mro__[:-1])


def _members_of(cls: type) -> dict[str, Any]:
    """Return what a class and its bases define, bases first and each name once."""
    members: dict[str, Any] = {}
    for kind in cls.__mro__:
        own = {name: member for name, member in vars(kind).items() if name not in members}
        members = own | members
    return members
