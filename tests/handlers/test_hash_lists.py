"""Lists of hashes: whatever somebody sends, the good rows come out and the bad ones have a sentence each."""

import csv
import io
import json
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import DataError
from core.looks import PdqHash
from handlers.hash_lists import COLUMNS, BadRow, Form, HashList, HashRow, read, write
from handlers.references import MAX_KEY, Entry

A, B = "68cb9f6de45c5d987781a8dd64e25f0b2f17d3b260f2884d34ac27292fd154a2", "0f" * 32
LISTED = (Form.CSV, Form.JSON, Form.JSONL)

separators = st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t\x0b\x85")
words = st.text(separators, max_size=40).map(str.strip)
letters = st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"])
names = st.text(letters, max_size=40).map(str.strip).filter(bool)
rows = st.builds(
    HashRow,
    where=st.just(""),
    entry=st.builds(
        Entry,
        key=names,
        collection=names,
        title=words,
        source_url=st.sampled_from(["", "https://example.org/a", "http://example.org/?q=1,2"]),
        owner=words,
        rights=words,
        note=words,
    ),
    hash=st.builds(PdqHash, bits=st.binary(min_size=32, max_size=32), quality=st.integers(0, 100)),
    sha256=st.one_of(st.just(""), st.binary(min_size=32, max_size=32).map(bytes.hex)),
)


def hashes(found: HashList) -> list[str]:
    assert found.bad == ()
    return [row.hash.hex for row in found.rows]


def sentences(found: HashList) -> dict[str, str]:
    return {row.where: row.sentence for row in found.bad}


@given(st.lists(rows, max_size=5), st.sampled_from(LISTED))
def test_what_is_written_is_read_back(given_rows: list[HashRow], form: Form) -> None:
    """Every word in whatever script, with commas, quotes and line breaks in it, survives; nothing is bad or skipped."""
    found = read(write(given_rows, form), form)

    assert [replace(row, where="") for row in found.rows] == given_rows
    assert (found.bad, found.skipped) == ((), 0)


@given(st.text(), st.sampled_from(Form))
def test_any_text_is_read_or_refused_in_one_sentence(text: str, form: Form) -> None:
    """Nothing that a file may hold makes it stumble."""
    refused_in_a_sentence(text, form)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists, max_leaves=5))
def test_any_json_is_read_or_refused_in_one_sentence(value: object) -> None:
    """Whatever stands where a list, a hash, a key or an owner should be."""
    for document in (value, [value], {"data": [value]}, [{"hash": value}], [{"hash": A, "id": value, "owner": value}]):
        refused_in_a_sentence(json.dumps(document), Form.JSON)


@given(st.lists(st.lists(st.sampled_from(["hash", A, A[:-1], "", '"', "101", "key", "\x00", "type"])), max_size=4))
def test_any_table_is_read_or_refused_in_one_sentence(table: list[list[str]]) -> None:
    """Rows that are too short, too long or broken off in a quote."""
    refused_in_a_sentence("\n".join(["hash,quality,type", *map(",".join, table)]), Form.CSV)


def refused_in_a_sentence(text: str, form: Form) -> None:
    try:
        said = [row.sentence for row in read(text, form).bad]
    except DataError as error:
        said = [str(error)]
    assert all(re.fullmatch(r"(?s).+[.]", one) for one in said), said


def test_a_table_needs_its_hashes_only() -> None:
    """One column is enough: the key is the hash, the collection the default, the quality the best."""
    found = read(f"hash\n{A}\n{B.upper()}\n", Form.CSV)

    said = [(row.where, row.entry.key, row.entry.collection, row.hash) for row in found.rows]
    assert said == [("line 2", A, "library", PdqHash.of_hex(A)), ("line 3", B, "library", PdqHash.of_hex(B))]


def test_a_table_may_say_more() -> None:
    """Columns go by their names in any order and case, and unknown ones are passed over."""
    text = f'Quality,ID,PDQ,title,colour,sha256\n 77 , k-1 ,{A},"Koi, five",red,{B.upper()}\n'
    (row,) = read(text, Form.CSV).rows

    assert (row.entry.key, row.entry.title, row.hash.quality, row.sha256) == ("k-1", "Koi, five", 77, B)


def test_plain_lines() -> None:
    """A hash a line, perhaps with its quality and a key; comments and empty lines are none."""
    text = f"# from a friend\n{A}\r\n\n{B},60,a,b # told so\n{A},,third\n"
    found = read(text, Form.TXT)

    assert [(row.where, row.entry.key, row.hash.quality) for row in found.rows] == [
        ("line 2", A, 100),
        ("line 4", "a,b", 60),
        ("line 5", "third", 100),
    ]


@pytest.mark.parametrize(
    "document",
    [
        [A, B],
        {"data": [A, {"hash": B}], "paging": {"next": "x"}},
        [{"pdq": A, "title": None}, {"pdq_hash": B}],
        [{"type": "HASH_PDQ", "indicator": A}, {"type": "pdq", "value": B}],
        [{"signal_type": "PDQ", "raw_indicator": A}, {"hash_type": "ImagePDQ", "VALUE": B}],
    ],
)
def test_the_shapes_in_which_lists_come(document: object) -> None:
    """Plain hashes, objects, a list inside an object, and the field names of ThreatExchange."""
    assert hashes(read(json.dumps(document), Form.JSON)) == [A, B]


def test_an_object_a_line() -> None:
    """JSON Lines, empty lines between them."""
    assert hashes(read(f'{{"hash": "{A}"}}\n\n"{B}"\r\n', Form.JSONL)) == [A, B]


def test_an_owner_may_be_an_object_and_a_key_a_number() -> None:
    """ThreatExchange numbers its entries and names their owners in an object."""
    document = [{"id": 4711, "indicator": A, "owner": {"id": "1", "name": "Mira"}, "description": "seen in May"}]
    (row,) = read(json.dumps(document), Form.JSON).rows

    assert (row.entry.key, row.entry.owner, row.entry.note) == ("4711", "Mira", "seen in May")


def test_other_types_and_withdrawn_entries_are_skipped_and_counted() -> None:
    """An MD5, a video hash and what should be deleted are no bad rows, and are not added."""
    document = [
        {"type": "HASH_MD5", "indicator": "0cc175b9c0f1b6a831c399e269772661"},
        {"type": "HASH_TMK", "indicator": "x"},
        {"type": "HASH_PDQ", "indicator": A, "should_delete": True},
        {"type": "HASH_PDQ", "indicator": B, "should_delete": False},
    ]
    found = read(json.dumps(document), Form.JSON)

    assert (hashes(found), found.skipped) == ([B], 3)


def test_bad_rows_are_told_and_the_others_used() -> None:
    """Each with its line and one sentence that says what is wrong."""
    lines = [
        "hash,quality,id,source_url,sha256",
        f"{A},50,good,,",
        f"{A[:-1]},50,short,,",
        ",,none,,",
        f"{A},101,quality,,",
        f"{A},-1,quality,,",
        f"{A},,url,javascript:x,",
        f"{A},,sha,,abc",
        f"{A},,{'k' * (MAX_KEY + 1)},,",
        f"{'g' * 64},,letters,,",
        f"{B},,last,,",
    ]
    found = read("\n".join(lines), Form.CSV)

    assert [row.entry.key for row in found.rows] == ["good", "last"]
    assert found.bad[0] == BadRow(
        where="line 3", key="short", sentence=f"'{A[:-1]}' is not a PDQ hash of 64 hexadecimal digits."
    )
    assert list(sentences(found)) == [f"line {number}" for number in range(3, 11)]
    for line, said in {4: "no hash", 5: "'101'", 6: "'-1'", 7: "http", 8: "SHA-256 of 64", 9: "1 to 200"}.items():
        assert said in sentences(found)[f"line {line}"]


def test_a_bad_line_of_json_does_not_stop_the_others() -> None:
    """Half a line, or a number where an object should be."""
    found = read(f'{{"hash": "{A}"}}\n{{"hash": \n7\n"{B}"', Form.JSONL)

    assert [row.hash.hex for row in found.rows] == [A, B]
    assert sentences(found) == dict.fromkeys(["line 2", "line 3"], "It is neither an object nor a hash.")


@pytest.mark.parametrize(
    ("text", "form", "said"),
    [
        ("", Form.CSV, "no column 'hash'; it has: none."),
        ("a,b\n1,2\n", Form.CSV, "no column 'hash'; it has: a, b."),
        (f'hash\n"{"x" * 200_000}"\n', Form.CSV, "damaged at line 2"),
        ("{", Form.JSON, "not JSON"),
        ("[" * 100_000, Form.JSON, "not JSON"),
        ("7", Form.JSON, "one list in it"),
        ('{"a": [], "b": []}', Form.JSON, "one list in it"),
    ],
)
def test_what_is_no_list_is_refused(text: str, form: Form, said: str) -> None:
    """A file of another kind is told as a whole, not row by row."""
    with pytest.raises(DataError, match=re.escape(said)):
        read(text, form)


def test_a_spreadsheet_s_dialect_is_read() -> None:
    """Semicolons, Excel's `sep=` and empty rows at the end mean what they mean elsewhere."""
    text = f'sep=;\r\nhash;title;\r\n{A};one\u2028two;\r\n{B};"a;b";\r\n;;\r\n'

    assert [(row.entry.key, row.entry.title) for row in read(text, Form.CSV).rows] == [(A, "one\u2028two"), (B, "a;b")]


def test_the_collection_that_was_asked_for_goes_before_the_list_s_own() -> None:
    """The operator's word counts more than the file's, and the file's more than the default."""
    text = f"hash,collection\n{A},theirs\n{B},\n"

    assert [row.entry.collection for row in read(text, Form.CSV).rows] == ["theirs", "library"]
    assert [row.entry.collection for row in read(text, Form.CSV, "mine").rows] == ["mine", "mine"]


def test_the_columns_are_in_a_fixed_order() -> None:
    """What is written begins with the names of all columns, also of no rows."""
    assert write([], Form.CSV) == ",".join(COLUMNS) + "\r\n"
    assert COLUMNS[:5] == ("key", "collection", "pdq", "quality", "sha256")


def test_a_plain_text_has_no_room_for_words() -> None:
    """Nothing is lost silently."""
    with pytest.raises(ValueError, match="no room"):
        write([], Form.TXT)


@pytest.mark.parametrize(
    "title", ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(1)", "\t=1", "'=1", "''+1", "plain", "'quoted'"]
)
def test_no_cell_is_a_formula(title: str) -> None:
    """A spreadsheet that opens the list runs nothing that somebody wrote into a title, and it reads back as it was."""
    row = HashRow(where="", entry=Entry(key="k", collection="c", title=title), hash=PdqHash(bits=bytes(32)), sha256="")
    written = write([row], Form.CSV)
    cells = next(iter(csv.DictReader(io.StringIO(written, newline=""))))

    assert not any(value[:1] in "=+-@\t\r" for value in cells.values() if value)
    assert [one.entry.title for one in read(written, Form.CSV).rows] == [title.strip()]
