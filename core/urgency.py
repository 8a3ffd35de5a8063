"""How long a task's work may wait behind others': 0 = somebody looks at a screen, more = it has company of its kind.

It rides with the task, because everything between the loop that decides it and the thread that works has no say in it.
"""

from contextvars import ContextVar

URGENCY: ContextVar[int] = ContextVar("urgency", default=0)
