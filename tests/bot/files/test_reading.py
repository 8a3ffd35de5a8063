"""What a manifest of a stranger names may have no end, or never begin."""

import os
from pathlib import Path
from threading import Thread

import pytest

from bot.files.manifest import read_search
from bot.files.reading import read_file
from core.errors import DataError


def test_a_pipe_that_nobody_writes_to_is_told(tmp_path: Path) -> None:
    """Opening it would wait for ever, and the rest of the batch with it."""
    os.mkfifo(tmp_path / "a.jpg")
    with pytest.raises(OSError, match="nothing came out"):
        read_file(tmp_path / "a.jpg", 100, silent_s=0.1)


def test_what_is_written_to_a_pipe_is_read(tmp_path: Path) -> None:
    """As the shell's `<(command)` does it."""
    pipe, data = tmp_path / "pipe", os.urandom(300_000)
    os.mkfifo(pipe)
    writer = Thread(target=pipe.write_bytes, args=(data,))
    writer.start()
    assert read_file(pipe, 1 << 20) == data
    writer.join()


def test_of_a_file_without_an_end_no_more_is_read_than_may_be() -> None:
    """One byte above the limit says that there is more."""
    assert len(read_file(Path("/dev/zero"), 1_000)) == 1_001


def test_a_manifest_without_an_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before it fills the memory."""
    monkeypatch.setattr("bot.files.tables.MOST_BYTES", 1 << 20)
    with pytest.raises(DataError, match="larger than 1 MB"):
        read_search(Path("/dev/zero"))
