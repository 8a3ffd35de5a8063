"""Screens with one other thing on them.

music_player   the title or the singer, or the cover with both     small, large
mail_message   a day, an amount, a time or a name in a mail        small
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from random import Random

from PIL import Image, ImageFilter

from core.types import What
from lab.drawings.kit import mix
from lab.edits.words import clock, phrase
from lab.families.kit import Family, Twins
from lab.families.seen.frames_kit import NO_FACT, Fact, became, blank, facts, fit, flow, line, two_facts, views
from lab.families.seen.frames_words import MAILS_CJK, SONGS_CJK, STORIES_CJK, Mail
from lab.families.seen.papers_kit import (
    SCREEN_FACES,
    Look,
    Page,
    any_size,
    dated,
    day,
    emblem,
    landscape,
    palette,
    portrait,
    twins_of,
    two,
)
from lab.families.seen.papers_words import (
    BANDS,
    CITIES,
    FIRST,
    LETTER,
    SUBJECTS,
    amount,
    full_name,
    listed,
    maker,
    written,
)
from lab.families.seen.products_pens import coined, ink_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Song:
    """What is playing."""

    title: str
    singer: str
    cover: Image.Image
    both: tuple[str, str]


def music_player(dice: Random) -> Twins:
    """A player with another title or singer under the same cover, or with another cover."""
    what, is_cjk = dice.choice(("title", "title", "singer", "cover")), dice.random() < 0.35
    (titles, singers, now), covers = _songs(dice, is_cjk), views(dice)
    songs = [
        Song(
            title=titles[at if what != "singer" else 0],
            singer=singers[at if what == "singer" else 0],
            cover=covers[at if what == "cover" else 0],
            both=titles,
        )
        for at in (0, 1)
    ]
    if what == "cover":
        says = f"the cover and the title: {titles[0]} became {titles[1]}"
        return twins_of(dice, partial(_player, now), (songs[0], songs[1]), says, What.PICTURE)
    words = titles if what == "title" else singers
    return twins_of(dice, partial(_player, now), (songs[0], songs[1]), became(what, facts(*words)))


def _songs(dice: Random, is_cjk: bool) -> tuple[tuple[str, str], tuple[str, str], str]:
    """Two titles, two singers, and the words above them."""
    if is_cjk:
        titles, singer, now = dice.choice(SONGS_CJK)
        one, other = dice.sample(titles, 2)
        return (one, other), (singer, dice.choice([one for _, one, _ in SONGS_CJK if one != singer])), now
    names = two(dice, lambda dice: phrase(dice, 2, 3).title())
    first, second = dice.sample((*BANDS, coined(dice), full_name(dice)), 2)
    return names, (first, second), dice.choice(("NOW PLAYING", "PLAYING FROM ALBUM", "Episode", "On air"))


def _player(now: str, dice: Random, song: Song) -> Image.Image:
    """Upright as on a telephone, or broad with the cover on the left."""
    is_wide = dice.random() < 0.4
    size, look = (landscape(dice) if is_wide else portrait(dice)), palette(dice, 0.75, SCREEN_FACES)
    page = _ground(dice, look, song, size)
    side = round(min(size[0] * (0.42 if is_wide else 0.84), size[1] * (0.72 if is_wide else 0.55)))
    x, y = (size[0] * 0.05, (size[1] - side) / 2) if is_wide else ((size[0] - side) / 2, size[1] * 0.1)
    page.shadow(x, y, side, side, 18, 0.5)
    page.place(fit(song.cover, side, side), x, y, dice.choice((0, 10, 26)))
    left = x + side + 40 if is_wide else x
    _controls(
        page, dice, look, song, (left, y + side * 0.1 if is_wide else y + side + 8, size[0] - left - size[0] * 0.06)
    )
    page.write(size[0] / 2, size[1] * 0.05, now, "cjk", 17, look.faint, "mm")
    return page.image


def _ground(dice: Random, look: Look, song: Song, size: tuple[int, int]) -> Page:
    """One colour, or the cover out of focus; the twins' grounds differ only where their covers do."""
    if dice.random() < 0.5:
        return blank(size, look.ground)
    soft = fit(song.cover.resize((90, 90)).filter(ImageFilter.GaussianBlur(9)), *size)
    return Page(Image.blend(soft, Image.new("RGB", size, look.ground), 0.72))


def _controls(page: Page, dice: Random, look: Look, song: Song, at: tuple[float, float, float]) -> None:
    """Title, singer, how far it is, and the buttons."""
    (x, y, wide), large = at, dice.randint(26, 34)
    face = "cjk" if not (song.both[0] + song.singer).isascii() else look.bold
    own = facts(song.title, song.both[1] if song.title == song.both[0] else song.both[0])[0]
    line(page, (x, y + 44), wide, "{}", (face, large), look.ink, own)
    page.write(x, y + 82, song.singer, face, 22, look.faint)
    done, length_of = dice.uniform(0.1, 0.9), dice.randint(130, 320)
    page.box(x, y + 110, wide, 5, mix(look.ground, look.ink, 0.25), 2)
    page.box(x, y + 110, wide * done, 5, look.accent, 2)
    page.circle(x + wide * done, y + 112, 8, look.ink)
    for spot, second, anchor in ((x, round(done * length_of), "ls"), (x + wide, length_of, "rs")):
        page.write(spot, y + 140, f"{second // 60}:{second % 60:02d}", look.face, 15, look.faint, anchor)
    _buttons(page, look, x + wide / 2, y + 182)


def _buttons(page: Page, look: Look, x: float, y: float) -> None:
    """Back, pause, on."""
    page.circle(x, y, 32, look.accent)
    for side in (-9, 3):
        page.box(x + side, y - 13, 7, 26, ink_on(look.accent), 2)
    for way in (-1, 1):
        page.shape([(x + way * 66, y - 13), (x + way * 88, y), (x + way * 66, y + 13)], look.ink)
        page.box(x + way * 90 - 2, y - 13, 4, 26, look.ink)


MAIL_TEXTS: Mapping[str, Sequence[str]] = {
    "day": listed(
        "The appointment has been moved to {}.|Please let us have your answer by {}.|The lift will be closed on {}.",
        "|",
    ),
    "amount": listed(
        "The total comes to {} euros.|We have transferred {} to your account.|A deposit of {} is due.", "|"
    ),
    "time": listed("We will meet you at the entrance at {} sharp.|Your train leaves at {} from platform four.", "|"),
    "name": listed("Your contact from now on will be {}.|The keys are with {} on the ground floor.", "|"),
    "city": listed("The next meeting will take place in {}.|Your parcel has arrived in {}.", "|"),
}
FOLDERS = listed("Inbox,Starred,Sent,Drafts,Archive,Spam")


def mail_message(dice: Random) -> Twins:
    """A mail on a screen, in which one day, amount, time, name or town is another one."""
    if dice.random() < 0.35:
        mail = dice.choice(MAILS_CJK)
        both = two_facts(dice, mail.among)
        return twins_of(dice, partial(_mail, mail, True), both, became(mail.what, both))
    what = dice.choice(tuple(MAIL_TEXTS))
    both = facts(*two(dice, partial(_told, what)))
    said = dice.sample(LETTER, dice.randint(5, 9))
    said.insert(dice.randint(1, 3), dice.choice(MAIL_TEXTS[what]))
    mail = Mail(
        folders=FOLDERS,
        subject=dice.choice(SUBJECTS),
        sender=dice.choice((full_name(dice), maker(dice))),
        body=" ".join(said),
        among=(),
        what=what,
    )
    return twins_of(dice, partial(_mail, mail, False), both, became(what, both))


def _told(what: str, dice: Random) -> str:
    if what == "day":
        return dated("{d} {month}", day(dice))
    if what == "amount":
        return written(amount(dice, 40, 9000))
    if what == "time":
        return clock(dice)
    return dice.choice(CITIES if what == "city" else [f"Mr {one}" for one in FIRST])


def _mail(mail: Mail, is_cjk: bool, dice: Random, fact: Fact) -> Image.Image:
    """The bar, the folders where there is room for them, and the mail."""
    size, look = any_size(dice), palette(dice, 0.4, SCREEN_FACES)
    face, bold = ("cjk", "cjk") if is_cjk else (look.face, look.bold)
    page, high = blank(size, look.ground), dice.randint(46, 62)
    page.box(0, 0, size[0], high, look.accent)
    emblem(page, dice, 34, high / 2, 15, ink_on(look.accent), look.second)
    page.write(64, high / 2, f"{coined(dice)} Mail", look.bold, 21, ink_on(look.accent), "lm")
    left = dice.choice((0, 150, 190)) if size[0] > 760 else 0
    for at, folder in enumerate(mail.folders if left else ()):
        page.write(20, high + 46 + at * 38, folder, face, 18, look.accent if at == 0 else look.faint)
    edge = left + 24.0
    page.box(left + 8, high + 10, size[0] - left - 18, size[1] - high - 20, look.card, 10)
    y = _head(page, dice, mail, look, (edge, high + 30, size[0] - edge - 30), (face, bold))
    body, wide = (face, dice.randint(18, 23) + 5 * is_cjk), size[0] - edge - 34
    y = flow(page, (edge, y), wide, mail.body, body, look.ink, fact, 1.55)
    _reply(page, dice, look, edge, y + 30)
    _earlier(page, dice, look, (edge, y + 100, wide), face)
    return page.image


def _head(
    page: Page, dice: Random, mail: Mail, look: Look, at: tuple[float, float, float], fonts: tuple[str, str]
) -> float:
    """Subject, sender and when it came."""
    (x, y, wide), (face, bold) = at, fonts
    line(page, (x, y + 28), wide, mail.subject, (bold, 29), look.ink)
    page.circle(x + 24, y + 78, 23, look.second)
    page.write(x + 24, y + 78, mail.sender[0], face, 22, ink_on(look.second), "mm")
    page.squeezed(x + 60, y + 68, mail.sender, bold, 19, wide * 0.6, look.ink, "lm")
    page.write(
        x + 60, y + 92, f"{coined(dice).lower()}@{coined(dice).lower()}.example", look.face, 14, look.faint, "lm"
    )
    page.write(x + wide, y + 70, dated("{y}-{m:02d}-{d:02d}", day(dice)), look.face, 15, look.faint, "rm")
    page.box(x, y + 116, wide, 1, mix(look.card, look.ink, 0.25))
    return y + 132


def _reply(page: Page, dice: Random, look: Look, x: float, y: float) -> None:
    """A file that came with it, and the button to answer."""
    page.box(x, y, 190, 44, mix(look.card, look.accent, 0.15), 8)
    page.box(x + 10, y + 10, 20, 24, look.second, 3)
    page.write(
        x + 40,
        y + 22,
        f"{dice.choice(('plan', 'form', 'note', 'scan'))}_{dice.randint(10, 99)}.pdf",
        "sans",
        15,
        look.ink,
        "lm",
    )
    page.box(x + 206, y, 110, 44, look.accent, 22)
    page.shape([(x + 236, y + 22), (x + 254, y + 10), (x + 254, y + 34)], ink_on(look.accent))
    page.box(x + 252, y + 19, 32, 6, ink_on(look.accent))


def _earlier(page: Page, dice: Random, look: Look, at: tuple[float, float, float], face: str) -> None:
    """The mail that this one answers, as far as there is room for it."""
    (x, y, wide), foot = at, page.image.height - 20
    text = " ".join(dice.sample(LETTER, 9)) if face != "cjk" else dice.choice(STORIES_CJK[:2]).body
    for row, said in enumerate(NO_FACT.lines(text, face, 17, wide - 24)):
        if y + 30 + row * 26 < foot - 20:
            page.write(x + 20, y + 24 + row * 26, said, face, 17, look.faint)
            page.box(x, y + 6 + row * 26, 4, 26, mix(look.card, look.accent, 0.5))


FAMILIES: Sequence[Family] = (
    Family(name="music_player", draw=music_player, is_photographic=True),
    Family(name="mail_message", draw=mail_message),
)
