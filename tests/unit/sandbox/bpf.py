"""Runs a seccomp program as the kernel would: classic BPF over one system call's facts."""

import struct
from collections.abc import Sequence
from typing import Final, NamedTuple

LOAD: Final = 0x20
EQUAL: Final = 0x15
AT_LEAST: Final = 0x35
ANY_BIT: Final = 0x45
AND: Final = 0x54
RETURN: Final = 0x06


class Call(NamedTuple):
    """What struct seccomp_data holds, but for the instruction pointer."""

    number: int
    arch: int
    args: tuple[int, ...] = ()


class Instruction(NamedTuple):
    """struct sock_filter."""

    code: int
    then: int
    otherwise: int
    value: int


def instructions(program: bytes) -> list[Instruction]:
    """Return the parts of a program."""
    return [Instruction(*one) for one in struct.iter_unpack("HBBI", program)]


def answer(program: bytes, call: Call) -> int:
    """Return the 32-bit action of a program on a call."""
    facts = struct.pack("<iIQ6Q", call.number & 0x7FFFFFFF, call.arch, 0, *_six(call.args))
    if call.number > 0x7FFFFFFF:
        raise ValueError("system call numbers are positive")
    steps = instructions(program)
    accumulator = at = 0
    while True:
        code, then, otherwise, value = steps[at]
        at += 1
        if code == RETURN:
            return value
        if code == LOAD:
            (accumulator,) = struct.unpack_from("<I", facts, value)
        elif code == AND:
            accumulator &= value
        else:
            at += then if _holds(code, accumulator, value) else otherwise


def _six(args: Sequence[int]) -> list[int]:
    return [one & 0xFFFF_FFFF_FFFF_FFFF for one in (*args, *[0] * (6 - len(args)))]


def _holds(code: int, accumulator: int, value: int) -> bool:
    return {
        EQUAL: accumulator == value,
        AT_LEAST: accumulator >= value,
        ANY_BIT: bool(accumulator & value),
    }[code]
