""" "Suspected child abuse" can't be undone: the page asks once more, and what the card then says is true."""

from core.wording import Words
from tests.web.conftest import KNOWN
from tests.web.fakes import Desk, copy_of

EN = Words.of("en")


async def test_it_asks_once_more(front: Desk) -> None:
    """The first press tells what it does and does nothing; the second does it."""
    await front.submit("/channel", copy_of(KNOWN))
    await front.settle()

    for send in (front.submit, front.fragment):
        _, text = await send("/case/1/decision", page="/channel", decision="abuse")
        assert EN("abuse.sure") in text
        assert not (await front.services.cases.get(1)).decisions
    _, text = await front.fragment("/case/1/decision", page="/channel", decision="abuse", sure="yes")

    assert (await front.services.cases.get(1)).is_suspected
    assert EN("chat.hash_only") not in text
    assert EN("abuse.not_shown") in text


async def test_programs_say_it_once(front: Desk) -> None:
    """A call of the API is no slip of the mouse."""
    await front.submit("/channel", copy_of(KNOWN))
    await front.settle()
    headers = {"Authorization": "Bearer let-me-in"}

    async with front.client.post("/api/cases/1/decision", json={"decision": "abuse"}, headers=headers) as answer:
        assert answer.status == 200
    assert (await front.services.cases.get(1)).is_suspected
