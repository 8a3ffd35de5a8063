"""What the bot shows in a chat: every situation of a case in words, and what strangers wrote as text only.

The words themselves are in tests/bot/snapshots; `python -m tests.bot.snapshots` writes them again.
"""

import re
import unicodedata
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from core.cases import Background, Case, Earlier, Profile
from core.chat import Gate, Judged, Said
from core.matches import Experience
from core.messages import Card, Place, Tone
from core.policy import ON_THE_POST
from core.telling import failure, said
from core.types import Act, ActState, Decision, Kind, Mode, Outcome, Platform
from core.wording import LANGUAGES, Words
from handlers.chat import data
from handlers.chat.card_history import tone_of
from handlers.chat.cards import alert_card, answer_card, case_card
from handlers.chat.why_card import why_card
from tests.bot.cases import (
    ANSWERS,
    BACKGROUND,
    BY_ANN,
    CASES,
    COINS,
    COMMUNITY,
    HOSTILE,
    KEPT_UNTIL,
    NOON,
    REFUSED,
    REMOVED,
    RIDGES,
    SPACE,
    UNDONE,
    action,
    alert,
    case,
    decision,
    enforced,
    event,
    explanation,
    match,
    query,
    reference,
    verdict,
    without,
)
from tests.bot.snapshots import FOLDER, cards, snapshots, written

EN = Words.of("en")
SNAPSHOTS = snapshots()


def shown(one: Case, words: Words = EN) -> Card:
    return case_card(words, one, COMMUNITY, KEPT_UNTIL)


def text_of(card: Card, label: str = "") -> str:
    """The text of the first line with that label, "" if there is none."""
    return next((line.plain for line in card.lines if line.label == label), "")


@pytest.mark.parametrize("path", SNAPSHOTS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_cards_read_as_they_did(path: Path) -> None:
    """Every card in both languages is, word for word, what somebody has read and found good."""
    assert path.read_text(encoding="utf-8") == SNAPSHOTS[path], "Read it: python -m tests.bot.snapshots"


def test_no_snapshot_is_left_over() -> None:
    """Each file belongs to a card."""
    assert set(FOLDER.glob("*/*.txt")) == set(SNAPSHOTS)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", cards())
def test_cards_speak_as_the_bot_does(name: str, language: str) -> None:
    """No exclamation marks, no inner words, no place left to fill in, and Chinese where Chinese is spoken."""
    text = written(cards()[name](Words.of(language)))

    assert not re.search(r"[!！{}]|embedding|cosine|inlier|threshold", text, re.IGNORECASE)
    assert (language == "zh") == bool(re.search(r"[\u4e00-\u9fff]", text))


@pytest.mark.parametrize(
    "one, tone",
    [
        (CASES["match-dry-run"], Tone.MATCH),
        (CASES["review"], Tone.REVIEW),
        (CASES["reported-clean"], Tone.CLEAN),
        (CASES["reported-unscannable"], Tone.REVIEW),
        (CASES["match-gone"], Tone.MATCH),
        (CASES["forbidden"], Tone.FAILED),
        (CASES["decided"], Tone.DECIDED),
        (CASES["undone"], Tone.REVERSED),
        (enforced(REFUSED, decisions=(BY_ANN,)), Tone.DECIDED),
        (enforced(REFUSED, replace(REFUSED, id=2, decision=5), decisions=(BY_ANN,)), Tone.FAILED),
        (enforced(REFUSED, action(2, Act.TIMEOUT)), Tone.FAILED),
        (
            enforced(replace(REFUSED, decision=5), action(2, Act.RESTORE, decision=5), decisions=(UNDONE,)),
            Tone.REVERSED,
        ),
        (case(decisions=(UNDONE, decision(6))), Tone.DECIDED),
    ],
)
def test_the_tone_says_how_it_stands(one: Case, tone: Tone) -> None:
    """What failed comes first, then the decision, then what was found; a failure before the decision is settled."""
    assert tone_of(one) is tone


def test_a_card_is_nothing_to_act_on() -> None:
    """That a card could not be shown is no failure of the case, and is not listed on the card."""
    one = enforced(REMOVED, action(2, Act.CARD, ActState.FORBIDDEN, "unreachable"))

    assert tone_of(one) is Tone.MATCH
    assert text_of(shown(one), "What was done") == "Remove: done"


@pytest.mark.parametrize(
    "name, actions",
    [
        ("match-dry-run", ["violation", "allowed", "not_a_match", "abuse", "why"]),
        ("undone", ["violation", "allowed", "not_a_match", "abuse", "why"]),
        ("braked", ["violation", "allowed", "not_a_match", "release", "abuse", "why"]),
        ("suspected", ["undo", "why"]),
        ("decided", ["undo", "why"]),
        ("reported-clean", ["violation", "allowed", "add", "abuse", "why"]),
    ],
)
def test_the_buttons_are_what_can_be_done_now(name: str, actions: list[str]) -> None:
    """Decide while nobody has, else undo; and where nothing matched, nothing can be called no match."""
    meant = [data.read(button.data) for button in shown(CASES[name]).buttons]

    assert [one.action for one in meant if isinstance(one, data.OfCase)] == actions
    assert len(meant) == len(actions)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", ActState)
def test_every_act_can_be_told(state: ActState, language: str) -> None:
    """Whatever is asked of a front, and whatever a dry run held back, has its row."""
    acts = [act for act in Act if act not in (Act.CARD, Act.ANSWER)]
    cards = [
        shown(case(would_have=ON_THE_POST, actions=(action(number, act, state),)), Words.of(language))
        for number, act in enumerate(acts)
    ]
    rows = {row for card in cards for row in text_of(card, Words.of(language)("case.did")).split("\n")}

    assert len(rows) == len(ON_THE_POST) + len(acts)


def test_a_dry_runs_button_says_that_it_acts() -> None:
    """Where the dry run held a removal back, a moderator knows that the button does not."""
    assert shown(CASES["match-dry-run-confirmed"]).buttons[0].label == "Violation: remove it"
    assert shown(CASES["match-dry-run"]).buttons[0].label == "Violation"


@pytest.mark.parametrize(
    "one, why",
    [
        (enforced(REMOVED), "Enforce – confirmed by your moderators before"),
        (enforced(action(1, Act.FLAG)), "Enforce – removal is only for images that your moderators confirmed before"),
        (enforced(decisions=(BY_ANN,)), "Enforce"),
        (enforced(action(1, Act.REMOVE, decision=5), decisions=(BY_ANN,)), "Enforce"),
        (case(mode=Mode.OFF, would_have=()), "Off – nothing is done before you decide"),
    ],
)
def test_the_rule_that_held_is_told(one: Case, why: str) -> None:
    """The mode, and why it asked for what it asked for; what a moderator asked for is not the rule's doing."""
    assert text_of(shown(one), "Mode here") == why


def test_what_was_done_often_is_told_briefly() -> None:
    """Of many actions the card lists the newest, those alike in one row."""
    records = [decision(number, undone_by="bo") for number in range(1, 40)]
    actions = [
        action(2 * one.id + more, act, decision=one.id)
        for one in records
        for more, act in enumerate((Act.REMOVE, Act.RESTORE))
    ]
    card = shown(enforced(*actions, decisions=tuple(records)))

    assert text_of(card, "What was done").count("\n") == 5
    assert text_of(card, "Decision").count("\n") == 5
    assert shown(CASES["album"]).lines[7].text.startswith("Remove: done (2 pictures)\n")


def test_nameless_people_have_a_name() -> None:
    """Without a name the platform's own stands there, and a moderator is called one."""
    card = shown(case(event=event(author_name="\u202e \u200b"), decisions=(decision(1, by=""),)))

    assert text_of(card, "Posted by") == "4500"
    assert text_of(card, "Decision") == "Violation, by Moderator"


def test_a_card_says_who_it_was() -> None:
    """Name, number, the age of the account at the time of the post, and what was here before."""
    card = case_card(EN, case(), COMMUNITY, None, background=BACKGROUND)

    assert text_of(card, "Posted by").split("\n") == [
        "Bo · 4500",
        "Account 3 days old (2026-04-28)",
        "Member here for less than an hour (since 2026-05-01)",
        "3 earlier cases here, 2 violations",
    ]
    assert text_of(card, "Seen here") == "in 4 other posts in the 7 days before"


@pytest.mark.parametrize(
    "earlier, sentence",
    [
        (Earlier(), "No earlier case here"),
        (Earlier(cases=1), "1 earlier case here, no violation"),
        (Earlier(cases=1, violations=1), "1 earlier case here, 1 violation"),
        (Earlier(cases=12), "12 earlier cases here, no violation"),
    ],
)
def test_earlier_cases_are_told_with_what_they_were(earlier: Earlier, sentence: str) -> None:
    """That there were cases accuses nobody: how many were violations stands beside."""
    card = case_card(EN, case(), COMMUNITY, None, background=Background(earlier=earlier))

    assert text_of(card, "Posted by") == f"Bo · 4500\n{sentence}"
    assert text_of(card, "Seen here") == ""


@pytest.mark.parametrize(
    "age, told",
    [
        (timedelta(minutes=-3), "less than an hour"),
        (timedelta(minutes=59), "less than an hour"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(hours=47), "47 hours"),
        (timedelta(days=59), "59 days"),
        (timedelta(days=60), "2 months"),
        (timedelta(days=729), "24 months"),
        (timedelta(days=800), "2 years"),
    ],
)
def test_the_age_of_an_account_is_one_number(age: timedelta, told: str) -> None:
    """In the largest unit of which there are two."""
    background = Background(profile=Profile(made_at=NOON - age))
    card = case_card(EN, case(), COMMUNITY, None, background=background)

    assert f"Account {told} old (" in text_of(card, "Posted by")


def test_one_who_was_forgotten_is_not_told() -> None:
    """No line about nobody, whatever is known about others without a name."""
    one = case(event=event(author="", author_name=""))
    card = case_card(EN, one, COMMUNITY, None, background=BACKGROUND)

    assert "Posted by" not in [line.label for line in card.lines]


def test_a_card_says_where_it_was() -> None:
    """The channel where a community has several, as what leads there; a group without channels is its own place."""
    threaded = shown(case(event=event(thread="4201")))
    group = replace(SPACE, platform=Platform.TELEGRAM, channel=SPACE.community)
    (place,) = next(line.names for line in threaded.lines if line.label == "Where")

    assert place == Place(space=SPACE, thread="4201")
    assert text_of(threaded, "Where") == "#4200, Discord, Picture club"
    assert text_of(shown(case(event=event(space=group))), "Where") == "Telegram, Picture club"


@pytest.mark.parametrize(
    "one, title",
    [
        (CASES["match-dry-run"], "match"),
        (CASES["review"], "needs a look"),
        (CASES["reported-clean"], "reported, nothing known in it"),
        (CASES["reported-unscannable"], "reported, could not be scanned"),
        (CASES["decided"], "Violation, by ann"),
        (case(decisions=(decision(1, Decision.ALLOWED),)), "Allowed, by ann"),
        (case(decisions=(decision(1, by=""),)), "Violation, by Moderator"),
        (CASES["undone"], "match (decision taken back by bob)"),
        (case(decisions=(UNDONE, decision(6, Decision.NOT_A_MATCH))), "Not a match, by ann"),
    ],
)
def test_the_title_follows_the_state(one: Case, title: str) -> None:
    """Whoever looks at the channel sees which cases are open, and who decided the others."""
    assert shown(one).title == f"Case 12: {title}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_reported_post_is_called_unknown(language: str) -> None:
    """That it was reported comes first: nobody reports nothing."""
    words = Words.of(language)

    assert shown(CASES["reported-clean"], words).title != words("card.title", number=12, state=words("card.clean"))


@pytest.mark.parametrize(
    "url, name",
    [
        ("https://www.example.org/a/b?c=d", "example.org"),
        ("http://example.org:8080", "example.org"),
        ("https://example.com@evil.example/x", "evil.example"),
        (f"https://{'sub.' * 20}evil.example/", "…" + f"{'sub.' * 20}evil.example"[-39:]),
    ],
)
def test_a_source_is_told_by_its_name(url: str, name: str) -> None:
    """Whose page it is, without the address, which it leads to; of a long one the end, which nobody can choose."""
    one = case(verdict(match(reference("Koi", source_url=url))))
    for card in (shown(one), answer_card(EN, one)):
        (line,) = [line for line in card.lines if line.label == "Source"]
        assert (line.text, line.url) == (name, url)


@pytest.mark.parametrize("name", cards())
def test_no_card_shows_an_address(name: str) -> None:
    """Addresses stand behind words."""
    card = cards()[name](EN)

    assert not [line.plain for line in card.lines if "://" in line.plain and not line.is_quote]


def test_the_words_of_a_post_are_a_few_lines() -> None:
    """As they were written, without empty lines and tricks; the rest is a sign."""
    text = "one\n\n  \n\u202etwo\x1a\r\nthree\nfour\nfive"
    line = next(line for line in shown(case(event=event(text=text))).lines if line.is_quote)

    assert line.text == "one\ntwo\nthree\nfour\n…"
    assert len(next(line.text for line in shown(case(event=event(text="x" * 4096))).lines if line.is_quote)) == 200


def test_evidence_without_an_end_is_not_promised() -> None:
    """A case without a kept picture says nothing of how long it is kept."""
    assert case_card(EN, case(), COMMUNITY, None).footer == ""


@pytest.mark.parametrize("link", ["", "javascript:alert(1)", "https://", "tg://user?id=1"])
def test_only_a_web_address_leads_to_the_post(link: str) -> None:
    """Any other link is no link."""
    assert shown(case(event=event(link=link))).link == ""


@pytest.mark.parametrize("show", [shown, lambda one: answer_card(EN, one), lambda one: alert_card(EN, alert(2), one)])
def test_strangers_stay_on_their_line(show: object) -> None:
    """Names and titles of any length and any characters are one short line each, in their order."""
    assert callable(show)
    evil = reference(
        f"{HOSTILE}{'x' * 10_000}", owner=HOSTILE * 50, rights=HOSTILE * 50, source_url=f"https://e.org/{HOSTILE}"
    )
    one = case(
        verdict(match(evil), match(evil)),
        event=event(author_name=HOSTILE * 50),
        actions=(action(1, Act.FLAG, ActState.FAILED, HOSTILE * 50),),
        decisions=(decision(1, by=HOSTILE, undone_by=HOSTILE),),
    )
    card = show(one)
    texts = [card.title, *(line.plain for line in card.lines), *(line.label for line in card.lines)]

    assert max(map(len, texts)) < 400
    assert not [char for text in texts for char in text if unicodedata.category(char) in ("Cc", "Cf") and char != "\n"]
    assert all(" " not in line.url for line in card.lines)


def test_an_answer_lists_few_further_matches() -> None:
    """Four at most, or as many as asked for, and a sign that there are more."""
    one = query(verdict(*[match(reference(f"Picture {number}"), confidence=0.95) for number in range(8)]))

    assert text_of(answer_card(EN, one), "Further matches").split("\n")[3:] == [
        "Picture 4: an edited copy, almost certainly (95 %)",
        "…",
    ]
    assert text_of(answer_card(EN, one, 1), "Further matches").count("\n") == 1
    assert answer_card(EN, one).buttons == ()


@pytest.mark.parametrize("name", ANSWERS)
def test_no_answer_is_not_no(name: str) -> None:
    """Only where everything was looked at and nothing was found, the answer is that nothing is known."""
    title = answer_card(EN, ANSWERS[name]).title

    assert (title == "I have not seen this image before.") == (name == "unknown")


def test_an_alert_is_about_its_own_reference() -> None:
    """In an album it tells how the subscribed image was found, not the first picture."""
    card = alert_card(EN, alert(of=COINS), CASES["album"])
    gone = alert_card(EN, alert(of=reference("Another")), case(without(Outcome.REVIEW, "partial-memory")))

    assert card.title == "Seen: “Free coins”"
    assert gone.title == "Perhaps seen: “Another”"
    assert [line.label for line in gone.lines] == ["Collection", "Where"]


def test_a_burst_is_counted_since_its_beginning() -> None:
    """From the second time on; with the day, once that was not today."""
    assert text_of(alert_card(EN, alert(1), case())) == ""
    assert text_of(alert_card(EN, alert(14), case())) == "Seen 14 times since 12:03 UTC."
    later = alert(15, last_at=NOON + timedelta(days=1))
    assert text_of(alert_card(EN, later, case())) == "Seen 15 times since 2026-05-01 12:03 UTC."


def test_a_communitys_own_collection_has_its_short_name() -> None:
    """Nobody has to read the platform's number of the community."""
    assert text_of(shown(case(verdict(match(RIDGES)))), "Collection") == "ours"
    assert text_of(alert_card(EN, alert(of=RIDGES), case()), "Collection") == "ours"


def test_why_tells_at_most_five_and_knows_new_gates() -> None:
    """The nearest five, and a gate that has no words yet under its own name."""
    gate = Gate(name="brand-new", value=-0.2, limit=0.57, passed=False)
    card = why_card(EN, explanation(nearest=[Judged(match=match(), gates=(gate,))] * 9))

    assert len([line for line in card.lines if line.label == "Five koi"]) == 5
    assert card.lines[-1].text.endswith("✗ brand-new: 0 %, at least 57 % asked")


@pytest.mark.parametrize("standing", ["unwatched", "exempt", "off", "watched"])
def test_every_standing_has_its_sentence(standing: str) -> None:
    """Whether the post was looked at comes first."""
    assert why_card(EN, explanation(standing)).lines[0].text == EN(f"why.{standing}")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "key",
    [
        "no-permission",
        "gone",
        "too-old",
        "is-admin",
        "not-possible",
        "no-original",
        "no-timeout-here",
        "unreachable",
        "not-running",
        "gave-up",
        "timeout",
        "blocked",
    ],
)
def test_every_failure_has_its_sentence(key: str, language: str) -> None:
    """What a front may say is said in words, with and without a value."""
    words = Words.of(language)

    assert failure(words, key).endswith("." if language == "en" else "。")
    assert "{" not in failure(words, key) + failure(words, f"{key}|x")


def test_a_missing_permission_is_named() -> None:
    """The value after the bar is what lacks; without one, or with braces in it, the sentence holds."""
    assert failure(EN, "no-permission|Manage Messages") == (
        "The bot lacks the permission “Manage Messages”: give it that permission."
    )
    assert failure(EN, "no-permission") == "The bot lacks the permission for this: give it that permission."
    assert "“{x}”" in failure(EN, "no-permission|{x}")


def test_a_number_in_a_failure_has_no_quotation_marks() -> None:
    """It is no name: how many messages a ban deleted, and how far back."""
    assert failure(EN, "purged|14") == "Messages deleted with it: 14."
    assert failure(EN, "purged-hours|24") == "Deleted with it: what they wrote in the last 24 h."


def test_acts_on_authors_are_counted_in_people() -> None:
    """Twenty people are told about their two hundred posts; the count stands before the reason."""
    done = text_of(shown(CASES["burst-decided"]), "What was done").split("\n")

    assert "Tell the author: done (20 people) – this can't be undone" in done
    assert any(row.startswith("Remove: not permitted (2 posts) – The bot lacks") for row in done)


def test_a_decision_alone_says_nothing_of_such_matches() -> None:
    """It may be about this very match; from the second one on none overturned is worth a sentence."""
    once, twice = (shown(case(experience=Experience(right=right))) for right in (1, 2))

    assert not [line.text for line in once.lines if "overturned" in line.text]
    assert "None of 2 such matches was overturned here." in [line.text for line in twice.lines]


def test_any_other_failure_is_told_as_it_is() -> None:
    """A sentence that is no key is shown as one line."""
    assert failure(EN, "The server said:\n418 | {teapot}") == "The server said: 418 | {teapot}"


def test_a_sentence_is_said_in_the_language() -> None:
    """A key with its values becomes words, whoever speaks."""
    assert said(EN, Said(key="case.title", values={"number": 7})) == "Case 7"
    assert said(Words.of("zh"), Said(key="case.title", values={"number": 7})) == "案例 7"


@pytest.mark.parametrize("one", Decision)
def test_every_decision_can_stand_on_a_card(one: Decision) -> None:
    """The four words are the same as everywhere."""
    assert text_of(shown(case(decisions=(decision(1, one),))), "Decision") == f"{EN(f'decision.{one}')}, by ann"


def test_the_legend_says_what_the_picture_shows() -> None:
    """Three parts where the reference was laid over the picture, two where not, none of what has no picture."""
    alike = match(kind=Kind.SIMILAR)

    assert "Middle" in shown(case()).legend
    assert shown(case(verdict(alike))).legend == "Left: what was posted. Right: the known image."
    assert shown(case(thumbnail="")).legend == ""
