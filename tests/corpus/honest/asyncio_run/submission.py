# /// corpus
# entry_points = ["gather", "race", "pipeline", "streamed", "in_a_thread"]
# ///
import asyncio


async def double(value, delay_s=0.0):
    await asyncio.sleep(delay_s)
    return value * 2


def gather(values):
    async def main():
        return await asyncio.gather(*(double(value) for value in values))

    return asyncio.run(main())


def race():
    async def main():
        tasks = [asyncio.create_task(double(1, 0.2)), asyncio.create_task(double(2, 0.001))]
        done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in pending:
            task.cancel()
        return [task.result() for task in done]

    return asyncio.run(main())


def pipeline(values):
    async def main():
        jobs, results = asyncio.Queue(), []

        async def work():
            while (value := await jobs.get()) is not None:
                results.append(await double(value))

        async with asyncio.TaskGroup() as group:
            group.create_task(work())
            for value in [*values, None]:
                await jobs.put(value)
        return results

    return asyncio.run(main())


def streamed(count):
    async def numbers():
        for number in range(count):
            await asyncio.sleep(0)
            yield number

    async def main():
        return [number async for number in numbers() if number % 2]

    return asyncio.run(main())


def in_a_thread():
    async def main():
        try:
            async with asyncio.timeout(0.01):
                await asyncio.sleep(1)
        except TimeoutError:
            return await asyncio.to_thread(sum, range(10))

    return asyncio.run(main())
