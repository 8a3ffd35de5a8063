"""Rows from folders: pictures, and videos where they are looked at."""

from pathlib import Path

import pytest

from bot.manifest import search_rows
from embed.decode import video


@pytest.mark.parametrize("is_there", [True, False])
def test_videos_of_a_folder_are_taken_where_they_are_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_there: bool
) -> None:
    """Without the extra a folder of photographs and films ends in no complaint; a film that is named is tried."""
    monkeypatch.setattr(video, "find_spec", lambda _: is_there or None)
    for name in ("a.jpg", "b.MP4", "c.webm", "d.txt"):
        (tmp_path / name).touch()

    assert [row.id for row in search_rows([tmp_path])] == (["a.jpg", "b.MP4", "c.webm"] if is_there else ["a.jpg"])
    assert [row.id for row in search_rows([tmp_path / "b.MP4"])] == ["b.MP4"]
