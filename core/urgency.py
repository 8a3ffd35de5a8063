"""How urgent a task's work is: 0 = at once, 1 = it may wait, because its community takes most of the machine.

A context variable carries it from the loop that decides it to the thread that works, so nothing between passes it on.
"""

from contextvars import ContextVar

URGENCY: ContextVar[int] = ContextVar("urgency", default=0)
