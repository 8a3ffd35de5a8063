"""What a pressed button does: its data says all (`handlers.chat.data`), so it works after a restart.

    a decision, its undo    handlers.review            why        a message of its own
    release                 the brake lets go          variants   act on variants of a template, or no longer
    open                    the card, a message below  older, newer   another page of open cases, in place of this one
    take back               what was added             set-up     the next question
    ban, kick, quarantine   handlers.review.by_hand: for who may do that on the platform itself
    add, unadd              a reported post's pictures as references, or no longer

Whoever presses must be staff of the community that it is about, and a case is decided only where its cards go, or where
nobody but the staff member sees the button: an altered app can send any data from any message that has a button.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from core.bursts import PLACES
from core.cases import Case
from core.chat import Community, Said
from core.errors import Conflict, Overtaken
from core.messages import Answer, Asked, Pressed, Reaction, Right
from core.policy import BY_HAND
from core.telling import NAME, one_line
from core.types import Act, Decision, Space
from core.wording import Words
from handlers import braking, choices, from_post, review
from handlers.chat import card_adding, data, open_cases, setup, twice
from handlers.chat.card_acts import offered, ready
from handlers.chat.card_buttons import is_template
from handlers.chat.cases import card_of, case_of, why_of, with_picture
from handlers.chat.context import STAFF_ONLY, Connection, is_log
from handlers.chat.errors import Refuse, Unclear, known, sentence_of
from handlers.communities import EVERYWHERE

NOTHING = Reaction()


async def pressed(connection: Connection, press: Pressed) -> Reaction:
    """Do what the button says. Whatever happens, the person reads a sentence, or sees what changed."""
    language = connection.speaks(press.who)
    try:
        return await _done(connection, press, data.read(press.data))
    except Unclear:  # not a button of ours
        return NOTHING
    except Exception as error:
        return _refusal(sentence_of(error, language, f"button {press.data!r}"), language)


async def _done(connection: Connection, press: Pressed, meant: object) -> Reaction:
    match meant:
        case data.OfCase():
            return await _on_case(connection, press, meant)
        case data.OfAdding(message=message, collection=collection):
            return await _take_back(connection, press, message, collection)
        case data.OfList():
            return Reaction(instead=await open_cases.turned(await connection.context(_asked(press)), meant))
        case data.OfSetup(choices=so_far):
            context = await connection.context(_asked(press))
            await _check(connection, press, Right.MANAGER)
            return Reaction(instead=await setup.chosen(context, so_far))
    return NOTHING


def _asked(press: Pressed) -> Asked:
    return Asked(who=press.who, space=press.space, number=press.number, thread=press.thread, right=press.right)


async def _check(connection: Connection, press: Pressed, right: Right) -> None:
    """Raises Refuse for who is not staff where the button is."""
    held = await connection.chat.right_of(press.who, press.space) if press.right is None else press.right
    if held < right:
        raise Refuse(STAFF_ONLY.key)


async def _take_back(connection: Connection, press: Pressed, message: str, collection: str) -> Reaction:
    """The message of the button says so, too, and has none any more."""
    context = await connection.context(_asked(press))
    await _check(connection, press, Right.MODERATOR)
    done = await from_post.take_back(connection.services, press.space, message, collection)
    return Reaction(note=context.answer(done), instead=context.answer(done))


@dataclass(frozen=True, slots=True, kw_only=True)
class _OnCase:
    """A press that is about a case; `seen` is how many posts the card showed.

    `spaces` are the channels of its posts, `foreign` those of them that the presser does not moderate.
    """

    connection: Connection
    press: Pressed
    case: Case
    community: Community
    language: str
    seen: int = 1
    spaces: frozenset[Space]
    foreign: tuple[Space, ...]

    @property
    def by(self) -> str:
        return self.press.who.signature


async def _on_case(connection: Connection, press: Pressed, meant: data.OfCase) -> Reaction:
    case, community = await case_of(connection.services, press.space, meant.case)
    language = community.language or connection.speaks(press.who)
    try:
        spaces = await connection.services.cases.spaces(case.id)
        about = _OnCase(
            connection=connection,
            press=press,
            case=case,
            community=community,
            language=language,
            seen=meant.seen,
            spaces=spaces,
            foreign=await _foreign(connection, press, spaces),
        )
        _check_case(about)
        return await WAYS.get(meant.action, _decide)(about, meant.action)
    except Overtaken:  # a post in one more channel has joined: may they decide for that, too?
        return await _on_case(connection, press, meant)
    except Exception as error:
        return _refusal(sentence_of(error, language, f"button {press.data!r}"), language)


async def _foreign(connection: Connection, press: Pressed, spaces: Iterable[Space]) -> tuple[Space, ...]:
    """Those of the channels that the presser does not moderate, in order."""
    in_order = sorted(spaces, key=lambda space: (len(space.channel), space.channel))
    return tuple([one for one in in_order if await connection.chat.right_of(press.who, one) < Right.MODERATOR])


def _check_case(about: _OnCase) -> None:
    """Raises Refuse for who moderates no channel of the case, and where its cards do not go."""
    press, chat = about.press, about.connection.chat
    if len(about.foreign) == len(about.spaces):
        raise Refuse(STAFF_ONLY.key)
    if not press.is_alone and not is_log(about.community, press.space, chat.address(press.space, press.thread)):
        raise Refuse("said.elsewhere")


def _check_all(about: _OnCase) -> None:
    """Raises Refuse for who does not moderate each channel of the case: what they ask for is done in all of them."""
    names = [one_line(about.connection.chat.name_of(one), NAME) or one.channel for one in about.foreign]
    listed = Words.of(about.language)("card.list").join([*names[:PLACES], *(["…"] if names[PLACES:] else [])])
    if names:
        raise Refuse("said.not-all-yours", channels=listed)


async def _moderates_all(about: _OnCase) -> bool:
    """Whether the presser moderates the community as a whole, not only some of its channels."""
    chat, space = about.connection.chat, about.case.event.space
    if not chat.can.has_channels:
        return True
    return await chat.right_of(about.press.who, replace(space, channel=EVERYWHERE)) >= Right.MODERATOR


async def _check_undo(about: _OnCase) -> None:
    """Raises Refuse for who moderates a part, and takes back what somebody else decided for all channels."""
    standing = about.case.standing
    is_for_all = standing is not None and standing.channels is None and standing.by != about.by
    if is_for_all and not await _moderates_all(about):
        raise Refuse("said.not-all-channels")


async def _channels(about: _OnCase) -> frozenset[str] | None:
    """The channels for which the presser's word holds from now on; None = all."""
    return None if await _moderates_all(about) else frozenset(space.channel for space in about.spaces)


async def _why(about: _OnCase, _action: str) -> Reaction:
    return Reaction(message=await why_of(about.connection.services, about.language, about.case.pictures))


async def _open(about: _OnCase, _action: str) -> Reaction:
    """The card of a case in a list, with its picture and its buttons."""
    connection, community = about.connection, about.community
    does = ready(connection.chat.can, community)
    return Reaction(message=await with_picture(connection.services, about.case, community, about.language, does))


async def _release(about: _OnCase, _action: str) -> Reaction:
    _check_all(about)
    if not await _moderates_all(about):  # a brake holds in all channels
        raise Refuse("said.not-all-channels")
    try:
        await braking.release(about.connection.services, about.case.id, about.by, about.spaces)
    except Overtaken:
        raise
    except Conflict:
        raise Refuse("brake.off") from None
    return await _renewed(about, Said(key="brake.released"))


async def _variants(about: _OnCase, action: str) -> Reaction:
    """Act on variants of the template from now on, or no longer; a card of anything else has no such button."""
    services, best, space = about.connection.services, about.case.verdict.best, about.case.event.space
    if best is None or not is_template(about.case):
        return NOTHING
    if not await _moderates_all(about):
        raise Refuse("said.not-all-channels")
    is_on = action == "variants"
    with known("said.no-case"):
        await choices.act_on_variants(services, space, best.reference.id, is_on, about.by)
    await services.cases.ask(about.case.id, f"variants-{about.press.number}", [Act.CARD])
    services.outbox_bell.ring()
    return await _renewed(about, Said(key="said.variants-on" if is_on else "said.variants-off"))


async def _on_author(about: _OnCase, action: str) -> Reaction:
    """Something that the presser may do to the author, too; what can't be undone is asked for twice."""
    services, chat, case, act = about.connection.services, about.connection.chat, about.case, Act(action)
    if act not in offered(case, ready(chat.can, about.community)):
        raise Refuse("said.nothing-more")
    if refused := await chat.forbids(about.press.who, act, case.event):
        raise Refuse(refused.key, **refused.values)
    purge = await _purge(about)
    if (question := twice.of_act(case, act, purge)) and not _is_sure(about, f"{action} {purge}"):
        raise _again(question)
    try:
        await review.by_hand(services, case.id, act, about.by)
    except Conflict:
        raise Refuse("said.nothing-more") from None
    values = {"act": act, "who": twice.whom(case, case.event.author)}
    return await _renewed(about, Said(key="said.by-hand", values=values, more=_which_author(case)))


def _which_author(case: Case) -> tuple[Said, ...]:
    """Of several who posted the same image, a button is about the first; it says so."""
    is_one_of_many = case.burst is not None and case.burst.people > 1
    return (Said(key="said.by-hand-first"),) if is_one_of_many else ()


async def _purge(about: _OnCase) -> timedelta:
    """How far back a ban deletes there."""
    return (await about.connection.services.policies.for_space(about.case.event.space)).purge


async def _is_agreed(about: _OnCase) -> None:
    """Refuse a violation that puts people out until it is asked for again: no word on the button says that it does."""
    out = await review.puts_out(about.connection.services, about.case)
    if out and not _is_sure(about, f"violation {out.mark}"):
        raise _again(twice.of_violation(about.case, out))


def _again(question: Said) -> Refuse:
    """The question, and how to agree to it."""
    return Refuse(question.key, *question.more, Said(key="twice.press"), **question.values)


def _is_sure(about: _OnCase, action: str) -> bool:
    press, case = about.press, about.case
    return about.connection.services.twice.is_sure((case.event.space.platform, press.who.id, case.id, action))


async def _decide(about: _OnCase, action: str) -> Reaction:
    """Of two who press, one is the first; the other is told who. The moderators' card follows by itself."""
    services, case = about.connection.services, about.case
    _check_all(about)
    if action == "undo":
        await _check_undo(about)
    if action == Decision.ABUSE and not _is_sure(about, action):
        posts = case.burst.posts if case.burst else 1
        raise Refuse("abuse.again" if posts == 1 else "abuse.again-many", posts=posts)
    if action == Decision.VIOLATION:
        await _is_agreed(about)
    try:
        if action == "undo":
            decided = await review.undo(services, case.id, about.by, about.spaces)
        else:
            whose = await _channels(about)
            decided = await review.decide(services, case.id, Decision(action), about.by, about.spaces, whose)
    except Overtaken:
        raise
    except Conflict:
        return await _second(about, action)
    return await _renewed(about, Said(key=f"decision.{action}", more=_of_how_many(about, decided)))


def _of_how_many(about: _OnCase, decided: Case) -> tuple[Said, ...]:
    """For how many posts a decision holds, and that those are more than whoever made it had seen on the card."""
    posts = decided.burst.posts if decided.burst else 1
    if posts == 1:
        return ()
    key = "burst.for-more" if posts > about.seen else "burst.for-all"
    return (Said(key=key, values={"posts": posts, "seen": about.seen}), *_taken_back(decided, posts))


def _taken_back(decided: Case, posts: int) -> tuple[Said, ...]:
    """After the undo of a violation: of how many posts something is taken back, if not of all."""
    last = decided.decisions[-1]
    is_violation = last.decision is Decision.VIOLATION and not decided.is_suspected
    if last.undone_at is None or decided.burst is None or not is_violation:
        return ()
    back = sum(one.count for one in decided.burst.tallies if one.act is Act.RESTORE and one.decision == last.id)
    return (Said(key="burst.undone-some", values={"count": back}),) if back < posts else ()


async def _second(about: _OnCase, action: str) -> Reaction:
    """Somebody else was faster; or the same person, in a run of ours that was cut off after the decision."""
    case = await about.connection.services.cases.get(about.case.id)
    if not case.decisions:
        raise Refuse("case.nothing_to_undo")
    last = case.decisions[-1]
    who, key = (last.undone_by, "case.undone") if last.undone_at else (last.by, "card.decided")
    if who == about.by and action == ("undo" if last.undone_at else last.decision):
        return await _renewed(about, Said(key=f"decision.{action}"))
    if who == about.by:
        raise Refuse("said.decided")
    decision = Said(key=f"decision.{last.decision}")
    how = Said(key=key, values={"name": one_line(who, NAME), "decision": decision})
    return _refusal(Said(key="said.other-first", more=(how,)), about.language)


async def _renewed(about: _OnCase, said: Said) -> Reaction:
    """What was done; a card that only the one who pressed sees is renewed with it: the outbox knows nothing of that."""
    services, note = about.connection.services, Answer(said=said, language=about.language)
    if not about.press.is_alone:
        return Reaction(note=note)
    case = await services.cases.get(about.case.id)
    does = ready(about.connection.chat.can, about.community)
    card = await card_of(services, Words.of(about.language), case, about.community, does)
    return Reaction(note=note, instead=Answer(cards=(card,), language=about.language))


async def _add(about: _OnCase, _action: str) -> Reaction:
    """Add the reported pictures as references; a card of anything else has no such button."""
    if not card_adding.may_be_added(about.case):
        return NOTHING
    services, chat, words = about.connection.services, about.connection.chat, Words.of(about.language)
    return Reaction(message=await card_adding.add(services, chat, about.case, words, about.by))


async def _unadd(about: _OnCase, _action: str) -> Reaction:
    """The message of the button says so, too, and has none any more."""
    done = await card_adding.take_back(about.connection.services, about.case, Words.of(about.language))
    return Reaction(note=done, instead=done)


WAYS: Mapping[str, Callable[[_OnCase, str], Awaitable[Reaction]]] = {
    "why": _why,
    "open": _open,
    "release": _release,
    "variants": _variants,
    "leave": _variants,
    **{act.value: _on_author for act in (*BY_HAND, Act.UNBAN, Act.UNQUARANTINE)},
    "add": _add,
    "unadd": _unadd,
}
"""What is no decision."""


def _refusal(said: Said, language: str) -> Reaction:
    return Reaction(note=Answer(said=said, language=language, refusal=True))
