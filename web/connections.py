"""Closes idle connections: half a request head costs its sender nothing, but us a socket.

connection --no whole head within 15 s--> closed      --nothing asked for 50 s after an answer--> closed
           --what is no HTTP--> 400, and not a line in the log
"""

import asyncio
import logging
import time
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.web_protocol import RequestHandler

from web.problems import Handler

FIRST, NEXT, EVERY = 15.0, 50.0, 2.5


@dataclass(slots=True)
class Connections:
    """Since when each connection has been silent, without those on which we are answering."""

    silent: dict[RequestHandler, tuple[float, float]] = field(default_factory=dict)
    """Since when each connection has been silent, and for how long it may be."""
    busy: set[RequestHandler] = field(default_factory=set)

    def close_silent(self, server: web.Server, now: float) -> int:
        """Close connections that have been silent for too long; return how many."""
        here = [connection for connection in server.connections if connection not in self.busy]
        self.silent = {connection: self.silent.get(connection, (now, FIRST)) for connection in here}
        late = [connection for connection, (since, allowed) in self.silent.items() if now - since > allowed]
        for connection in late:
            connection.force_close()
        return len(late)


class OwnFaultsOnly(logging.Filter):
    """Keeps errors of strangers who speak no HTTP out of the log, which they could fill the disk with."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Return False for records about requests that are no HTTP, so that they are not logged."""
        error = record.exc_info[1] if record.exc_info else None
        return not isinstance(error, HttpProcessingError)


log = logging.getLogger(__name__)
log.addFilter(OwnFaultsOnly())

CONNECTIONS = web.AppKey("connections", Connections)


@web.middleware
async def noted(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Count the connection as not silent while its request is worked on."""
    connections, line = request.app[CONNECTIONS], request.protocol
    connections.busy.add(line)
    try:
        return await handler(request)
    finally:
        connections.busy.discard(line)
        connections.silent[line] = time.monotonic(), NEXT


async def close_silent_forever(app: web.Application, server: web.Server) -> None:
    """Close silent connections, for ever."""
    while True:
        app[CONNECTIONS].close_silent(server, time.monotonic())
        await asyncio.sleep(EVERY)
