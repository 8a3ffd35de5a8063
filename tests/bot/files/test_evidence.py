"""Evidence pictures as files: safe names, nothing outside of the folder, nothing replaced."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.files.evidence import LONGEST, EvidenceFolder, safe_name
from core.errors import DataError


@given(st.text(max_size=300) | st.sampled_from(["..", "/", "a/../b", "C:\\x", "nul\0byte", "a\nb", ".hidden", "-rf"]))
def test_any_id_becomes_a_file_name(name: str) -> None:
    """Neither a path nor hidden nor an option, neither empty nor too long; made safe once more it stays the same."""
    safe = safe_name(name)

    assert Path(safe).name == safe
    assert safe[0] not in ".-"
    assert 0 < len(safe.encode()) <= LONGEST
    assert safe.isprintable()
    assert safe_name(safe) == safe


def test_plain_ids_stay_as_they_are() -> None:
    """Who has named rows well finds the files by their names, in any script."""
    assert [safe_name(name) for name in ("post-17", "a_b.c", "图片 1", "Zoë")] == ["post-17", "a_b.c", "图片-1", "Zoë"]


def test_nothing_is_replaced(tmp_path: Path) -> None:
    """A file that is there stays; the same picture is not written twice, another one gets a number."""
    (tmp_path / "a.jpg").write_bytes(b"somebody's photograph")
    (tmp_path / "b.jpg").symlink_to(tmp_path / "elsewhere")
    folder = EvidenceFolder.opened(tmp_path)

    assert [folder.keep("a", b"one"), folder.keep("a", b"one"), folder.keep("a", b"two")] == [
        "a-2.jpg",
        "a-2.jpg",
        "a-3.jpg",
    ]
    assert folder.keep("b", b"three") == "b-2.jpg"
    assert (tmp_path / "a.jpg").read_bytes() == b"somebody's photograph"
    assert {path.name for path in tmp_path.iterdir()} == {"a.jpg", "a-2.jpg", "a-3.jpg", "b.jpg", "b-2.jpg"}


def test_different_ids_never_share_a_file(tmp_path: Path) -> None:
    """What became one name by being made safe is told apart by a number."""
    folder = EvidenceFolder.opened(tmp_path / "new")

    assert [folder.keep(name, name.encode()) for name in ("a/b", "a:b", "x" * 400, "x" * 401)] == [
        "a-b.jpg",
        "a-b-2.jpg",
        f"{'x' * LONGEST}.jpg",
        f"{'x' * LONGEST}-2.jpg",
    ]


def test_a_folder_that_vanishes_is_told(tmp_path: Path) -> None:
    """One sentence, as for a folder that can't be made."""
    folder = EvidenceFolder.opened(tmp_path / "new")
    (tmp_path / "new").rmdir()

    with pytest.raises(DataError, match="can't be written"):
        folder.keep("a", b"one")
