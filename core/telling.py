"""What pages and fronts say alike about a match, a verdict and a stranger's text. Pure.

numbers        confidence --sureness--> "probably (72 %)"       area --extent--> "most of the image (61 %)"
               experience --overturned--> "2 of 84 such matches were overturned here."
records        Reference --title_of--> its title or key         Match --found--> "This is an edited copy of “...”."
               Match --differing--> "The same layout; the words differ: “DAD” became “MOM”."
               Case --of_content--> the same, and what follows for moderators
               Case --panels--> what its evidence picture shows
words          Verdict --reason_words--> a sentence             an action's detail --failure--> a sentence
               an error of ours --trouble--> a sentence         Said --said--> sentences, one a line
strangers      text --one_line, some_lines--> without tricks    URL --safe_link, address--> a link or nothing
               URL --host_of--> whose page it is, to be read in place of the address
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit

from core.cases import Case
from core.chat import Said
from core.errors import Busy, Conflict, EnvironmentTrouble, NotFound, ResightError, RetryLater, StoreDown, Unscannable
from core.matches import Difference, Experience, Match, Verdict
from core.policy import COPIES, VARIANT
from core.types import Act, Content, How, Kind, Mode, Outcome, Reference, What
from core.wording import Words

CERTAIN, PROBABLE = 0.90, 0.65
WHOLE, MOST, SMALL = 0.95, 0.50, 0.10
LINE = 200
"""Characters shown of a text by a stranger."""

NAME = 60
"""Characters shown of a name."""

LINES = 4
"""Lines shown of a text by a stranger, where it may have several."""

LONGEST_HOST = 40

READ = 40
"""Characters shown of words or a code that were read in an image."""

MOST_READ = 2
"""Number of words or codes that are quoted, before and after."""

IN_ORDER = (What.WORDS, What.CODE, What.PICTURE, What.COLOUR, What.LAYOUT)

JOINERS = "\u200c\u200d"
"""The only invisible characters that words and emoji need; others can turn a line around or hide text in it."""

KINDS: tuple[tuple[type[ResightError], str], ...] = (
    (NotFound, "not-found"),
    (Conflict, "conflict"),
    (StoreDown, "store-down"),
    (Busy, "busy"),
    (RetryLater, "try-again"),
    (EnvironmentTrouble, "environment"),
)
"""Kinds of errors, the special ones first, and their sentences (`problem.*`)."""

ENDS_A_LINK = re.compile(r"[\s<>\"\\^`{|}]")
INVISIBLE = ("Cc", "Cf", "Cs")


def said(words: Words, sentence: Said) -> str:
    """Return the sentence in this language, followed by its `more`, each on a line; values are put into words."""
    first = words(sentence.key, **{name: _worded(words, value) for name, value in sentence.values.items()})
    return "\n".join([first, *(said(words, more) for more in sentence.more)])


def with_texts(sentence: Said, change: Callable[[str, str], str]) -> Said:
    """Return the sentence with each text that is filled in changed by `change(name, text)`, as a platform needs it."""

    def changed(name: str, value: object) -> object:
        if isinstance(value, Said):
            return with_texts(value, change)
        return change(name, value) if type(value) is str else value

    values = {name: changed(name, value) for name, value in sentence.values.items()}
    return replace(sentence, values=values, more=tuple(with_texts(more, change) for more in sentence.more))


def _worded(words: Words, value: object) -> object:
    match value:
        case Said():
            return said(words, value)
        case Mode():
            return words(f"mode.{value}")
        case Act():
            return words(f"act.{value}")
        case Kind():
            return words(f"kind.{value}")
        case tuple():
            return words("card.list").join(str(_worded(words, item)) for item in value)
    return value


def sureness(words: Words, confidence: float) -> str:
    """Return the confidence in words, with the percentage after them."""
    return said(words, how_sure(confidence))


def how_sure(confidence: float) -> Said:
    """Return the confidence as a sentence that can be filled into another."""
    word = "certain" if confidence >= CERTAIN else "probable" if confidence >= PROBABLE else "possible"
    return Said(key="sure.percent", values={"words": Said(key=f"sure.{word}"), "percent": percent(confidence)})


def extent(words: Words, area: float) -> str:
    """Return the share of an image in words, "" where it is not known."""
    if area <= 0:
        return ""
    word = "whole" if area >= WHOLE else "most" if area >= MOST else "part" if area >= SMALL else "small"
    return words("sure.percent", words=words(f"card.area-{word}"), percent=percent(min(area, 1.0)))


def playtime(words: Words, second: float | None) -> str:
    """Return where in a video something is, as players write it: "at 0:31", "at 1:02:03"; "" for None."""
    if second is None:
        return ""
    minutes, seconds = divmod(int(second), 60)
    hours, rest = divmod(minutes, 60)
    return words("card.second-at", time=f"{hours}:{rest:02}:{seconds:02}" if hours else f"{rest}:{seconds:02}")


def overturned(words: Words, past: Experience, match: Match) -> str:
    """Return how such matches were decided here, and how that changed this one; "" where nothing follows from it.

    One that was not overturned may be this very match: that is worth no sentence.
    """
    if past.decided < 2 and not past.wrong:
        return ""
    number = {0: "none", 1: "one"}.get(past.wrong, "many")
    sentence = words(f"card.overturned-{number}", wrong=past.wrong, decided=past.decided)
    if match.claimed is None:
        return sentence
    return words("card.lowered", sentence=sentence, percent=percent(match.claimed))


def percent(share: float) -> int:
    """Return the share in percent, rounded down: 100 % is said only of the same image (0.57 is still 57)."""
    return int(share * 100 + 1e-9)


def quoted(words: Words, title: str) -> str:
    """Return a title in the quotation marks of the language."""
    return f"《{title}》" if words.language == "zh" else f"“{title}”"


def title_of(reference: Reference) -> str:
    """Return the title of a reference, else its key."""
    return reference.title or reference.key


def found(words: Words, match: Match, title: str, *, is_sure: bool = True) -> str:
    """Return the match as a sentence about `title`; unless it is sure, it says that the image may be a copy."""
    maybe = f"card.maybe-{match.kind}"
    key = maybe if not is_sure and words.has(maybe) else f"found.{match.kind}"
    return words(key, title=quoted(words, title))


def differing(words: Words, match: Match, *, is_sure: bool, for_staff: bool = False) -> str:
    """Return what was exchanged in the image; "" where nothing was, whatever was put on it.

    A match that `is_sure` although its content may differ says so, too; to staff, with what follows from it.
    """
    if match.content is Content.OTHER or match.kind is Kind.TEMPLATE:
        return _exchanged(words, match)
    if not is_sure or match.content is Content.SAME or match.kind not in COPIES - {Kind.EXACT}:
        return ""
    key = "differs.hash-only" if match.reference.is_hash_only else "differs.unsettled"
    return words("differs.for-staff" if for_staff else "differs.for-all", sentence=words(key))


def of_content(words: Words, case: Case) -> tuple[str, ...]:
    """Return for moderators what differs from the best match, and whether they chose to act on such variants."""
    best = case.verdict.best
    if best is None:
        return ()
    by_itself = {action.act for action in case.actions if action.decision is None} | set(case.would_have)
    is_open = case.verdict.outcome is Outcome.MATCH and not {Act.REMOVE, Act.TIMEOUT} & by_itself
    chosen = words(f"reason.{VARIANT}") if case.verdict.reason == VARIANT else ""
    return tuple(filter(None, (differing(words, best, is_sure=is_open, for_staff=True), chosen)))


def _exchanged(words: Words, match: Match) -> str:
    """Return a sentence for each sort of exchanged thing, words first; the first few that were read are quoted."""
    sentence, room = "", MOST_READ
    for what in IN_ORDER:
        those = [difference for difference in match.differs if difference.what is what and is_exchanged(difference)]
        if not those:
            continue
        read = [
            _became(words, difference)
            for difference in those
            if one_line(difference.before) and one_line(difference.after)
        ][:room]
        room -= len(read)
        key = f"differs.{what}-read" if read else f"differs.{what}"
        then = words(key, read=words("card.list").join(read)) if read else words(key)
        sentence = words("differs.and", first=sentence, then=then) if sentence else then
    return sentence


def _became(words: Words, difference: Difference) -> str:
    return words("differs.became", before=one_line(difference.before, READ), after=one_line(difference.after, READ))


def is_exchanged(difference: Difference) -> bool:
    """Return whether the difference is told and outlined: another thing in the place of a known one."""
    return difference.how is How.EXCHANGED


def panels(words: Words, case: Case) -> str:
    """Return what each panel of the evidence picture shows; "" where there is none, or one picture twice."""
    best = case.verdict.best
    if not (best and case.thumbnail):
        return ""
    sentence, is_outlined = (
        words("evidence.three" if best.quad else "evidence.two"),
        any(map(is_exchanged, best.differs)),
    )
    return (
        words("differs.and", first=sentence, then=words("evidence.exchanged"))
        if best.quad and is_outlined
        else sentence
    )


def reason_words(words: Words, verdict: Verdict) -> str:
    """Return the verdict's reason as a sentence."""
    if verdict.reason.startswith("partial-"):
        return partial_words(words, verdict)
    key = f"reason.{verdict.reason}"
    return words(key) if words.has(key) else words("reason.other") if verdict.reason else ""


def partial_words(words: Words, verdict: Verdict) -> str:
    """Return why not everything was looked at or looked up."""
    key = f"reason.partial-{verdict.partial}"
    return words(key if words.has(key) else "reason.partial")


def failure(words: Words, sentence: str) -> str:
    """Return why an action did not work, from a key of the words or a text.

    A key may carry a value: a name, which is quoted ("no-permission|Manage Messages"), or a number; and one more. An
    unknown key is shown as it is.
    """
    name, _, values = sentence.partition("|")
    value, _, more = values.partition("|")
    if not words.has(f"failure.{name}"):
        return one_line(sentence)
    return words(f"failure.{name}", what=_what(words, one_line(value)), more=one_line(more))


def _what(words: Words, value: str) -> str:
    """Return the value of a sentence: a number as it is, a name in quotation marks."""
    if value.isdecimal():
        return value
    return words("failure.named", what=value) if value else words("failure.unnamed")


def trouble(words: Words, error: ResightError) -> str:
    """Return an error of ours for the person who met it: the exact sentence in English, elsewhere that of its kind."""
    if isinstance(error, Unscannable) and words.has(f"reason.{error.reason}"):
        return words(f"reason.{error.reason}")
    if words.language == "en" or words.has(f"failure.{str(error).partition('|')[0]}"):
        return failure(words, str(error))
    problem = next((name for kind, name in KINDS if isinstance(error, kind)), "")
    return words(f"problem.{problem}") if problem else one_line(str(error))


def moment(at: datetime) -> str:
    """Return a time in a form that means the same to everybody."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


def safe_link(url: str) -> str:
    """Return the URL if it is a web address, else "": javascript: and the like never become a link."""
    return url if url.lower().startswith(("http://", "https://")) else ""


def address(url: str) -> str:
    """Return the URL such that a platform takes all of it as one, if it names a host; else ""."""
    if not safe_link(url):
        return ""
    safe = ENDS_A_LINK.sub(lambda match: quote(match[0], safe=""), _visible(url))
    try:
        return safe if urlsplit(safe).hostname else ""
    except ValueError:  # such as http://[
        return ""


def one_line(text: str, most: int = LINE) -> str:
    """Return a stranger's text on one line, without control and direction characters, cut with "…" after `most`."""
    line = " ".join(_visible(text).split())
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"


def some_lines(text: str, most: int = LINE) -> str:
    """Return a stranger's text on at most `LINES` lines, each as `one_line` makes it, `most` characters together."""
    lines = [line for part in text.splitlines() if (line := one_line(part, most))]
    shown = "\n".join([*lines[:LINES], *(["…"] if len(lines) > LINES else [])])
    return shown if len(shown) <= most else f"{shown[: most - 1].rstrip()}…"


def host_of(url: str) -> str:
    """Return whose page an address leads to, such as "example.org"; of a long name its end, which says most."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    return host if len(host) <= LONGEST_HOST else f"…{host[1 - LONGEST_HOST :]}"


def units(text: str) -> int:
    """Return the length in UTF-16 units: no chat counts a text as longer than that."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, most: int) -> str:
    """Return at most so many UTF-16 units of a text, no character halved, with "…" for the rest."""
    if units(text) <= most:
        return text
    kept = text.encode("utf-16-le", "ignore")[: 2 * (most - 1)].decode("utf-16-le", "ignore")
    return f"{kept.rstrip(' …')}…"


def _visible(text: str) -> str:
    return "".join(
        letter
        for letter in text
        if letter.isspace() or letter in JOINERS or unicodedata.category(letter) not in INVISIBLE
    )
