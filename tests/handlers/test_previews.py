"""Videos and the pictures in front of them: both are looked at, and half a look is never clean."""

from dataclasses import replace

import pytest

from bot.services import Services
from core.cases import Policy
from core.chat import Community
from core.errors import RetryLater, Unscannable
from core.looks import Look
from core.matches import Verdict
from core.types import Act, Collection, Decision, Intent, Mode, Outcome, Purpose
from embed.decode import video
from embed.runner import Runner
from handlers import intake, references, review
from handlers.references import Entry
from handlers.screen import screen
from handlers.screening import LEASE
from tests.embed.decode.films import HIGH, WIDE, at_times, restless
from tests.small import SPACE, FakeFront, Toy, event, photograph, saved, scribble

pytest.importorskip("av", reason="videos are an extra")

KNOWN = saved(scribble(0, WIDE, HIGH))
OTHER = saved(scribble(9, WIDE, HIGH), "JPEG", quality=80)
COPY = saved(scribble(0, WIDE, HIGH), "JPEG", quality=80)
GUILTY_FILM = restless(40, still_at=31.0)
TOO_LARGE = Unscannable("too-large", "Telegram gives bots no file above 20 MB.")


@pytest.fixture
async def watched(services: Services, front: FakeFront) -> Services:
    """A picture is known; the moderators read in #mod-log."""
    await services.references.create_collection(Collection(name="library", purpose=Purpose.BRAND))
    await references.add(services, Entry(key="logo", collection="library"), KNOWN)
    await services.communities.put(Community(platform=SPACE.platform, id=SPACE.community, log="mod-log"), "ann")
    front.images = {"guilty": GUILTY_FILM, "sea": restless(40), "junk": b"x" * 9000}
    return services


async def post(services: Services, image: str, intent: Intent = Intent.POSTED) -> Verdict | None:
    await services.policies.set(SPACE, Policy(mode=Mode.FLAG), "ann")
    await intake.accept(services, [event(image, message=f"{image}-{intent}", intent=intent)])
    (waiting,) = await services.inbox.claim(10, LEASE)
    return await screen(services, waiting)


async def posted(services: Services, image: str, intent: Intent = Intent.POSTED) -> tuple[Outcome, str]:
    verdict = await post(services, image, intent)
    assert verdict
    return verdict.outcome, verdict.reason


async def cards(services: Services) -> list[str]:
    """The posts for which moderators get a card."""
    newest = await services.cases.newest()
    return [case.event.image for case in newest if Act.CARD in [action.act for action in case.actions]]


async def test_one_second_of_forty(watched: Services) -> None:
    """A known picture in a film that never rests is a match, its card says where, and the evidence is that frame."""
    verdict = await post(watched, "guilty")
    (case,) = await watched.cases.newest()
    best = case.verdict.best

    assert verdict and verdict.outcome is Outcome.MATCH
    assert best and best.second is not None
    assert 31 <= best.second < 32
    assert case.thumbnail
    assert await cards(watched) == ["guilty"]


async def test_a_film_that_was_seen_in_part_is_a_review_without_a_card(watched: Services) -> None:
    """Every second film is such a one; whoever runs the bot can choose to be asked about each."""
    assert await posted(watched, "sea") == (Outcome.REVIEW, "partial-frames")
    assert len(await watched.cases.newest()) == 1
    assert await cards(watched) == []

    asking = replace(watched, ask_about_unscannable=True)
    assert await posted(asking, "sea", Intent.REPORTED) == (Outcome.REVIEW, "partial-frames")
    assert await cards(asking) == ["sea"]


async def test_a_reported_film_has_its_card(watched: Services) -> None:
    """Somebody asks the moderators to look: that is no flood."""
    await posted(watched, "sea", Intent.REPORTED)

    assert await cards(watched) == ["sea"]


async def test_a_film_that_was_seen_in_full_is_clean(watched: Services, front: FakeFront) -> None:
    """Forty seconds of four pictures, none of them known, with a preview that is not known, either."""
    front.images["calm"] = at_times(*(number / 10 for number in range(400)), pages=4, first=1)
    front.previews["calm"] = OTHER

    assert await posted(watched, "calm") == (Outcome.CLEAN, "nothing-known")


async def test_an_innocent_preview_excuses_no_film(watched: Services, front: FakeFront) -> None:
    """The film itself is looked at."""
    front.previews["guilty"] = OTHER

    assert (await posted(watched, "guilty"))[0] is Outcome.MATCH


async def test_a_guilty_preview_is_a_match_whatever_the_film_shows(watched: Services, front: FakeFront) -> None:
    """It is what people see first, and whoever sends a video may choose it."""
    front.previews["sea"] = COPY

    assert (await posted(watched, "sea"))[0] is Outcome.MATCH


@pytest.mark.parametrize(("preview", "found"), [(COPY, Outcome.MATCH), (OTHER, Outcome.REVIEW)])
async def test_of_a_film_that_is_too_large_the_preview_is_looked_at(
    watched: Services, front: FakeFront, preview: bytes, found: Outcome
) -> None:
    """A match in it is a match; without one nobody has seen the film, which is told."""
    front.fails, front.previews = {"huge": [TOO_LARGE]}, {"huge": preview}
    verdict = await post(watched, "huge")
    (case,) = await watched.cases.newest()

    assert verdict and verdict.outcome is found
    assert (verdict.partial, case.verdict.partial) == ("preview", "preview")
    assert case.thumbnail
    assert await cards(watched) == (["huge"] if found is Outcome.MATCH else [])


async def test_without_a_preview_it_is_unscannable(watched: Services, front: FakeFront) -> None:
    """Nothing of it could be looked at: with the reason why."""
    front.fails = {"huge": [TOO_LARGE]}

    assert await posted(watched, "huge") == (Outcome.UNSCANNABLE, "too-large")


@pytest.mark.parametrize(("preview", "found"), [(COPY, "copy"), (OTHER, "not-an-image"), (b"junk", "not-an-image")])
async def test_junk_behind_a_preview(watched: Services, front: FakeFront, preview: bytes, found: str) -> None:
    """What is no video has no part that was looked at; but what is seen of it may be a match."""
    front.previews["junk"] = preview

    assert (await posted(watched, "junk"))[1] == found


async def test_a_preview_that_can_not_be_had_just_now_is_tried_again(
    watched: Services, front: FakeFront, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the file itself: the verdict waits for it."""

    async def unreachable(*_: object, **__: object) -> bytes | None:
        raise RetryLater("unreachable")

    monkeypatch.setattr(front, "preview", unreachable)

    assert await post(watched, "sea") is None
    assert await watched.cases.newest() == []


async def test_what_was_decided_about_a_film_holds_for_its_preview(watched: Services, front: FakeFront) -> None:
    """No match of this film: then its preview is none, either, and the same film again is no case."""
    front.previews["sea"] = COPY
    await post(watched, "sea")
    (case,) = await watched.cases.newest()
    await review.decide(watched, case.id, Decision.NOT_A_MATCH, "ann")
    front.images["again"], front.previews["again"] = front.images["sea"], COPY

    assert await posted(watched, "again") == (Outcome.REVIEW, "partial-frames")
    assert await cards(watched) == ["sea"]


async def test_without_the_extra_nothing_is_clean(
    watched: Services, front: FakeFront, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A match in the preview is told all the same."""
    monkeypatch.setattr(video, "find_spec", lambda _: None)
    assert await posted(watched, "guilty") == (Outcome.UNSCANNABLE, "video")

    front.images["other"], front.previews["other"] = GUILTY_FILM, OTHER
    assert await posted(watched, "other") == (Outcome.UNSCANNABLE, "video")
    front.images["seen"], front.previews["seen"] = GUILTY_FILM, COPY
    assert (await posted(watched, "seen"))[0] is Outcome.MATCH


async def test_a_preview_that_could_not_be_looked_at_is_never_clean(watched: Services, front: FakeFront) -> None:
    """People see it first: too large to be had, or nothing that we can open."""
    front.images["calm"], front.previews["calm"] = OTHER, b"x" * 9000
    damaged = await posted(watched, "calm")
    front.previews["calm"] = TOO_LARGE
    large = await posted(watched, "calm", Intent.REPORTED)

    assert (damaged[0], large) == (Outcome.UNSCANNABLE, (Outcome.UNSCANNABLE, "too-large"))


async def test_a_thumbnail_of_the_picture_itself_is_not_searched_for(watched: Services, front: FakeFront) -> None:
    """On Matrix nearly every image has one, and a search costs ten times as much as comparing the two."""
    picture = photograph("coffee")
    front.images["calm"] = saved(picture)
    front.previews["calm"] = saved(picture.resize((450, 300)), "JPEG", quality=80)
    async with Counting(Toy(), threads=1) as runner:
        verdict = await posted(replace(watched, runner=runner), "calm")

        assert verdict[0] is Outcome.CLEAN
        assert runner.looks == 1


class Counting(Runner):
    """The runner, and how many images it looked at."""

    looks = 0

    async def look(self, data: bytes, sha256: str = "") -> Look:
        self.looks += 1
        return await super().look(data, sha256)
