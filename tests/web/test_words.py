"""Both languages say the same things."""

from string import Formatter

from core.types import Act, ActState, Decision, Kind, Mode, Outcome
from core.wording import LANGUAGES, Words


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def test_both_languages_hold_the_same_keys() -> None:
    """No sentence is missing in a language."""
    keys = [set(Words.of(language).sentences) for language in LANGUAGES]

    assert keys[0] == keys[1]


def test_both_languages_hold_the_same_placeholders() -> None:
    """A sentence is filled with the same values in every language."""
    english, chinese = (Words.of(language).sentences for language in LANGUAGES)

    assert {key: placeholders(text) for key, text in english.items()} == {
        key: placeholders(text) for key, text in chinese.items()
    }


def test_every_stable_word_has_its_sentence() -> None:
    """Whatever a record may say can be shown."""
    families = {"verdict": Outcome, "kind": Kind, "found": Kind, "mode": Mode, "decision": Decision, "act": Act}
    families["act_state"] = ActState
    wanted = {f"{family}.{word}" for family, words in families.items() for word in words}

    assert wanted <= set(Words.of("en").sentences)
