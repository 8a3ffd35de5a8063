"""What a card says of a burst: how many posts, by whom and where, and for which of them its decision holds. Pure."""

from collections.abc import Iterator
from dataclasses import replace

from core.bursts import PLACES, Burst, open_until
from core.cases import Case
from core.messages import MENTION, Line, Named, Person, Place
from core.policy import may_join
from core.telling import NAME, address, moment, one_line
from core.types import GUILTY
from core.wording import Words
from handlers.chat.card_text import comma, counted, rows


def counter_line(words: Words, burst: Burst) -> Line:
    """How many posts there are so far, by how many people, in how many channels."""
    return Line(label=words("burst.label"), text=comma(words, how_many(words, burst)))


def following_lines(words: Words, case: Case) -> tuple[Line, ...]:
    """What a decision means for posts that follow, burst or not; the channels and the people, most posts first.

    They come late on a card: a caption may have no room for them.
    """
    after = Line(text=rows(_after_the_decision(words, case)))
    return (after, *_decided_channels(words, case), *(_listed_lines(words, case.burst) if case.burst else ()))


def _decided_channels(words: Words, case: Case) -> Iterator[Line]:
    """The channels for which somebody decided who moderates no others."""
    standing = case.standing
    if standing and standing.channels is not None:
        places = [Place(space=replace(case.event.space, channel=one)) for one in sorted(standing.channels)[:PLACES]]
        listed = [*([MENTION] * len(places)), *(["…"] if len(standing.channels) > PLACES else [])]
        yield Line(text=words("burst.only", channels=words("card.list").join(listed)), names=tuple(places))


def how_many(words: Words, burst: Burst) -> Iterator[str]:
    """Posts, people, and channels where there are several: of one alone the card says which."""
    yield counted(words, "burst.posts", burst.posts)
    yield counted(words, "burst.people", burst.people)
    if burst.channels > 1:
        yield words("burst.channels", count=burst.channels)


def link_of(case: Case) -> str:
    """The link to the newest post: the first may be gone. "" without one."""
    places = case.burst.places if case.burst else ()
    links = [address(place.newest.link) for place in sorted(places, key=lambda place: -place.number)]
    return next(filter(None, [*links, address(case.event.link)]), "")


def _listed_lines(words: Words, burst: Burst) -> tuple[Line, ...]:
    where = [Place(space=one.space, thread=one.newest.thread) for one in burst.places]
    people = [Person(id=one_line(one.id, NAME), name=one_line(one.name, NAME)) for one in burst.authors]
    return (
        _listed(words, "burst.places", where, [one.posts for one in burst.places], burst.channels),
        _listed(words, "burst.authors", people, [one.posts for one in burst.authors], burst.people),
    )


def _listed(words: Words, key: str, names: list[Place] | list[Person], posts: list[int], total: int) -> Line:
    """Names with the number of posts of each; of one alone the counter says all."""
    listed = [words("burst.row", name=MENTION, count=count) for count in posts]
    listed += [counted(words, f"{key}-more", total - len(names))] if total > len(names) else []
    shown: tuple[Named, ...] = tuple(names)
    return Line(label=words(key), text=rows(listed) if total > 1 else "", names=shown)


def _after_the_decision(words: Words, case: Case) -> Iterator[str]:
    """What was held back, unless moderators want it to stand; what came and may come after a violation."""
    standing, burst = case.standing, case.burst
    if burst and (standing is None or standing.decision in GUILTY):
        yield counted(words, "burst.held", burst.held)
    if standing is None or standing.decision not in GUILTY or not may_join(case.event, case.verdict):
        return
    if burst:
        yield counted(words, "burst.late", burst.late)
    until = open_until(case.opened_at, burst.last_at if burst else case.opened_at)
    if standing.at <= until:
        yield words("burst.goes-on", when=moment(until))
