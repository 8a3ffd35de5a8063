"""How urgent a task's work is: 0 = at once, 1 = it may wait, because its community takes most of the machine.

It rides with the task, because everything between the loop that decides it and the thread that works has no say in it.
"""

from contextvars import ContextVar

URGENCY: ContextVar[int] = ContextVar("urgency", default=0)
