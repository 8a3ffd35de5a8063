"""Rows from folders and tables: what people save is read as they meant it, or told with the way out."""

import codecs
import csv
import io
import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.files.manifest import AddRow, add_rows, class_rows, read_add, read_labelled, read_search, search_rows
from core.errors import DataError, UsageError
from embed.decode import video
from handlers.sheet import DELIMITERS, sheet_of

NEEDED = ("key", "path")
TITLE = "Größe №0 日本, “five”"
LEFTOVER = "more cells than there are columns"


def manifest(folder: Path, data: bytes, name: str = "list.csv") -> Path:
    (folder / "pics").mkdir(exist_ok=True)
    (folder / "pics" / "p0.png").touch()
    (folder / name).write_bytes(data)
    return folder / name


def said(rows: Sequence[AddRow]) -> list[tuple[str, str | None, str, str]]:
    return [(row.entry.key, row.entry.title, row.path.name, row.problem) for row in rows]


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


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("key,path,title", f'k0,pics/p0.png,"{TITLE}"'),
        ("key;path;title", f"k0;pics/p0.png;{TITLE}"),
        ("key\tpath\ttitle", f"k0\tpics/p0.png\t{TITLE}"),
        ("key|path|title", f"k0|pics/p0.png|{TITLE}"),
        ("sep=;\r\nkey;path;title", f"k0;pics/p0.png;{TITLE}"),
        ("Key , PATH,Title", f'k0 , pics/p0.png,"{TITLE}"'),
        ("\r\n,,\r\nkey,path,title,,", f'k0,pics/p0.png,"{TITLE}",,'),
        ("key,path,title", f'k0,pics\\p0.png,"{TITLE}"'),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_what_spreadsheets_save_is_read(tmp_path: Path, header: str, row: str, encoding: str) -> None:
    """Separators, Excel's first line, capitals, empty columns and rows, backslashes; in any encoding with a mark."""
    nothing = 2 * next(one for one in "\t;|," if one in header)
    data = f"{header}\r\n{row}\r\n{nothing}\r\n\r\n".encode(encoding)
    rows = read_add(manifest(tmp_path, data), "library")

    assert said(rows) == [("k0", TITLE, "p0.png", "")]
    assert rows[0].path.exists()


@given(
    st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), min_size=2)),
    st.sampled_from(DELIMITERS),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_no_cell_is_cut_or_joined(table: list[list[str]], delimiter: str, end: str) -> None:
    """Whatever a writer of CSV wrote comes back cell by cell, whichever characters separate lines elsewhere."""
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL).writerows([NEEDED, *table])
    wanted = [[cell.strip() for cell in row] for row in table if any(cell.strip() for cell in row)]
    found = list(sheet_of(file.getvalue(), set(NEEDED).issubset).lines)

    assert [[line.cells["key"], line.cells["path"]] for line in found] == [row[:2] for row in wanted]
    assert [line.surplus for line in found] == [sum(map(bool, row[2:])) for row in wanted]


def test_odd_separators_belong_to_their_cell(tmp_path: Path) -> None:
    """A title with U+2028, U+0085 or a vertical tab in it is one title, and no row is lost."""
    titles = ["one\u2028two", "three\vfour\x85five"]
    text = "key,path,title\n" + "".join(f"k{at},pics/p0.png,{one}\n" for at, one in enumerate(titles))

    assert [row.entry.title for row in read_add(manifest(tmp_path, text.encode()), "library")] == titles


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"PK\x03\x04\x14\0\x06\0", "is a workbook under another name: save it as 'CSV UTF-8'"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is a workbook under another name"),
        (
            "key,path,title\nk,p,Größe\n".encode("cp1252"),
            r"not UTF-8 text \(line 2\): save it as 'CSV UTF-8'.*gb18030",
        ),
        ("key,path,title\nk,p,五条锦鲤\n".encode("gbk"), "not UTF-8 text .*--encoding"),
        ("key,path\n".encode("utf-16-le"), "encoding without a mark"),
        (b'key,path\n"k,pics/p0.png\nl,pics/p0.png\n', 'damaged at line .*a quote " that nothing closes'),
        (b"key,path,key\n", "the column 'key' twice"),
        (b"name;file\na;b\n", r"lacks the column key and path; it has: name, file\."),
        (b"", "it has: none"),
    ],
)
def test_what_is_no_table_is_told_with_the_way_out(tmp_path: Path, data: bytes, told: str) -> None:
    """Workbooks, old encodings, open quotes: nobody guesses, and the sentence says what to do."""
    with pytest.raises(DataError, match=f"(?s){told}"):
        read_add(manifest(tmp_path, data), "library")


@pytest.mark.parametrize(("encoding", "title"), [("gbk", "五条锦鲤"), ("cp1252", "Größe"), ("utf-16-le", "Größe")])
def test_an_encoding_may_be_named(tmp_path: Path, encoding: str, title: str) -> None:
    """What has no mark is read as the operator says; a mark knows better, and an unknown name is told."""
    text = f"key,path,title\nk0,pics/p0.png,{title}\n"
    plain, marked = (
        manifest(tmp_path, text.encode(encoding)),
        manifest(tmp_path, codecs.BOM_UTF8 + text.encode(), "m.csv"),
    )

    for file in (plain, marked):
        assert said(read_add(file, "library", encoding)) == [("k0", title, "p0.png", "")]
    for unknown in ("klingon", "base64"):
        with pytest.raises(UsageError, match=f"no encoding '{unknown}'"):
            read_add(plain, "library", unknown)


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("k,https://example.org/a.png,", "'https://example.org/a.png' is an address"),
        ("k,file:///tmp/a.png,", "'file:///tmp/a.png' is an address"),
        ("k,,t", "the path is empty"),
        (",pics/p0.png,t", "the key is empty"),
        ("k,pics/p0.png,“Five koi”, large", LEFTOVER),
    ],
)
def test_a_bad_row_is_told_and_the_rest_is_done(tmp_path: Path, row: str, problem: str) -> None:
    """Addresses, holes and cells too many are problems of their row alone."""
    rows = read_add(manifest(tmp_path, f"key,path,title\n{row}\ngood,pics/p0.png,\n".encode()), "library")

    assert problem in rows[0].problem
    assert said(rows[1:]) == [("good", "", "p0.png", "")]


@pytest.mark.parametrize("column", ["key", "path", "title", "collection", "replace"])
def test_a_nul_in_a_cell_spoils_its_row_alone(tmp_path: Path, column: str) -> None:
    """The row is told with its line and the cell, and all others are done."""
    cells = {"key": "k", "path": "pics/p0.png", "title": "koi", "collection": "", "replace": ""}
    broken = ",".join((cells | {column: f"{cells[column]}\0a"}).values())
    text = f"{','.join(cells)}\nfirst,pics/p0.png,,,\n{broken}\nlast,pics/p0.png,,,\n"
    rows = read_add(manifest(tmp_path, text.encode()), "library")

    assert [bool(row.problem) for row in rows] == [False, True, False]
    assert (rows[1].where, f"the {column} has a NUL" in rows[1].problem) == ("line 3", True)
    assert not any("\0" in f"{row.path}{row.entry}" for row in rows)


def test_a_nul_in_a_row_of_a_search_spoils_it_alone(tmp_path: Path) -> None:
    """So it is with `search` and with labels."""
    file = manifest(tmp_path, b"id,path,label\n1,pics/p0.png,a\n2,pics/p\x000.png,b\n3,pics/p0.png,c\n")

    for rows in (read_search(file), read_labelled(file, "library")):
        assert [row.problem.split(" NUL")[0] for row in rows] == ["", "the path has a", ""]


def test_searches_and_labels_are_read_the_same_way(tmp_path: Path) -> None:
    """One reader for every table: dialects, encodings and bad rows of `search` and `import --csv`."""
    text = "ID;Path;Label\r\n1;pics\\p0.png;koi\r\n2;https://example.org/a.png;koi\r\n;;\r\n"
    file = manifest(tmp_path, text.encode("utf-16"))
    searched, labelled = read_search(file), read_labelled(file, "library")

    assert [(row.id, row.path.exists(), bool(row.problem)) for row in searched] == [
        ("1", True, False),
        ("2", False, True),
    ]
    assert [(row.entry.key, row.entry.title, bool(row.problem)) for row in labelled] == [
        ("1", "koi", False),
        ("2", "koi", True),
    ]
    assert searched[1].shown == "https://example.org/a.png"


def test_absent_and_empty_are_not_the_same(tmp_path: Path) -> None:
    """Of a column or cell that is not there nothing is said; an empty one says that there is nothing."""
    rows = read_add(manifest(tmp_path, b"key,path,title,owner\na,pics/p0.png,,Ann\nb,pics/p0.png\n"), "library")

    assert [(row.entry.title, row.entry.owner, row.entry.note) for row in rows] == [
        ("", "Ann", None),
        (None, None, None),
    ]


@pytest.mark.parametrize(("cell", "is_on"), [("yes", True), ("TRUE", True), ("1", True), ("no", False), ("", False)])
def test_a_manifest_may_say_replace(tmp_path: Path, cell: str, is_on: bool) -> None:
    """Row by row; what is neither yes nor no is told."""
    (row,) = read_add(manifest(tmp_path, f"key,path,replace\nk,pics/p0.png,{cell}\n".encode()), "library")
    (unclear,) = read_add(manifest(tmp_path, b"key,path,replace\nk,pics/p0.png,perhaps\n"), "library")

    assert (row.replacing, row.problem) == (is_on, "")
    assert "yes or no" in unclear.problem


def test_a_key_says_from_which_folder_a_file_came(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder's name and the way below it, however the folder is named; the former key lacked the name."""
    for name in ("acme/logo.jpg", "acme/old/logo.jpg", "beta/logo.jpg"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    monkeypatch.chdir(tmp_path / "acme")
    wanted = [("acme/logo.jpg", "logo.jpg"), ("acme/old/logo.jpg", "old/logo.jpg"), ("beta/logo.jpg", "logo.jpg")]

    for folders in ((tmp_path / "acme", tmp_path / "beta"), (Path(), Path("../beta"))):
        assert [(row.entry.key, row.former) for row in add_rows(folders, "library", {})] == wanted
    assert [row.entry.title for row in class_rows(tmp_path, "library")] == ["acme", "acme", "beta"]
    assert [row.entry.key for row in add_rows([Path("logo.jpg")], "library", {})] == ["logo.jpg"]


def test_names_that_are_no_text_are_written(tmp_path: Path) -> None:
    """Bytes that are no UTF-8, escapes, line ends: the file is taken, and its key is text on one line."""
    for name in (b"caf\xe9.png", b"\x1b[31mred.png", b"two\nlines.png"):
        (tmp_path / os.fsdecode(name)).touch()
    rows = search_rows([tmp_path])

    assert {row.id for row in rows} == {"caf%E9.png", "%1B[31mred.png", "two%0Alines.png"}
    assert all(row.path.exists() for row in rows)


def test_a_folder_without_pictures_is_told(tmp_path: Path) -> None:
    """Nothing to look at must not look like nothing found."""
    (tmp_path / "notes.txt").touch()

    assert [row.problem for row in search_rows([tmp_path])] == ["there is no picture in this folder"]
    assert [row.problem for row in add_rows([tmp_path], "library", {})] == ["there is no picture in this folder"]


def test_an_address_on_the_command_line_is_told() -> None:
    """A path has lost one of its slashes by then, and is recognised all the same."""
    (row,) = search_rows([Path("https://example.org/a.png")])

    assert "is an address" in row.problem


def test_pictures_of_a_folder_that_are_not_looked_at_are_told(tmp_path: Path) -> None:
    """A phone's HEIC among JPEGs is a row of its own, so nobody takes the folder for looked at."""
    for name in ("a.jpg", "b.HEIC", "c.jxl", "notes.txt"):
        (tmp_path / name).write_bytes(b"x")

    assert [row.path.name for row in search_rows([tmp_path])] == ["a.jpg", "b.HEIC", "c.jxl"]
