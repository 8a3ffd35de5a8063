"""The HTTP API is what its description says, whatever it is asked."""

from pathlib import Path

from tests.fuzz.running import fuzzed

FEW = ("--max-examples=6", "--generation-deterministic")


async def test_no_request_finds_the_description_wrong(tmp_path: Path) -> None:
    """All calls, with what is right and what is wrong, alone and one after the other: every check holds."""
    code, said = await fuzzed(tmp_path, *FEW)

    assert code == 0, said
    assert "22 selected / 22 total" in said
    assert "Stateful" in said
