"""The client, a process of its own: `python -m bench.client HOST PORT REFERENCE`."""

import resource
import selectors
import sys
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import Final

from bench.bursts import Burst, Errand, Phases, serve_errands, think
from bench.player import Player, WrongAnswer

MOST_AT_ONCE: Final = 32


class Episodes:
    """Plays as many sessions at once as an errand asks for, from one thread.

    Args:
        address: Of the server.
        reference: A solution of the task that is played.
    """

    def __init__(self, address: tuple[str, int], *, reference: str) -> None:
        self._players = tuple(Player(address, reference=reference) for _ in range(MOST_AT_ONCE))

    def run(self, errand: Errand) -> Burst:
        """Play until the time is up, then wait for the answers that are still due.

        Raises:
            WrongAnswer: If the server answers one request wrongly.
        """
        players = self._players[: errand.at_once]
        try:
            for player in players:
                player.connect(errand.load)
            return _play(players, errand)
        finally:
            for player in players:
                player.close()


def _play(players: Sequence[Player], errand: Errand) -> Burst:
    latencies: deque[float] = deque()
    phases: deque[Phases] = deque()
    sent_at_s: dict[Player, float] = {}
    count = 0
    cpu_s = _cpu_s()
    with selectors.DefaultSelector() as selector:
        began_s = perf_counter()
        for player in players:
            selector.register(player.socket, selectors.EVENT_READ, player)
            sent_at_s[player] = perf_counter()
            player.send()
        while sent_at_s:
            for key, _ in selector.select():
                player = key.data
                reply = player.receive()
                if reply is None:
                    continue
                now_s = perf_counter()
                took_s = now_s - sent_at_s.pop(player)
                player.digest(reply)
                count += reply.kind != "reset"
                if reply.kind == errand.load:
                    latencies.append(took_s)
                    phases.append(reply.phases())
                if now_s - began_s < errand.lasts_s:
                    think(errand)
                    sent_at_s[player] = perf_counter()
                    player.send()
        elapsed_s = perf_counter() - began_s
    return Burst(
        count=count,
        elapsed_s=elapsed_s,
        cpu_s=_cpu_s() - cpu_s,
        latencies_s=tuple(latencies),
        phases=tuple(phases),
    )


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Serve errands until stdin ends."""
    host, port, reference = sys.argv[1:]
    episodes = Episodes((host, int(port)), reference=Path(reference).read_text())
    try:
        serve_errands(episodes.run)
    except WrongAnswer as wrong:
        sys.exit(f"bench: {wrong}")


if __name__ == "__main__":
    main()
