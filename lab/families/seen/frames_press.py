"""News with photographs: a page to read, and a frame of television.

news_page       a word or number of the headline or text, or the photograph       small, large
tv_lower_third  the name, a word of the headline or of the ticker, or the film    small, large
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from random import Random

from PIL import Image

from core.types import What
from lab.drawings.kit import mix
from lab.edits.words import clock, phrase
from lab.families.kit import Family, Twins
from lab.families.seen.frames_kit import NO_FACT, Fact, became, blank, facts, fit, flow, line, two_facts, view, views
from lab.families.seen.frames_words import PEOPLE_CJK, STORIES_CJK, Story
from lab.families.seen.papers_kit import (
    FACES,
    SCREEN_FACES,
    Look,
    Page,
    Size,
    dated,
    day,
    emblem,
    landscape,
    length,
    palette,
    portrait,
    twins_of,
    two,
)
from lab.families.seen.papers_words import CITIES, FIRST, LETTER, SWAPS, full_name, listed
from lab.families.seen.products_pens import coined, ink_on

PLACES = listed("library,market,port,university,hospital,railway,airport,museum,zoo,theatre,stadium,post office")
CLAIMS = listed(
    "{} cancels plans for a new bridge|Fire at the {}: nobody was hurt|{} workers vote to end the strike|"
    "Record crowds as the old {} opens its doors|City sells its {} after forty years|Thousands march to save the {}|"
    "How the {} became the heart of the quarter|{} admits mistakes over the flood",
    "|",
)
COUNTED = listed(
    "{} homes without power after the storm|Ferry with {} passengers returns to port|Factory to close: {} jobs at risk|"
    "Rents rise by {} per cent in a year|Court orders company to pay {} million|{} schools to close by autumn|"
    "Lottery: {} winners in one village|Vote is won by {} ballots",
    "|",
)
ROLES = listed(
    "Mayor of {c},Reporter in {c},Chief Forecaster,Professor of Economics,Eyewitness,Head Coach,Minister of Transport"
)
SECTIONS = listed("Home,World,Business,Sport,Culture,Science,Weather,Opinion,Travel,Local")


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A story with the place where its {} stands, which may be the headline, the text, or no place at all."""

    story: Story
    is_cjk: bool


def _counted(dice: Random) -> str:
    return str(dice.choice((dice.randint(12, 98), dice.randint(110, 990))))


def _report(dice: Random) -> tuple[Report, tuple[Fact, Fact]]:
    """A piece of news and two words or numbers for it."""
    if dice.random() < 0.35:
        story = dice.choice(STORIES_CJK)
        return Report(story=story, is_cjk=True), two_facts(dice, story.among)
    is_counted = dice.random() < 0.5
    headline, among = dice.choice(COUNTED if is_counted else CLAIMS), [one.capitalize() for one in PLACES]
    both = facts(*two(dice, _counted)) if is_counted else two_facts(dice, among if headline[0] == "{" else PLACES)
    body = " ".join(dice.sample(LETTER, 14))
    paper = (
        f"{dice.choice(('The', 'Daily', 'Evening'))} {coined(dice)} {dice.choice(('Post', 'Courier', 'Echo', 'Star'))}"
    )
    story = Story(paper=paper, sections=dice.sample(SECTIONS, 6), headline=headline, among=(), body=body, live="LIVE")
    return Report(story=story, is_cjk=False), both


def news_page(dice: Random) -> Twins:
    """A piece of news on a page with its photograph: another word or number, or another photograph."""
    report, both = _report(dice)
    if dice.random() < 0.35:
        says = "the photograph over the story is another one"
        return twins_of(dice, partial(_news_of, report, both[0]), views(dice), says, What.PICTURE)
    return twins_of(dice, partial(_news, report, view(dice)), both, became("word of the headline", both))


def _news_of(report: Report, fact: Fact, dice: Random, photo: Image.Image) -> Image.Image:
    return _news(report, photo, dice, fact)


def _news(report: Report, photo: Image.Image, dice: Random, fact: Fact) -> Image.Image:
    """Masthead, headline, photograph and text, one below the other or in two columns."""
    is_wide = dice.random() < 0.4
    size, look = (landscape(dice) if is_wide else portrait(dice)), palette(dice, 0.3, FACES)
    face, bold = ("cjk", "cjk") if report.is_cjk else (look.face, look.bold)
    page, edge = blank(size, look.card), round(size[0] * dice.uniform(0.03, 0.07))
    top = _masthead(page, dice, report, look, edge) + 16
    width, large = size[0] - 2 * edge, dice.randint(26, 38)
    if is_wide:
        _two_columns(page, dice, report, (photo, fact), look, (edge, top), (face, bold, large))
        return page.image
    y = flow(page, (edge, top), width, report.story.headline, (bold, large), look.ink, fact, 1.3) + 8
    page.write(edge, y + 16, _byline(dice, report), face, 15, look.faint)
    high = min(width * dice.uniform(0.45, 0.62), size[1] * 0.4)
    page.place(fit(photo, width, high), edge, y + 30)
    page.write(edge, y + 50 + high, phrase(dice, 5, 9).capitalize() if not report.is_cjk else "", face, 13, look.faint)
    body = dice.randint(16, 19) + 7 * report.is_cjk
    flow(page, (edge, y + 66 + high), width, report.story.body, (face, body), look.ink)
    return page.image


def _byline(dice: Random, report: Report) -> str:
    who, when, at = full_name(dice), dated("{y}-{m:02d}-{d:02d}", day(dice)), clock(dice)
    return f"{when}  {at}" if report.is_cjk else f"By {who}  |  {when}  |  {at}"


def _masthead(page: Page, dice: Random, report: Report, look: Look, edge: int) -> float:
    """The name of the paper and its sections; gives the y below them."""
    width, high, is_bar = page.image.width, dice.randint(58, 84), dice.random() < 0.5
    face = "cjk" if report.is_cjk else look.bold
    if is_bar:
        page.box(0, 0, width, high, look.accent)
    emblem(page, dice, edge + 20, high / 2, 18, "#ffffff" if is_bar else look.accent, look.second)
    ink = ink_on(look.accent) if is_bar else look.ink
    page.squeezed(edge + 52, high / 2, report.story.paper, face, round(high * 0.48), width * 0.7, ink, "lm")
    x = float(edge)
    for section in report.story.sections:
        page.write(x, high + 26, section, face, 16, look.faint)
        x += length(section, face, 16) + 24
    page.box(0, high + 38, width, 2, mix(look.card, look.ink, 0.2))
    return high + 40


def _two_columns(
    page: Page,
    dice: Random,
    report: Report,
    shown: tuple[Image.Image, Fact],
    look: Look,
    spot: tuple[float, float],
    font: tuple[str, str, int],
) -> None:
    """The photograph on one side, headline and text on the other."""
    (x, y), (photo, fact), (face, bold, large) = spot, shown, font
    wide, gap, high = page.image.width - 2 * x, 28, page.image.height - y - 24
    share = dice.uniform(0.42, 0.55)
    left, right = wide * share, wide * (1 - share) - gap
    page.place(fit(photo, left, high * dice.uniform(0.55, 0.95)), x, y, dice.choice((0, 12)))
    foot = flow(page, (x + left + gap, y), right, report.story.headline, (bold, large), look.ink, fact, 1.3)
    page.write(x + left + gap, foot + 18, _byline(dice, report), face, 14, look.faint)
    flow(page, (x + left + gap, foot + 30), right, report.story.body, (face, 22 if report.is_cjk else 16), look.ink)


@dataclass(frozen=True, slots=True, kw_only=True)
class Banner:
    """What stands over a frame of television; {} is in the name, the headline or the ticker."""

    station: str
    live: str
    name: str
    role: str
    headline: str
    ticker: str
    is_cjk: bool


def tv_lower_third(dice: Random) -> Twins:
    """A frame of television news: another name or word in its banner or ticker, or another film."""
    what = dice.choice(("name", "name", "headline", "ticker", "film"))
    banner, both = (_cjk_banner if dice.random() < 0.35 else _banner)(dice, what)
    if what == "film":
        return twins_of(
            dice, partial(_tv_of, banner), views(dice), "the film under the banner is another one", What.PICTURE
        )
    return twins_of(dice, partial(_tv, banner, view(dice)), both, became(f"word in the {what}", both))


def _banner(dice: Random, what: str) -> tuple[Banner, tuple[Fact, Fact]]:
    who, city = two(dice, full_name), dice.choice(CITIES)
    claim, place = dice.choice(CLAIMS[1:7:2]), dice.sample(PLACES, 2)
    news = [f"{dice.choice(CITIES)}: {phrase(dice, 3, 5)}" for _ in range(4)]
    swap = dice.sample(SWAPS, 2)
    both = {"name": who, "headline": place, "ticker": swap}.get(what, who)
    made = Banner(
        station=f"{coined(dice, 1)} {dice.randint(1, 24)}",
        live=dice.choice(("LIVE", "BREAKING", "NEWS")),
        name="{}" if what == "name" else who[0],
        role=dice.choice(ROLES).format(c=city),
        headline=claim if what == "headline" else claim.replace("{}", place[0]),
        ticker="  +++  ".join(
            (f"{dice.choice(FIRST)} opens the {{}}".replace("{}", "{}" if what == "ticker" else swap[0]), *news)
        ),
        is_cjk=False,
    )
    return made, facts(both[0], both[1])


def _cjk_banner(dice: Random, what: str) -> tuple[Banner, tuple[Fact, Fact]]:
    at = dice.randrange(len(STORIES_CJK))
    (names, role), story = PEOPLE_CJK[at], STORIES_CJK[at]
    other = STORIES_CJK[1 - at] if at < 2 else story
    who, word, swap = (dice.sample(tuple(among), 2) for among in (names, story.among, other.among))
    both = {"name": who, "headline": word, "ticker": swap}.get(what, who)
    made = Banner(
        station=story.paper[:2] + dice.choice(("TV", "24", "1")),
        live=story.live,
        name="{}" if what == "name" else who[0],
        role=role,
        headline=story.headline if what == "headline" else story.headline.replace("{}", word[0]),
        ticker=(other.headline if what == "ticker" else other.headline.replace("{}", swap[0])) + "　" + other.body[:40],
        is_cjk=True,
    )
    return made, facts(both[0], both[1])


def _tv_of(banner: Banner, dice: Random, photo: Image.Image) -> Image.Image:
    return _tv(banner, photo, dice, NO_FACT)


def _tv(banner: Banner, photo: Image.Image, dice: Random, fact: Fact) -> Image.Image:
    """The film with banner, ticker, the station's sign and the time over it."""
    size: Size = dice.choice(((960, 540), (1024, 576), (1080, 608), (800, 600), (720, 720)))
    look, high = palette(dice, 0.5, SCREEN_FACES), round(size[1] * dice.uniform(0.14, 0.19))
    page, foot = Page(fit(photo, *size)), 40
    face, bold = ("cjk", "cjk") if banner.is_cjk else (look.face, look.bold)
    left = round(size[0] * dice.choice((0, 0.04, 0.06)))
    _boxes(page, dice, look, (left, size[1] - foot - high - dice.randint(8, 30), high), banner, fact, (face, bold))
    _station(page, dice, look, banner, bold)
    page.box(0, size[1] - foot, size[0], foot, look.ground)
    at = clock(dice)
    page.box(0, size[1] - foot, 84, foot, look.accent)
    page.write(42, size[1] - foot / 2, at, bold, 19, ink_on(look.accent), "mm")
    page.write(98, size[1] - foot / 2, banner.ticker.replace("{}", fact.shown), face, 20, look.ink, "lm")
    return page.image


def _boxes(
    page: Page,
    dice: Random,
    look: Look,
    at: tuple[float, float, float],
    banner: Banner,
    fact: Fact,
    fonts: tuple[str, str],
) -> None:
    """The banner: name and function in one box, the headline in another."""
    (x, y, high), (face, bold) = at, fonts
    wide, half = page.image.width - 2 * x, high / 2
    first, second = ((look.accent, look.card), (look.card, look.second), (look.second, look.ground))[dice.randrange(3)]
    inks = [ink_on(fill) for fill in (first, second)]
    page.shade(x, y, wide, half, 0, mix(first, "#ffffff", 0.1), first)
    page.box(x, y + half, wide, half, second)
    page.box(x, y, 8, high, look.second if first != look.second else look.accent)
    text = f"{banner.name}  |  {banner.role}"
    line(page, (x + 24, y + half * 1.5), wide - 48, banner.headline, (bold, round(half * 0.56)), inks[1], fact, "lm")
    line(page, (x + 24, y + half * 0.5), wide - 48, text, (face, round(half * 0.5)), inks[0], fact, "lm")


def _station(page: Page, dice: Random, look: Look, banner: Banner, face: str) -> None:
    """The station's sign in one corner, and that it is live in the other."""
    is_left, y = dice.random() < 0.5, 24.0
    x = 24.0 if is_left else page.image.width - 174.0
    page.box(x, y, 150, 44, f"{look.ground}cc", 6)
    emblem(page, dice, x + 24, y + 22, 14, look.accent, look.second)
    page.squeezed(x + 48, y + 22, banner.station, face, 22, 96, look.ink, "lm")
    x = page.image.width - 124.0 if is_left else 24.0
    page.box(x, y + 5, 100, 34, "#d3222a", 4)
    page.squeezed(x + 50, y + 22, banner.live, face, 19, 90, "#ffffff", "mm")


FAMILIES: Sequence[Family] = (
    Family(name="news_page", draw=news_page, is_photographic=True),
    Family(name="tv_lower_third", draw=tv_lower_third, is_photographic=True),
)
