"""One shape for what benchmarks print: a Markdown table with the measured figure, its yardstick and the target."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One figure. `value` is compared with `target`: at most, or at least where `at_least`."""

    what: str
    measured: str
    yardstick: str
    value: float | None
    target: float | None
    at_least: bool = False

    @property
    def verdict(self) -> str:
        if self.value is None or self.target is None:
            return ""
        kept = self.value >= self.target if self.at_least else self.value <= self.target
        return "yes" if kept else "NO"


def show(title: str, lines: Sequence[Line]) -> None:
    """Print the table."""
    print(f"\n## {title}\n")
    print("| figure | measured | beside it, same run | value | target | reached |")
    print("|---|---|---|---|---|---|")
    for line in lines:
        value = "" if line.value is None else f"{line.value:.2f}"
        sign = "" if line.target is None else (">= " if line.at_least else "<= ") + f"{line.target:g}"
        print(f"| {line.what} | {line.measured} | {line.yardstick} | {value} | {sign} | {line.verdict} |")
