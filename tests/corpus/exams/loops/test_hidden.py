import asyncio
from unittest import TestCase

from solution import square


async def check(number):
    assert square(number) == number * number


async def test_group():
    async with asyncio.TaskGroup() as group:
        for number in (13, 17, 19):
            group.create_task(check(number))


class Squares(TestCase):
    def test_subtests(self):
        for number in (23, 29):
            with self.subTest(number=number):
                self.assertEqual(square(number), number * number)
