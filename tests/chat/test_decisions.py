"""What moderators decide about an image holds for its edits on every front; the card of a copy takes it back."""

from core.types import Mode
from core.wording import Words
from tests.chat.stage import KNOWN, LOG, TITLE, Stage, known
from tests.chat.test_bursts import all_stand, until
from tests.chat.test_presses import label
from tests.small import drawn, saved

EN = Words.of("en")
UNKNOWN = "ringaloo"


def edited(name: str, share: float = 0.8, quality: int = 80) -> bytes:
    """The drawing of that name in another size, saved anew."""
    image = drawn(name)
    return saved(image.resize((round(image.width * share), round(image.height * share))), "JPEG", quality=quality)


async def watching(stage: Stage, mode: Mode) -> None:
    await stage.use("mo", "setup", log=stage.channel(LOG), mode=mode.value, language="en")


async def test_an_allowed_image_makes_no_second_card(stage: Stage) -> None:
    """Saved anew in another size it is clean.

    Who reports it shows moderators who allowed it, with the undo; after that a copy is a match again.
    """
    await watching(stage, Mode.FLAG)
    await stage.post("ann", known())
    (card,) = await stage.cards(1, saying=TITLE)
    await stage.press("mo", card, label("allowed"))
    post = await stage.post("bo", edited(KNOWN))
    await stage.use("ann", "report", about=post)
    (report,) = await stage.cards(1, saying=EN("reason.allowed-copy"))
    cases = await stage.services.cases.newest()
    told = await stage.press("mo", report, EN("card.undo-earlier", number=1))
    await stage.post("ann", edited(KNOWN, 0.7))

    async def has_joined() -> bool:
        burst = (await stage.services.cases.get(1)).burst
        return burst is not None and burst.posts > 1

    await until(has_joined)

    assert [case.id for case in cases] == [2, 1]
    assert "#1" in report.text
    assert EN("decision.allowed") in report.text
    assert told


async def test_a_reported_violation_is_found_again(stage: Stage) -> None:
    """The image that nobody knew is removed when it comes back in another file; its card names the first case."""
    await watching(stage, Mode.ENFORCE)
    first = await stage.post("ann", saved(drawn(UNKNOWN)))
    await stage.use("bo", "report", about=first)
    (report,) = await stage.cards(1, saying=EN("card.reported-clean"))
    await stage.press("mo", report, label("violation"))
    again = await stage.post("ann", edited(UNKNOWN))
    (card,) = await stage.cards(1, saying="“#1”")
    await all_stand(stage, [again], "gone")

    assert EN("decision.violation") in card.text
    assert EN("card.add") in card.buttons
    assert EN("card.undo-earlier", number=1) in card.buttons
