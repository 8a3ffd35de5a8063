"""What the models of the API share: web/queries.py and web/bodies.py (what is sent), web/answers.py (what is answered).

They are the one source of what is accepted, of what is answered and of the description (web/openapi.py).
`checked` makes one sentence of whatever does not fit.
"""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from annotated_types import Ge, Le
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from core.errors import UsageError

LONGEST_NUMBER = 18
YES, NO = ("", "1", "true", "yes"), ("0", "false", "no")


class Strict(BaseModel):
    """A model with exactly these fields: an unknown one is an error."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", frozen=True)


def _digits(value: object) -> object:
    """Return the number; queries are texts, and only we would take "5.0", "+5" or "1_000" for whole numbers."""
    if not isinstance(value, str):
        return value
    if not (value.isascii() and value.isdigit() and len(value) <= LONGEST_NUMBER):
        raise ValueError("must be a whole number")
    return int(value)


def _yes_or_no(value: object) -> object:
    """Return the answer in a query; `?name` alone means yes."""
    if isinstance(value, str) and value.lower() in YES + NO:
        return value.lower() in YES
    return _true_or_false(value)


def _true_or_false(value: object) -> object:
    """Return the answer where only the two words mean anything."""
    if value in ("true", "false"):
        return value == "true"
    if not isinstance(value, bool):
        raise ValueError("must be true or false")
    return value


DIGITS = BeforeValidator(_digits)
"""For a whole number, behind its limits: `Annotated[int, Field(ge=1, le=9), DIGITS]`."""

YesNo = Annotated[bool, BeforeValidator(_yes_or_no)]
TrueFalse = Annotated[bool, BeforeValidator(_true_or_false)]

SENTENCES: Mapping[str, str] = {
    "missing": "'{field}' is missing.",
    "string_type": "'{field}' must be a string.",
    "string_too_short": "'{field}' must not be empty.",
    "string_too_long": "'{field}' must not have more than {max_length} characters.",
    "string_pattern_mismatch": "'{field}' has characters that it can't have.",
    "enum": "'{field}' must be {expected}.",
    "value_error": "'{field}' {error}.",
}
WHOLE = ("int_type", "value_error", "greater_than_equal", "less_than_equal")


def checked[M: BaseModel](kind: type[M], sent: Mapping[str, object] | bytes) -> M:
    """Return the model of what was sent; raises UsageError about the first fault."""
    try:
        return kind.model_validate_json(sent) if isinstance(sent, bytes) else kind.model_validate(sent)
    except ValidationError as error:
        raise UsageError(_sentence(kind, error.errors(include_url=False, include_input=False)[0])) from None


def _sentence(kind: type[BaseModel], wrong: ErrorDetails) -> str:
    """Return the fault as a sentence of ours, where we have one."""
    if not wrong["loc"]:
        return "The body must be one JSON object."
    field, limits = str(wrong["loc"][0])[:40], _limits(kind, str(wrong["loc"][0]))
    if wrong["type"] == "extra_forbidden":
        return f"There is no '{field}' here; there is {', '.join(kind.model_fields)}."
    if limits and wrong["type"] in WHOLE:
        return f"'{field}' must be a whole number from {limits[0]} to {limits[1]}."
    values: dict[str, Any] = {**wrong.get("ctx", {}), "field": field, "said": wrong["msg"]}
    return SENTENCES.get(wrong["type"], "'{field}' is not usable: {said}.").format(**values)


def _limits(kind: type[BaseModel], field: str) -> tuple[Any, Any] | None:
    """Return the least and the most that a number may be."""
    rules = kind.model_fields[field].metadata if field in kind.model_fields else []
    least = next((limit.ge for limit in rules if isinstance(limit, Ge)), None)
    most = next((limit.le for limit in rules if isinstance(limit, Le)), None)
    return None if least is None or most is None else (least, most)
