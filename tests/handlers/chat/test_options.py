"""Options in words: in their order, by their names, flags by themselves, and what is wide takes the rest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.telling import said as sentence
from core.wording import Words
from handlers.chat.commands import BY_NAME, COMMANDS, Command
from handlers.chat.errors import Refuse, Unclear
from handlers.chat.options import Option, Type, read, said

SIXTY = {"minutes": "60"}


def heard(command: str, words: str) -> dict[str, str]:
    """What was said for each option of a command."""
    return said(BY_NAME[command].options, words)


@pytest.mark.parametrize(
    ("command", "words", "values"),
    [
        ("mode", "flag", {"mode": "flag"}),
        ("mode", "enforce collection=logos kind=exact", {"mode": "enforce", "collection": "logos", "kind": "exact"}),
        ("mode", "flag everywhere", {"mode": "flag", "everywhere": "yes"}),
        ("threshold", "90 50", {"match": "90", "review": "50"}),
        ("threshold", "1 in 10000 50", {"match": "1 in 10000", "review": "50"}),
        ("threshold", "1:10000 50%", {"match": "1:10000", "review": "50%"}),
        (
            "actions",
            "enforce delete,timeout 60",
            {"mode": "enforce", "delete": "yes", "timeout": "yes", "minutes": "60"},
        ),
        ("actions", "flag nothing", {"mode": "flag", "nothing": "yes"}),
        ("setup", "here dry_run zh", {"where": "here", "mode": "dry_run", "language": "zh"}),
        ("setup", "log=#mods flag", {"log": "#mods", "mode": "flag"}),
        ("find", "a red sneaker", {"words": "a red sneaker"}),
        ("references add", "Elon giveaway scam", {"title": "Elon giveaway scam"}),
        (
            "references add",
            'Elon collection="scams" purpose=brand',
            {"title": "Elon", "collection": "scams", "purpose": "brand"},
        ),
        ("references add", "title=“红色 运动鞋”", {"title": "红色 运动鞋"}),
        ("references remove", "key-1 scams", {"key": "key-1", "collection": "scams"}),
        ("why", "", {}),
        ("watch", "channel=#news", {"channel": "#news"}),
    ],
)
def test_words_become_options(command: str, words: str, values: dict[str, str]) -> None:
    """As people write them."""
    assert heard(command, words) == values


@pytest.mark.parametrize(
    ("command", "words"),
    [("threshold", "90"), ("threshold", ""), ("mode", "flag extra"), ("brakes", "1 2 3"), ("watch", "flag nonsense")],
)
def test_what_is_for_no_option_is_unclear(command: str, words: str) -> None:
    """Nothing that somebody says is passed over in silence."""
    with pytest.raises(Unclear):
        heard(command, words)


@pytest.mark.parametrize(
    ("option", "raw", "value"),
    [
        (Option(name="n", type=Type.NUMBER, least=1, most=100), "50%", 50),
        (Option(name="n", type=Type.NUMBER, least=1, most=100), "５０", 50),
        (Option(name="n", type=Type.CHOICE, choices=("flag",)), "FLAG", "flag"),
        (Option(name="n", type=Type.FLAG), "yes", True),
        (Option(name="n", type=Type.FLAG), "False", False),
        (Option(name="n"), "words", "words"),
    ],
)
def test_values_are_read(option: Option, raw: str, value: object) -> None:
    """By their type."""
    assert read(option, raw) == value


@pytest.mark.parametrize(
    ("option", "raw"),
    [
        (Option(name="n", type=Type.NUMBER), "many"),
        (Option(name="n", type=Type.NUMBER), "9" * 40),
        (Option(name="n", type=Type.CHOICE, choices=("flag",)), "flags"),
    ],
)
def test_what_is_no_value_is_unclear(option: Option, raw: str) -> None:
    """Numbers have limits, choices are those that there are."""
    with pytest.raises(Unclear):
        read(option, raw)


@pytest.mark.parametrize("raw", ["0", "-5", "101", "9" * 30])
def test_a_number_out_of_range_is_told_its_range(raw: str) -> None:
    """The usage would be no help: it does not say how many."""
    with pytest.raises(Refuse) as refused:
        read(Option(name="n", type=Type.NUMBER, least=1, most=100), raw)

    assert sentence(Words.of("en"), refused.value.said) == f"{raw} is out of range: say a number from 1 to 100."


@given(st.sampled_from(COMMANDS), st.text(max_size=200))
def test_any_words_are_read_or_unclear(command: Command, words: str) -> None:
    """Whatever somebody types is understood, or is told to be unclear: no other error, and no unknown option."""
    options = command.options
    try:
        values = said(options, words)
        for option in options:
            if option.name in values:
                read(option, values[option.name])
    except (Refuse, Unclear):
        return

    assert values.keys() <= {option.name for option in options}
