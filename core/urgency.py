"""Whose work may wait behind others': 0 = it may not, 1 = its community takes most of the machine.

It rides with the task, because everything between the loop that decides it and the thread that works has no say in it.
"""

from contextvars import ContextVar

URGENCY: ContextVar[int] = ContextVar("urgency", default=0)
