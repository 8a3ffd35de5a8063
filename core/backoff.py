"""How long anything of ours waits before it tries again: one back-off, with jitter, a longest pause, and Retry-After.

Backoff   the pause after so many failures: doubling up to the longest, by chance up to a quarter longer or shorter
Pauses    the same for who begins again for ever, and short again after a time of health
jittered  a pause at a steady pace that many clients do not end in the same moment

| who           | first  | longest | what waits                                                                       |
|---------------|--------|---------|----------------------------------------------------------------------------------|
| `OWNER`       | 1 s    | 300 s   | whatever ended and is begun again (`core.walls.kept_up`): fronts, writers        |
| `LOOP`        | 1 s    | 60 s    | the loops of the handlers: without them nothing is looked at (`bot.supervisor`)  |
| `CHILD`       | 0.1 s  | 5 s     | the child process of the vector store (`store.vectors.stored`)                   |
| `STORE`       | 0.1 s  | 0.4 s   | a call to the vector store while it restarts (`store.vectors`)                   |
| `SEARCH`      | 0.25 s | 8 s     | a search from the command line (`bot.files.batch`)                               |
| `QUEUE`       | 1 s    | 100 s   | rows: images (`handlers.screen`), actions (`handlers.outbox`), `handlers.alerts` |
| `INTAKE`      | 2 s    | 30 s    | posts that can't be committed now: the disk or the inbox is full (the fronts)    |
| `GATEWAY`     | 1 s    | 120 s   | the connection to Discord, which counts them: a thousand a day cost the token    |
| `HISTORY`     | 5 s    | 300 s   | the history of a channel on Discord, of a room on Matrix                         |
| `BOT_API`     | 1 s    | 60 s    | sign-in, poll and webhook of Telegram, sign-in and sync of Matrix                |
| `INVITE`      | 2 s    | 3600 s  | an invitation on Matrix to a room that can't be reached                          |
| `MENU`        | 60 s   | 600 s   | Telegram's menu of commands, without which they work all the same                |
| `ANSWER`      | 1 s    | 4 s     | an answer that somebody on Telegram waits for                                    |

What looks again at a steady pace, such as a probe that pings or a loop that nobody rang for, backs off from nothing.
discord.py and python-telegram-bot wait out short limits by themselves (`LONGEST_LIMIT_S`). tenacity and stamina repeat
a call within one process; most of what waits here is a row of the database or an owner that lives for ever.
"""

import random
from dataclasses import dataclass

MOST_DOUBLINGS = 62
"""More of them would be no number any more."""

LONGEST_LIMIT_S = 60.0
"""A limit that a platform's library waits out by itself; what is told to wait longer goes back to its queue."""

LONGEST_ASKED_S = 3600.0
"""A server that asks for more, by whatever mistake, is asked again after an hour."""

LESS, MORE = 0.75, 1.25


def jittered(pause: float) -> float:
    """Return the pause, lengthened or shortened by up to a quarter at random."""
    return pause * random.uniform(LESS, MORE)


@dataclass(frozen=True, slots=True)
class Backoff:
    """Says how long to wait: `first` seconds, doubling up to `longest`; chance makes it a little more or less."""

    first: float
    longest: float

    def after(self, failures: int, asked: float = 0.0) -> float:
        """Return the pause after so many failures in a row; never less than a server `asked` for (Retry-After)."""
        doublings = min(max(failures - 1, 0), MOST_DOUBLINGS)
        told = min(max(asked, 0.0), LONGEST_ASKED_S)
        return max(jittered(min(self.first * 2**doublings, self.longest)), told * random.uniform(1.0, MORE))


OWNER, LOOP = Backoff(1.0, 300.0), Backoff(1.0, 60.0)
CHILD, STORE, SEARCH = Backoff(0.1, 5.0), Backoff(0.1, 0.4), Backoff(0.25, 8.0)
QUEUE, INTAKE = Backoff(1.0, 100.0), Backoff(2.0, 30.0)
GATEWAY, HISTORY, INVITE = Backoff(1.0, 120.0), Backoff(5.0, 300.0), Backoff(2.0, 3600.0)
BOT_API, MENU, ANSWER = Backoff(1.0, 60.0), Backoff(60.0, 600.0), Backoff(1.0, 4.0)

HEALTHY_S = 600.0


class Pauses:
    """Counts failures in a row for who begins again for ever; after a try that lived long the pause is short again."""

    def __init__(self, backoff: Backoff = OWNER, healthy: float = HEALTHY_S) -> None:
        self._backoff, self._healthy = backoff, healthy
        self._failures = 0

    def after(self, lived: float = 0.0, asked: float = 0.0) -> float:
        """Return the next pause in seconds, after a try that lived so long; see `Backoff.after`."""
        self._failures = 1 if lived >= self._healthy else self._failures + 1
        return self._backoff.after(self._failures, asked)

    def forget(self) -> None:
        """Begin anew: it worked."""
        self._failures = 0
