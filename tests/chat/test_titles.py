"""What known images are called: as staff say, as the post says, or where they are from; and what is a collection."""

import pytest

from core.names import as_word
from core.wording import Words
from tests.chat.stage import Stage, known

EN = Words.of("en")


async def titles(stage: Stage, collection: str = "blocklist") -> list[str]:
    """The titles in a collection of the community's own."""
    name = f"{stage.platform}-{as_word(stage.space().community)}.{collection}"
    return [one.title for one in await stage.services.references.called(name, "", 50)]


async def add(stage: Stage, words: str, *pictures: bytes, about: object = None) -> str:
    """What is answered to /references add in words, or with these words as its title where nobody writes commands."""
    if stage.can.words_ask:
        return (await stage.answer("mo", *pictures, text=f"/references add {words}".strip(), about=about)).text
    if about:
        return (await stage.use("mo", "references add", about=about)).text
    options = {"title": words} if words else {}
    return (await stage.use("mo", "references add", picture=pictures[0], **options)).text


async def test_all_words_are_the_title(stage: Stage) -> None:
    """Several words make no collection of the first one."""
    told = await add(stage, "Elon giveaway scam", known())

    assert EN("said.added", count=1, collection="blocklist") in told
    assert EN("said.titled", title="Elon giveaway scam") in told
    assert await titles(stage) == ["Elon giveaway scam"]
    names = {one.name.rpartition(".")[2] for one in await stage.services.references.collections()}
    assert names == {"brands", "blocklist"}


async def test_the_post_says_the_title(stage: Stage) -> None:
    """Its first line, without links and names; the answer says how another one is given."""
    post = await stage.post("ann", known(), text="Double your coins https://scam.example @mo\nsend now")
    told = await add(stage, "", about=post)

    assert await titles(stage) == ["Double your coins"]
    how = "said.rename-reply" if stage.can.words_ask else "said.rename-command"
    assert EN(how, usage="/references rename") in told.replace("`", "")


async def test_a_picture_without_words_is_called_by_its_place(stage: Stage) -> None:
    """The name that an app gave it is no title."""
    post = await stage.post("ann", known())
    await add(stage, "", about=post)

    (title,) = await titles(stage)
    assert title.startswith(EN("title.of-place", where="", when="")[:10])
    assert "picture" not in title and "general" in title.lower()


async def test_a_title_of_its_own_is_kept(stage: Stage) -> None:
    """Whoever adds the same post again without a title does not rename it."""
    post = await stage.post("ann", known(), text="Double your coins")
    await add(stage, "", about=post)
    await stage.use("mo", "references rename", key="Double your coins", title="Coin scam")
    told = await add(stage, "", about=post)

    assert told == EN("said.added-before", collection="blocklist")
    assert await titles(stage) == ["Coin scam"]


@pytest.mark.parametrize(
    "words", ["Elon giveaway in my-scams", 'Elon giveaway in "My scams"', "Elon giveaway 到「my scams」"]
)
async def test_a_collection_may_be_named_last(stage: Stage, words: str) -> None:
    """In quotation marks, or where there is one of that name; else "in" is a word of the title."""
    if not stage.can.words_ask:
        return
    await add(stage, 'First collection="my scams"', known())
    await stage.use("mo", "references remove", key="First", collection="my scams")
    told = await add(stage, words, known())
    await add(stage, "Made in China", known())

    assert EN("said.titled", title="Elon giveaway") in told
    assert await titles(stage, "my-scams") == ["Elon giveaway"]
    assert await titles(stage) == ["Made in China"]


async def test_a_reply_renames(stage: Stage) -> None:
    """Below the post that was added, and below the answer; below another post nothing is renamed."""
    if not stage.can.words_ask:
        return
    post, other = await stage.post("ann", known(), text="Coins"), await stage.post("ann", known(), text="x")
    answer = await stage.answer("mo", text="/add", about=post)
    first = await stage.answer("mo", text="/rename Coin scam", about=post)
    second = await stage.answer("mo", text="/rename Coin scam, again", about=answer.native)
    nothing = await stage.answer("mo", text="/rename x", about=other)

    assert EN("said.renamed-before", title="Coins") in first.text
    assert EN("said.renamed-before", title="Coin scam") in second.text
    assert nothing.text == EN("said.nothing-added")
    assert await titles(stage) == ["Coin scam, again"]


@pytest.mark.parametrize("title", ["x" * 201, "‏‎"])
async def test_what_can_be_no_title_is_told(stage: Stage, title: str) -> None:
    """Too long, or nothing to be seen: the old title stays."""
    await add(stage, "Coins", known())
    told = await stage.use("mo", "references rename", key="Coins", title=title)

    assert told.text == EN("said.title-wrong", most=200)
    assert await titles(stage) == ["Coins"]
