"""What the outbox orders, carried out on any platform: posts are marked, answered, removed and given back, cards shown.

    Order --ChatFront.carry_out--> the platform's `Acting`, with words, cards and the state of the post made here

flag      a mark                         taken back by   restore: mark and reply go, a removed post is posted again
reply     names the image, in public
remove    deletes the post, and what was posted in its place
timeout   bars the author                taken back by   release
quarantine, ban                          taken back by   unquarantine, unban
tell, kick                               by nothing
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from core.cases import Case, Profile
from core.chat import DONE, Alert, Carried, Community, Order, Said
from core.chat_port import Acting, Measure, Outgoing, Removal, Removed
from core.messages import Answer, Card
from core.policy import LIFTED, VARIANT
from core.ports import Clock
from core.telling import NAME, one_line
from core.types import Act, ActState, ImageEvent, Outcome, Space
from core.wording import Words
from handlers.beside import first_removal, marked_beside, was_removed_beside
from handlers.chat.card_acts import aloud, how_told, ready, word_to_author
from handlers.chat.cards import alert_card, answer_card, case_card, kept_until, reply_card
from handlers.post_state import acts_on_author, album_of, before, came_with, replies_over

NO_LOG = Carried(state=ActState.UNSUPPORTED, sentence="not-possible")
NOT_STAFF = Carried(state=ActState.FORBIDDEN, sentence="not-staff")
MEASURES = (Act.QUARANTINE, Act.UNQUARANTINE, Act.KICK, Act.BAN, Act.UNBAN)


class ChatFront:
    """`core.ports.Front` over what a platform can do."""

    def __init__(self, acting: Acting, clock: Clock, keep_evidence: timedelta) -> None:
        self._acting, self._clock, self._keep = acting, clock, keep_evidence
        self.name, self.keeps_posts = acting.name, acting.keeps_posts
        self.fetch, self.preview, self.kept = acting.fetch, acting.preview, acting.kept
        self._ways = {
            Act.CARD: self._card,
            Act.ANSWER: self._answer,
            Act.FLAG: self._flag,
            Act.REPLY: self._reply,
            Act.REMOVE: self._remove,
            Act.TIMEOUT: self._timeout,
            Act.RELEASE: self._release,
            Act.RESTORE: self._restore,
            Act.TELL: self._tell,
            **dict.fromkeys(MEASURES, self._on_author),
        }

    async def carry_out(self, order: Order) -> Carried:
        """See `core.ports.Front`."""
        return await self._ways[order.action.act](order)

    async def profile(self, event: ImageEvent) -> Profile:
        """See `core.ports.Front`."""
        return await self._acting.profile(event)

    async def alert(self, alert: Alert, case: Case, picture: bytes | None) -> Carried:
        """See `core.ports.Front`."""
        language = alert.subscription.language
        card = alert_card(Words.of(language), alert, case)
        message = Outgoing(answer=_shown(card, picture, language), key=f"alert {alert.id} {alert.first_at}")
        return await self._acting.show(alert.subscription.channel, message, alert.receipt)

    async def withdraw(self, alert: Alert) -> Carried:
        """See `core.ports.Front`."""
        return await self._acting.withdraw(alert.receipt)

    async def discard(self, receipt: str) -> Carried:
        """See `core.ports.Front`."""
        return await self._acting.withdraw(receipt)

    async def can_show(self, community: Community) -> Carried:
        """See `core.ports.Front`."""
        refused = await self._unreadable(community)
        return refused or await self._acting.can_write(community.log, community)

    async def _unreadable(self, community: Community) -> Carried | None:
        """Why no new card may be shown where cards go: nobody has named a place, or its reader is staff no longer."""
        if not community.log:
            return NO_LOG
        return None if await self._acting.may_read(community.log, community) else NOT_STAFF

    async def warn(self, space: Space, warning: Said, language: str) -> bool:
        """See `core.ports.Front`."""
        return await self._acting.warn(space, Answer(said=warning, language=language))

    async def _card(self, order: Order) -> Carried:
        """The moderators' card as the case now stands."""
        case, known = order.case, order.case.receipt(Act.CARD)
        if not known and (refused := await self._unreadable(order.community)):
            return refused
        until = kept_until(case, self._keep, self._clock())
        does = ready(self._acting.can, order.community)
        card = case_card(
            _words(order),
            case,
            order.community,
            until,
            variants=order.variants,
            background=order.background,
            does=does,
            enforce=order.policy.enforce,
        )
        message = Outgoing(
            answer=_shown(card, order.picture, order.community.language),
            key=f"card {case.id} {case.opened_at}" + (f" {order.action.id}" if order.anew else ""),
            tries=order.action.attempts,
            newest=order.newest,
            bare=case.is_suspected or any(one.is_suspected for one in order.beside),
            community=order.community.id,
            keeps=_about_to_go(order),
            calls="" if known or case.standing else order.community.ping,
        )
        return await self._acting.show(order.community.log, message, known)

    async def _answer(self, order: Order) -> Carried:
        """What an image is, for the one who asked, in their language."""
        event = order.about.event
        language = event.language or order.community.language
        card = answer_card(Words.of(language), order.about)
        return await self._acting.reply(event, event.message, _once(order, _shown(card, order.picture, language)))

    async def _reply(self, order: Order) -> Carried:
        """What the image is, in public, with no word about its author."""
        best, state = order.about.verdict.best, before(order)
        if best is None:
            return NO_LOG
        is_sure = order.about.verdict.outcome is Outcome.MATCH
        card = reply_card(_words(order), best, is_sure=is_sure)
        answer = _shown(card, None, order.community.language)
        return await self._acting.reply(order.about.event, state.main, _once(order, answer))

    async def _flag(self, order: Order) -> Carried:
        """A mark; where reactions are not allowed, a reply stands for it, unless one is asked for anyway."""
        carried = await self._acting.react(order.about.event, before(order).main, True)
        is_refused = carried.state in (ActState.UNSUPPORTED, ActState.FORBIDDEN)
        if not is_refused or Act.REPLY in (*order.policy.flag, *order.policy.enforce):
            return carried
        replied = await self._reply(order)
        return replace(replied, sentence=carried.sentence) if replied.state is ActState.DONE else carried

    async def _remove(self, order: Order) -> Carried:
        """The post, or what was posted in its place; further messages of ours go with it."""
        state, event = before(order), order.about.event
        removal = Removal(
            reason=_reason(order),
            language=order.community.language,
            card=order.case.receipt(Act.CARD),
            keeps=_about_to_go(order),
            tries=order.action.attempts,
            again=state.removed,
            alike=is_alike(order),
            apart=order.own.joined is not None and not is_alike(order),
        )
        carried = await self._acting.delete(event, state.main, removal)
        if carried.state is ActState.DONE:
            await self._erase(event, state.messages[1:])
        return carried

    async def _timeout(self, order: Order) -> Carried:
        until = self._clock() + order.policy.timeout
        return await self._acting.restrict(order.about.event, until, _reason(order), order.community.language, "")

    async def _release(self, order: Order) -> Carried:
        lifted = _receipt_of(order, Act.TIMEOUT)
        language = order.community.language
        return await self._acting.restrict(order.about.event, None, _reason(order, "undo"), language, lifted)

    async def _on_author(self, order: Order) -> Carried:
        """A ban, a kick, a quarantine, or what lifts one."""
        act, community = order.action.act, order.community
        measure = Measure(
            act=act,
            reason=_reason(order, "undo" if act in LIFTED else ""),
            language=community.language,
            before=_receipt_of(order, LIFTED[act]) if act in LIFTED else "",
            tries=order.action.attempts,
            purge=order.policy.purge,
            role=community.quarantine,
        )
        return await self._acting.on_author(order.about.event, measure)

    async def _tell(self, order: Order) -> Carried:
        """What became of their post, and why, in the community's language; of suspected abuse nobody is told."""
        if order.case.is_suspected:
            return NO_LOG
        language, public = order.community.language, aloud(order)
        answer = Answer(said=word_to_author(order), language=language)
        heard = Answer(said=public, language=language) if public else None
        return how_told(order, await self._acting.tell(order.about.event, _once(order, answer), heard))

    async def _restore(self, order: Order) -> Carried:
        """Everything of ours goes; what was removed is posted again, by us, with the author's name."""
        state, event = before(order), order.about.event
        await self._erase(event, replies_over(order))
        if earlier := came_with(order):
            return replace(DONE, receipt=earlier)
        if state.removed:
            return self._with_what_lacks(order, await self._acting.repost(_removed(order)))
        if not state.flagged:
            return DONE
        return marked_beside(order) or await self._acting.react(event, state.main, False)

    def _with_what_lacks(self, order: Order, carried: Carried) -> Carried:
        """Say that a text may be missing: it is kept no longer than the evidence, and then nobody can tell."""
        is_old = self._clock() >= order.case.opened_at + self._keep
        is_whole = carried.state is not ActState.DONE or carried.sentence or order.about.event.text or not is_old
        return carried if is_whole else replace(carried, sentence="no-text")

    async def _erase(self, event: ImageEvent, messages: Sequence[str]) -> None:
        for message in messages:
            await self._acting.erase(event, message)


def _receipt_of(order: Order, act: Act) -> str:
    """The receipt of the last time that this was done to the author for this case; "" where there was nothing to do.

    An author is acted on with one of their posts in a burst, which need not be the one that is shown.
    """
    author = order.about.event.author
    asked = (*acts_on_author(order.own, author), *acts_on_author(order.case, author))
    done = [one for one in asked if one.act is act and one.state is ActState.DONE and one.id < order.action.id]
    return max(done, key=lambda one: one.id).receipt if done else ""


def _shown(card: Card, picture: bytes | None, language: str) -> Answer:
    return Answer(cards=(card,), picture=picture, language=language)


def _once(order: Order, answer: Answer) -> Outgoing:
    return Outgoing(answer=answer, key=f"{order.case.opened_at} {order.action.key}", tries=order.action.attempts)


def _words(order: Order) -> Words:
    return Words.of(order.community.language)


def _reason(order: Order, why: str = "") -> Said:
    """For the platform's own log."""
    why = why or ("variant" if order.about.verdict.reason == VARIANT else "copy")
    return Said(key=f"done.reason-{why}", values={"number": order.case.id})


def _about_to_go(order: Order) -> tuple[ImageEvent, ...]:
    """The messages of the post that are about to be removed, one event each; none of what nobody may keep."""
    waiting = {
        one.event.message: one.event
        for one in reversed(order.own.pictures)
        if any(action.act is Act.REMOVE and action.state is ActState.WAITING for action in one.actions)
    }
    nobodys = order.case.is_suspected or any(one.is_suspected for one in order.beside)
    return () if nobodys else tuple(one for one in waiting.values() if not was_removed_beside(order, one.message))


def is_alike(order: Order) -> bool:
    """Whether a picture of the burst's first post shows all that this post does, which is one picture of that thing."""
    return order.own.joined is not None and not order.own.event.group


def _removed(order: Order) -> Removed:
    event = order.about.event
    author = one_line(event.author_name or event.author, NAME)
    by = Said(key="done.restored", values={"name": author}) if author else Said(key="done.restored-forgotten")
    return Removed(
        event=event,
        card=next(filter(None, first_removal(order) or ()), "") or order.case.receipt(Act.CARD),
        above=by,
        language=order.community.language,
        key=f"restored-{order.case.id}-{order.action.id}",
        tries=order.action.attempts,
        text=event.text,
        album=album_of(order),
        alike=is_alike(order),
    )
