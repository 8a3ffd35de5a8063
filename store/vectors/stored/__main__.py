"""python -m store.vectors.stored FOLDER SOCKET [--min-free-mb N]: the embedded vector store; see `server`.

Ends with 3 where the folder is damaged, 4 where another process holds it, 70 after a panic of the engine; the last
line on stderr says so in one sentence. The supervisor holds stdin: when that ends, so does this process.
"""

import argparse
import asyncio
import contextlib
import os
import sys
from pathlib import Path

from store.vectors.stored.engine import Engine, FolderDamaged, FolderInUse
from store.vectors.stored.server import serve


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m store.vectors.stored", description="The embedded vector store.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("socket", type=Path)
    parser.add_argument("--min-free-mb", type=int, default=256, help="refuse writes below this much free disk")
    return parser.parse_args()


def ended(code: int, error: BaseException) -> int:
    """Print the error and return the exit code."""
    print(error, file=sys.stderr)  # noqa: T201
    return code


def tidy(socket: Path) -> None:
    """Remove the socket and its private directory, which a parent that was killed left behind."""
    socket.unlink(missing_ok=True)
    if socket.parent.name.startswith("resight-"):
        with contextlib.suppress(OSError):
            socket.parent.rmdir()


def main() -> int:
    """Serve the folder until the parent process ends; return the exit code."""
    os.umask(0o077)
    given, orphaned = arguments(), False
    try:
        engine = Engine(given.folder, given.min_free_mb << 20)
    except FolderDamaged as error:
        return ended(3, error)
    except FolderInUse as error:
        return ended(4, error)
    except OSError as error:
        return ended(1, OSError(f"The vector folder {given.folder} can't be used: {error.strerror}."))
    try:
        orphaned = asyncio.run(serve(engine, given.socket))
    finally:
        engine.close()
        if orphaned:
            tidy(given.socket)
    return 0


if __name__ == "__main__":
    sys.exit(main())
