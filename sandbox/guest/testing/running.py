"""One collected test and how it is run."""

import contextlib
import unittest
from collections.abc import Awaitable
from typing import Any

from sandbox.guest.testing.capture import Capture
from sandbox.guest.testing.failures import explain_failure
from sandbox.guest.testing.fixture_values import FixtureValues, Needs
from sandbox.guest.testing.fixtures import Scope
from sandbox.guest.testing.outcomes import passes_through
from sandbox.guest.testing.source_text import SourceText
from sandbox.guest.testing.unittest_cases import run_case
from sandbox.guest.testing.verdict import TestVerdict, capped


class FileRun:
    """What the tests of one file share while they run."""

    def __init__(self, name: str, source: str) -> None:
        self.name = name
        self.source = SourceText(source)
        self.capture = Capture()
        self.values = FixtureValues(self.capture)


class CollectedTest:
    """One test with its parameters. Tests of a file are meant to run once each, in order."""

    __test__ = False

    def __init__(
        self,
        name: str,
        needs: Needs,
        arguments: tuple[str, ...],
        *,
        file: FileRun,
        hidden: bool,
    ) -> None:
        self.name = name
        self.hidden = hidden
        self.needs = needs
        self.closes: Scope = Scope.FUNCTION
        """The widest scope that ends with this test."""
        self._arguments = arguments
        self._file = file

    def run(self) -> TestVerdict:
        """Run the test, tear down what ends with it, and say how it went.

        Raises:
            BaseException: An exception whose class has `passes_through_tests = True`, after
                every fixture of the file was torn down.
        """
        file = self._file
        file.capture.start()
        try:
            error = self._attempt()
            output = "" if self.hidden else file.capture.text()
        finally:
            file.capture.stop()
        if error is None or self.hidden:
            return TestVerdict(error is None, "", "", "", capped(output))
        told = explain_failure(error, file.name, file.source)
        return TestVerdict(
            passed=False,
            message=capped(told.message),
            expected=capped(told.expected),
            actual=capped(told.actual),
            output=capped(output),
        )

    def _attempt(self) -> BaseException | None:
        failure: BaseException | None = None
        try:
            self._call()
        except BaseException as error:  # noqa: BLE001 - whatever a test raises is its failure
            failure = error
        gone = failure is not None and passes_through(type(failure))
        try:
            self._file.values.close(Scope.MODULE if gone else self.closes)
        except BaseException as error:  # noqa: BLE001 - likewise for teardown
            if not gone and (failure is None or passes_through(type(error))):
                failure = error
        if failure is not None and passes_through(type(failure)):
            self._close_all()
            raise failure
        return failure

    def _close_all(self) -> None:
        with contextlib.suppress(BaseException):  # the test has failed already
            self._file.values.close(Scope.MODULE)

    def _call(self) -> None:
        needs = self.needs
        cls = needs.cls
        instance = None if cls is None else self._instance(cls)
        given: dict[str, Any] = {}
        if needs.names:
            given = self._file.values.arguments(needs, self._arguments, instance)
        if isinstance(instance, unittest.TestCase):
            run_case(instance)
            return
        function = needs.function
        if instance is not None:
            function = function.__get__(instance, cls)
        result = function(**given)
        if result is not None and isinstance(result, Awaitable):
            import asyncio  # noqa: PLC0415 - few tests need it, and every guest would carry it

            asyncio.run(_finished(result))

    def _instance(self, cls: type) -> object:
        if issubclass(cls, unittest.TestCase):
            return cls(self.needs.case_method)
        return cls()


async def _finished(result: Awaitable[object]) -> None:
    await result
