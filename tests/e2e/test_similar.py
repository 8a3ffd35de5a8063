"""Similar images on the real command line: embedded when first asked for, exchanged, compared in another way."""

from pathlib import Path

import pytest

from lab.drawings.demo import demo_set, jpeg
from tests.e2e.command import resight

KEYS = ("five-koi", "river-city", "tin-duke", "quillbird")


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four drawings, and one of them made smaller."""
    folder = tmp_path_factory.mktemp("drawings")
    for one in demo_set():
        if one.key in KEYS:
            (folder / f"{one.key}.jpg").write_bytes(jpeg(one.draw()))
    small = next(one for one in demo_set() if one.key == KEYS[0]).draw().resize((320, 240))
    (folder.parent / "small.jpg").write_bytes(jpeg(small))
    return folder


def test_similar_images_from_the_command_line(images: Path, tmp_path: Path) -> None:
    """The nearest is told with its score; another second model embeds all anew, another metric has its own units."""
    home, query = tmp_path / "data", images.parent / "small.jpg"
    added = resight(home, "add", images)
    off = resight(home, "search", query, "--similar")
    first = resight(home, "search", query, "--similar", "--json", RESIGHT_SEMANTIC_MODEL="classic")
    second = resight(home, "search", query, "--similar", "--json", RESIGHT_SEMANTIC_MODEL="sscd_distilled")
    compared = resight(home, "collections", "compare", "library", "--metric", "manhattan", "--similar-at", "20",
                       RESIGHT_SEMANTIC_MODEL="sscd_distilled")  # fmt: skip
    third = resight(home, "search", query, "--similar", "--json", RESIGHT_SEMANTIC_MODEL="sscd_distilled")

    assert added.code == 0, added.sentence
    assert (off.code, "RESIGHT_SEMANTIC_MODEL" in off.sentence) == (3, True)
    for told, metric in ((first, "cosine"), (second, "cosine"), (third, "manhattan")):
        assert told.code == 0, told.sentence
        (line,) = told.lines
        assert line["similar"][0]["key"] == f"{images.name}/five-koi.jpg", line
        assert line["similar"][0]["metric"] == metric
    assert compared.code == 0, compared.sentence
    assert 0 <= third.lines[0]["similar"][0]["score"] < 20 <= 21


def test_bad_questions_get_one_sentence(images: Path, tmp_path: Path) -> None:
    """Words for a model that knows none, no picture, both at once: the reason and the right exit code."""
    home = tmp_path / "data"
    resight(home, "add", images)
    wordless = resight(home, "search", "--text", "a koi", RESIGHT_SEMANTIC_MODEL="classic")
    unknown = resight(home, "search", "--text", "a koi", RESIGHT_SEMANTIC_MODEL="gpt")
    both = resight(home, "search", images, "--text", "a koi", RESIGHT_SEMANTIC_MODEL="classic")

    assert (wordless.code, "knows no words" in wordless.sentence) == (3, True)
    assert (unknown.code, "gpt" in unknown.sentence) == (2, True)
    assert (both.code, "--text" in both.sentence) == (2, True)
