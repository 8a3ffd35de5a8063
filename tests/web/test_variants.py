"""Acting on variants of one reference, on the page of a case and in the API: chosen, shown, taken back."""

import io
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from core.access import Scope
from core.cases import Policy
from core.looks import Look
from core.matches import Difference, Evidence
from core.types import Content, How, Mode, What, reference_id
from lab.hard_negatives import Pair, make
from store.sql.tokens import SqlTokens
from tests.web.fakes import Desk, copy_of, desk, found, saved
from tests.web.test_api import call
from tests.web.test_openapi import check
from web.context import CHANNEL

PAGE = "/api/collections/library/references/page/variants"
HERE = f"{PAGE}?community=web:web"
READ = Difference(
    what=What.WORDS, how=How.EXCHANGED, area=0.1, box=(0.1, 0.8, 0.9, 0.95), before="DAD", after="<b>MOM</b>"
)


@cache
def pair() -> Pair:
    """A meme, and the same meme with other words."""
    return make("same_template", [], 1, 1)[0]


def variant(quality: int) -> bytes:
    buffer = io.BytesIO()
    pair().query.save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


def reading(check: Callable[..., Any], content: Content | None = None) -> Callable[..., Any]:
    """The pair check as it is, and in every pair the same words by name, as if there were a reader.

    What it says of the content stays, unless a test wants something else said.
    """

    async def verify(look: Look, pairs: Sequence[Any], *rest: Any, **more: Any) -> list[Evidence | None]:
        seen = await check(look, pairs, *rest, **more)
        return [one and replace(one, content=content or one.content, differs=(READ,)) for one in seen]

    return verify


@pytest.fixture
async def front(home: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    """The channel enforces, and its moderators have called the known page a violation."""
    async with desk(home) as running:
        known = saved(pair().reference, "PNG")
        await running.know(known, key="page", title="Best <i>")
        await running.services.policies.set(CHANNEL, Policy(mode=Mode.ENFORCE), "ann")
        await posted(running, known)
        await running.submit("/case/1/decision", page="/channel", decision="violation")
        monkeypatch.setattr(running.services.runner, "verify", reading(running.services.runner.verify))
        yield running


async def posted(front: Desk, image: bytes) -> str:
    """Post an image and let it be checked; the feed."""
    await front.submit("/channel", image, name="Ada")
    await front.settle()
    return await front.page("/channel")


async def test_a_variant_is_removed_once_the_moderators_chose_so(front: Desk) -> None:
    """Nothing is done to a template, its card says what differs; chosen, the next one goes; taken back, it stays."""
    text = await posted(front, variant(80))
    card = text[: text.index('id="case-1"')]
    assert "Nothing was done." in card
    assert "The words differ: “DAD” became “&lt;b&gt;MOM&lt;/b&gt;”." in card
    assert "moderators chose" not in card

    status, text = await front.submit("/case/2/variants", page="/case/2", variants="on")
    assert status == 200
    assert "Variants of this image count as matches in this community: Ada chose so." in text

    text = await posted(front, variant(81))
    assert "This picture was removed." in text[: text.index('id="case-2"')]
    page = await front.page("/case/3")
    assert "Your moderators chose to act on its variants" in page
    assert (await front.services.cases.get(3)).verdict.reason == "variant"

    status, text = await front.fragment("/case/3/variants", page="/case/3", variants="off")
    assert (status, "Ada chose so" in text, "Act on variants" in text) == (200, False, True)
    await posted(front, variant(82))
    assert (await front.services.cases.get(4)).actions == ()
    assert "Nothing was done." in await front.page("/case/4")


async def test_what_could_not_be_told_is_for_a_person(front: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sure copy that may show something else is flagged, and its card says why; one of the same is removed."""
    copies = [copy_of(saved(pair().reference, "PNG"), quality) for quality in (70, 80)]
    plain = type(front.services.runner).verify
    for content in (Content.UNSETTLED, Content.SAME):
        check = partial(plain, front.services.runner)
        monkeypatch.setattr(front.services.runner, "verify", reading(check, content))
        await posted(front, copies.pop())
    doubtful, settled = await front.page("/case/2"), await front.page("/case/3")

    assert "What differs is too small or too blurred to tell, so nothing is done without a moderator." in doubtful
    assert "<strong>Flag</strong>: done" in doubtful
    assert "too blurred" not in settled
    assert "<strong>Remove</strong>: done" in settled


async def test_the_pictures_say_what_is_outlined(front: Desk) -> None:
    """The third picture and its alternative text tell of what was exchanged; in Chinese, too."""
    await posted(front, variant(80))
    page, chinese = await front.page("/case/2"), await front.page("/case/2?lang=zh")

    assert "orange. What was exchanged is outlined in magenta." in page
    assert "what was exchanged, in magenta</figcaption>" in page
    assert '<polygon class="exchanged" points="' in page
    assert "文字不同：“DAD”变成了“&lt;b&gt;MOM&lt;/b&gt;”。" in chinese
    assert "变体也处理" in chinese
    async with front.client.get("/case/2/difference.jpg") as answer:
        with Image.open(io.BytesIO(await answer.read())) as image:
            red, green, blue = np.asarray(image.convert("RGB")).transpose(2, 0, 1)
    assert ((red > 150) & (green < 90) & (blue > 110)).any()


async def test_the_chat_says_what_differs(front: Desk) -> None:
    """Who asks hears it, too, and no word of what moderators chose."""
    await front.submit("/case/1/undo", page="/channel")
    await posted(front, variant(80))
    await front.submit("/case/2/variants", page="/case/2", variants="on")
    _, text = await front.fragment("/", variant(85))

    assert "The words differ: “DAD” became “&lt;b&gt;MOM&lt;/b&gt;”." in text
    assert "moderators" not in text
    assert "Needs a look" in text


async def test_a_card_that_is_open_elsewhere_follows(front: Desk) -> None:
    """The mark of a card changes with the choice, so that a page which polls shows it."""
    await posted(front, variant(80))
    before = found(r'name="seen" value="([0-9a-f]+)"', await front.page("/case/2"))
    await front.submit("/case/2/variants", page="/case/2", variants="on")

    async with front.client.get(f"/case/2?seen={before}", headers={"HX-Request": "true"}) as answer:
        assert answer.status == 200
        assert "Leave variants alone again" in await answer.text()


async def test_it_is_offered_for_templates_only(front: Desk) -> None:
    """Of a copy there is nothing to choose, nor with words that are no choice, nor of what was removed."""
    assert "Act on variants" not in await front.page("/case/1")
    await posted(front, variant(80))
    token = await front.csrf("/case/2")
    for path, said, expected in (("/case/1", "on", 404), ("/case/2", "yes", 400), ("/case/99", "on", 404)):
        async with front.client.post(f"{path}/variants", data={"csrf": token, "variants": said}) as answer:
            assert answer.status == expected
    await front.services.references.remove("library", ["page"])
    status, text = await front.fragment("/case/2/variants", page="/case/2", variants="on")

    assert (status, "The known image is not there any more" in text) == (409, True)


async def test_a_foreign_page_chooses_nothing(front: Desk) -> None:
    """The form needs its token, like every decision."""
    await posted(front, variant(80))
    async with front.client.post("/case/2/variants", data={"variants": "on"}) as answer:
        assert answer.status == 403

    assert await front.services.choices.variants(CHANNEL) == frozenset()


async def test_the_api_chooses_for_a_community(front: Desk) -> None:
    """Put and delete say how it stands; the case that follows is a match with that reason, and tells what differs."""
    made = await call(front, "PUT", HERE, json={"by": "ann"})
    check("Choice", made)
    assert (made["platform"], made["community"], made["variants"], made["by"]) == ("web", "web", True, "ann")
    assert await front.services.choices.variants(CHANNEL) == {reference_id("library", "page")}
    await posted(front, variant(80))
    case = await call(front, "GET", "/api/cases/2")
    check("Case", case)

    assert (case["reason"], case["matches"][0]["content"]) == ("variant", "other")
    assert case["matches"][0]["differs"] == [
        {
            "what": "words",
            "how": "exchanged",
            "area": 0.1,
            "box": [0.1, 0.8, 0.9, 0.95],
            "before": "DAD",
            "after": "<b>MOM</b>",
        }
    ]
    undone = await call(front, "DELETE", HERE)
    check("Choice", undone)
    assert (undone["variants"], undone["by"]) == (False, "api")


@pytest.mark.parametrize(
    "path, status",
    [
        (PAGE, 400),
        (f"{PAGE}?community=nowhere:1", 400),
        (HERE.replace("page", "none"), 404),
        (HERE.replace("library", "none"), 404),
    ],
)
async def test_the_api_says_what_is_wrong(front: Desk, path: str, status: int) -> None:
    """No community, one that is none, and what is not there."""
    check("Error", await call(front, "PUT", path, status))


async def test_a_token_of_one_community_chooses_at_home(front: Desk) -> None:
    """Without saying where, of what is shared, too; for another community it may not, and without its scope neither."""
    tokens = SqlTokens(front.services.cases._db, front.clock)  # type: ignore[attr-defined]  # the same database
    ours = await tokens.create("ours", [Scope.MODERATE], timedelta(days=1), "ann", "web:web")
    reader = await tokens.create("reader", [Scope.READ], timedelta(days=1), "ann", "")
    asked = []
    for secret, path in ((ours, PAGE), (ours, f"{PAGE}?community=discord:1"), (reader, HERE)):
        async with front.client.put(path, headers={"Authorization": f"Bearer {secret}"}) as answer:
            asked.append(answer.status)
    (choice,) = await front.services.choices.about(reference_id("library", "page"))

    assert asked == [200, 403, 403]
    assert (choice.community, choice.by) == ("web", "ours")
