"""A Synapse as a process of its own on a free port of 127.0.0.1: SQLite, no federation, no rate limits.

    homeserver()        the one that all tests of this process share; it ends with them
    with Homeserver(folder) as own:
        own.restart()   for tests that stop it

Synapse is AGPL and has an environment of its own (`make set-up-synapse`): it is run beside the tests, never imported.
"""

import atexit
import base64
import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from core.root import ROOT

SERVER = "test.local"
PYTHON = ROOT / ".venv-synapse" / "bin" / "python"
LACKING = f"There is no Synapse in {PYTHON.parent.parent.name}: run `make set-up-synapse`."
SECRET = "s3cret"
LIMIT_S = 90.0
LOOK_S = 0.1

MAIN = """
import os, sys, threading
def watch():
    sys.stdin.buffer.read()
    os._exit(0)
threading.Thread(target=watch, daemon=True).start()
from synapse.storage.engines import Sqlite3Engine
connected = Sqlite3Engine.on_new_connection
def at_once(self, connection):
    connected(self, connection)
    connection.execute("PRAGMA synchronous=OFF")
Sqlite3Engine.on_new_connection = at_once
from synapse.app.homeserver import main
main()
"""
"""It ends when its standard input does: also if the tests are killed, nothing stays behind.

No power is cut here, so the database need not wait for the disk.
"""


def is_there() -> bool:
    """Whether `make set-up-synapse` was run."""
    return PYTHON.exists()


class Homeserver:
    """A context manager; what it remembers is in `folder` and outlives a restart."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None
        (folder / "homeserver.yaml").write_text(json.dumps(configuration(folder, self.port)))

    def start(self) -> None:
        """Start it and wait until it answers."""
        if not is_there():
            raise FileNotFoundError(LACKING)
        line = [str(PYTHON), "-c", MAIN, "-c", "homeserver.yaml"]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                line, cwd=self.folder, stdin=subprocess.PIPE, stdout=log, stderr=log, start_new_session=True
            )
        end = time.monotonic() + LIMIT_S
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"Synapse did not start:\n{self.said[-3000:]}")
            time.sleep(LOOK_S)

    def _answers(self) -> bool:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{self.url}/health", timeout=5) as answer:
            return bool(answer.status == 200)
        return False

    def kill(self) -> None:
        """Without warning."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """As an operator does."""
        self._end(signal.SIGTERM)

    def restart(self) -> None:
        """Kill it and start it again on the same port."""
        self.kill()
        self.start()

    def _end(self, number: int) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        process.wait(LIMIT_S)
        assert process.stdin
        process.stdin.close()

    @property
    def pid(self) -> int:
        assert self._process
        return self._process.pid

    @property
    def said(self) -> str:
        """Its log."""
        return (self.folder / "log").read_text(encoding="utf-8", errors="replace")

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


@cache
def homeserver() -> Homeserver:
    """Return the running one that all tests of this process share."""
    folder = Path(tempfile.mkdtemp(prefix="resight-synapse-"))
    shared = Homeserver(folder)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(shared.kill)
    shared.start()
    return shared


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def configuration(folder: Path, port: int) -> dict[str, Any]:
    """Return what Synapse reads."""
    limits = {"per_second": 10_000, "burst_count": 10_000}
    key = base64.b64encode(os.urandom(32)).decode().rstrip("=")
    (folder / "log.config").write_text(json.dumps(logging_of()))
    listener = {
        "port": port,
        "tls": False,
        "type": "http",
        "bind_addresses": ["127.0.0.1"],
        "resources": [{"names": ["client", "media"], "compress": False}],
    }
    return {
        "server_name": SERVER,
        "public_baseurl": f"http://127.0.0.1:{port}/",
        "pid_file": str(folder / "pid"),
        "listeners": [listener],
        "database": {"name": "sqlite3", "args": {"database": str(folder / "db")}},
        "media_store_path": str(folder / "media"),
        "log_config": str(folder / "log.config"),
        "signing_key": f"ed25519 a_test {key}",
        "registration_shared_secret": SECRET,
        "macaroon_secret_key": "m",
        "form_secret": "f",
        "bcrypt_rounds": 4,
        "report_stats": False,
        "trusted_key_servers": [],
        "suppress_key_server_warning": True,
        "federation_domain_whitelist": [],
        "url_preview_enabled": False,
        "thumbnail_sizes": [],
        "presence": {"enabled": False},
        "caches": {"sync_response_cache_duration": 0},  # or who asks twice "how far are we?" gets the old answer
        "stats": {"enabled": False},
        "enable_search": False,
        "user_directory": {"enabled": False, "search_all_users": False},
        "push": {"enabled": False},
        "max_upload_size": "100M",
        "rc_message": limits,
        "rc_registration": limits,
        "rc_login": {"address": limits, "account": limits, "failed_attempts": limits},
        "rc_joins": {"local": limits},
        "rc_joins_per_room": limits,
        "rc_invites": {"per_room": limits, "per_user": limits, "per_issuer": limits},
        "rc_admin_redaction": limits,
        "rc_room_creation": limits,
        "rc_media_create": limits,
        "rc_reports": limits,
    }


def logging_of() -> dict[str, Any]:
    """Warnings only: a line a request would be most of what it writes."""
    form = {"format": "%(asctime)s %(name)s %(levelname)s %(message)s"}
    out = {"class": "logging.StreamHandler", "formatter": "plain"}
    return {
        "version": 1,
        "formatters": {"plain": form},
        "handlers": {"out": out},
        "root": {"level": "WARNING", "handlers": ["out"]},
        "disable_existing_loggers": False,
    }
