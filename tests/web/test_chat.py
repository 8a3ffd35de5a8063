"""The chat page: an image in, an answer out."""

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

import numpy as np
import pytest
from PIL import Image

from core.looks import PdqHash
from core.types import Collection, Outcome, Purpose, Reference
from core.wording import Words
from embed.pdq import pdq
from handlers import similar
from handlers.references import Prepared
from tests.web.conftest import KNOWN
from tests.web.fakes import BEARER, Desk, copy_of, found, picture

EN = Words.of("en")
AT = datetime(2026, 5, 1, tzinfo=UTC)


def hash_only(reference: Reference) -> Prepared:
    """A reference from a list of hashes."""
    hashes = (PdqHash(bits=bytes(range(32))),)
    nothing = np.empty((0, 256), np.float32)
    return Prepared(reference=reference, parts=(), vectors=nothing, materials=(), hashes=hashes)


async def test_a_copy_is_named_with_its_source(front: Desk) -> None:
    """A match says what it is, how sure, whose it is and where it came from."""
    status, text = await front.fragment("/", copy_of(KNOWN))

    assert status == 200
    assert "<html" not in text
    assert "This is an edited copy of “Harbour &lt;b&gt;”." in text
    assert "almost certainly" in text
    assert 'href="https://example.org/harbour" rel="noopener noreferrer' in text
    assert ">example.org<" in text and ">https://" not in text
    assert "Mira Studio" in text
    assert "CC BY" in text


async def test_both_pictures_are_shown(front: Desk) -> None:
    """The sent and the known picture stand side by side, both re-encoded by us."""
    _, text = await front.fragment("/", copy_of(KNOWN))

    for path in (found(r'src="(/media/[^"]+)"', text), found(r'src="(/references/[^"]+)"', text)):
        async with front.client.get(path) as answer:
            assert answer.content_type == "image/jpeg"
            assert (await answer.read()).startswith(b"\xff\xd8")


async def test_what_differs_is_shown(front: Desk) -> None:
    """A third picture, in words for those who don't see it, and gone with the sent one."""
    _, text = await front.fragment("/", copy_of(KNOWN))
    path = found(r'src="(/media/[^"]+)" alt="The matched part in gray', text)
    async with front.client.get(path) as answer:
        assert (await answer.read()).startswith(b"\xff\xd8")
    front.clock.turn(timedelta(hours=1, minutes=1))

    async with front.client.get(path) as answer:
        assert answer.status == 404


async def test_the_same_bytes_are_called_identical(front: Desk) -> None:
    """Known bytes need no look, and the page says that the file is the same."""
    _, text = await front.fragment("/", KNOWN)

    assert "Identical file" in text
    assert "/media/" not in text


@pytest.mark.parametrize(("language", "said"), [("en", "Known by its hash only."), ("zh", "只有它的哈希值。")])
async def test_what_is_known_by_its_hash_only_has_no_picture(front: Desk, language: str, said: str) -> None:
    """A match of a listed reference says so where its picture would be, and asks for none."""
    sent = picture(5)
    listed = Reference(key="k", collection="library", title="Listed", sha256=sha256(sent).hexdigest(), added_at=AT)
    await front.services.references.put([hash_only(listed)])
    status, text = await front.fragment(f"/?lang={language}", sent)

    assert status == 200
    assert "Listed" in text
    assert said in text
    assert "<img" not in text


@pytest.mark.parametrize(("purpose", "is_kept"), [(Purpose.ILLEGAL, False), (Purpose.BLOCKLIST, True)])
async def test_what_nobody_may_keep_is_not_kept_for_an_hour_either(
    front: Desk, purpose: Purpose, is_kept: bool
) -> None:
    """Who asks about it is told what it is, and what they sent is shown to nobody; of another list it is."""
    sent = picture(5)
    await front.services.references.create_collection(Collection(name="list", purpose=purpose))
    listed = Reference(key="k", collection="list", purpose=purpose, title="Listed", sha256="aa", added_at=AT)
    hashes = (pdq(np.asarray(Image.open(io.BytesIO(sent)).convert("RGB"))),)
    await front.services.references.put([replace(hash_only(listed), hashes=hashes)])
    _, text = await front.fragment("/", sent)

    assert "Listed" in text
    assert ("/media/" in text) == is_kept


async def test_a_picture_that_never_was_is_told(front: Desk) -> None:
    """Whoever asks for the picture of a listed reference reads why there is none; an unknown one is just not there."""
    listed = Reference(key="k", collection="library", added_at=AT)
    await front.services.references.put([hash_only(listed)])

    told = await front.client.get("/api/collections/library/references", headers=BEARER)
    assert [one["hash_only"] for one in (await told.json())["references"]] == [True, False]
    assert "known by its hash only" in await front.page(f"/references/{listed.id}.jpg")
    assert "只有哈希值" in await front.page(f"/references/{listed.id}.jpg?lang=zh")
    for number, status in ((listed.id, 404), (UUID(int=1), 404)):
        async with front.client.get(f"/references/{number}.jpg") as answer:
            assert answer.status == status
    assert "known by its hash" not in await front.page(f"/references/{UUID(int=1)}.jpg")


async def test_nothing_known_is_said_plainly(front: Desk) -> None:
    """A stranger gets one clear sentence."""
    status, text = await front.fragment("/", picture(2))

    assert status == 200
    assert "Nothing known" in text
    assert "None of the known images is in it." in text


async def test_no_picture_is_explained_in_one_sentence(front: Desk) -> None:
    """Bytes that are no image are not called clean."""
    _, text = await front.fragment("/", b"not a picture at all")

    assert "Could not be scanned" in text
    assert "Nothing known" not in text


async def test_without_scripts_the_page_answers(front: Desk) -> None:
    """A plain form post gives the whole page with the answer in the conversation."""
    status, text = await front.submit("/", copy_of(KNOWN))

    assert status == 200
    assert "<html" in text
    assert "Mira Studio" in text
    assert "sent.png" in text


async def test_an_address_is_looked_up(front: Desk) -> None:
    """An image can be given by its address."""
    _, text = await front.fragment("/", url="https://example.org/known.png")

    assert "Mira Studio" in text


async def test_a_refused_address_is_explained(front: Desk) -> None:
    """An address that is not visited gets its sentence in the conversation."""
    status, text = await front.fragment("/", url="http://10.0.0.1/x.png")

    assert status == 422
    assert "That address is not a public one." in text


async def test_other_addresses_than_web_ones_are_refused(front: Desk) -> None:
    """A file: address never reaches the downloader."""
    status, text = await front.fragment("/", url="file:///etc/passwd")

    assert status == 400
    assert "http://" in text


async def test_an_empty_form_is_explained(front: Desk) -> None:
    """Sending nothing is answered, with a page or with a fragment."""
    assert (await front.fragment("/"))[0] == 400
    status, text = await front.submit("/")

    assert status == 400
    assert "There was no image." in text


async def test_a_store_that_is_down_is_never_nothing_known(front: Desk) -> None:
    """No answer of the vector store is said as such, with the time to try again."""
    front.shelves.down = True
    token = await front.csrf()
    data = {"csrf": token, "image": io.BytesIO(picture(3))}
    async with front.client.post("/", data=data, headers={"HX-Request": "true"}) as answer:
        text = await answer.text()

        assert answer.status == 503
        assert answer.headers["Retry-After"]
        assert "Nothing known" not in text


async def test_the_page_speaks_chinese(front: Desk) -> None:
    """The browser's language counts, and the switch is remembered."""
    assert "我见过这张图片吗" in await front.page("/", **{"Accept-Language": "zh-CN,en;q=0.5"})
    assert 'lang="en"' in await front.page("/")
    assert "我见过这张图片吗" in await front.page("/?lang=zh")
    assert "我见过这张图片吗" in await front.page("/")


async def test_evidence_is_kept_for_matches_only(front: Desk) -> None:
    """A stranger's picture is not stored anywhere."""
    _, text = await front.fragment("/", picture(5))

    assert "/media/" not in text
    assert Outcome.CLEAN in text


async def test_evidence_goes_after_an_hour(front: Desk) -> None:
    """The sent picture of a chat answer expires."""
    _, text = await front.fragment("/", copy_of(KNOWN))
    front.clock.turn(timedelta(hours=1, minutes=1))
    await front.services.media.expire()

    async with front.client.get(found(r'src="(/media/[^"]+)"', text)) as answer:
        assert answer.status == 404


async def test_words_are_looked_for(front: Desk) -> None:
    """In place of an address one may say what to look for; the answer has pictures, with and without scripts."""
    await front.know(picture(7), key="seven", title="Seven <swans>")
    await similar.catch_up(front.services)
    _, page = await front.submit("/", url="picture 7")
    _, fragment = await front.fragment("/", url="picture 7")
    _, nothing = await front.fragment("/", url="picture 99999")

    for said in (page, fragment):
        assert "Seven &lt;swans&gt;" in said
        assert "“picture 7”" in said
        assert "/references/" in said
    assert "I know nothing that shows" in nothing


async def test_what_looks_alike_is_told_where_nothing_is_known(front: Desk) -> None:
    """A stranger that looks like a reference is clean, and what it looks like is shown."""
    await similar.catch_up(front.services)
    half = front.services.semantics
    assert half
    half.similar_at = -0.9
    _, said = await front.fragment("/", picture(2))

    assert EN("verdict.clean") in said
    assert EN("chat.alike") in said


async def test_before_words_can_be_answered_a_line_is_an_address(front: Desk) -> None:
    """Without a second model that has embedded everything, words are a wrong address."""
    status, _ = await front.fragment("/", url="picture 7")

    assert status == 400
