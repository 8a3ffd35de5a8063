"""`resight scorecard`: measures the matching on the operator's own references, and says what to trust.

    catalogue --sample, study--> sources --every edit, the real search--> answers --> scorecard --> table, JSON, page

The catalogue is only read. Searches run a few a thread ahead, like those of `resight search`.
"""

import asyncio
import tempfile
import time
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from bot.cli.base import Json, Names, group, run_command
from bot.cli.lab.scorecard_table import show
from bot.cli.opening import opened
from bot.cli.output import err, out, print_json, progress
from bot.clock import now
from bot.files import batch
from bot.services import Services
from bot.settings import Settings, load, worker_threads
from core.errors import DataError, UsageError
from core.matches import Finding
from core.wording import LANGUAGES, Words
from lab import look_alikes, report, suite, trial
from lab.look_alikes import LookAlike
from lab.scorecard import Scorecard, Trial, scorecard
from lab.scorecard_json import as_json
from lab.trial import Answer, Query, Source

QUICK_REFERENCES, QUICK_EDITS = 12, 15
"""What `--quick` measures with, at most."""

LOOK_ALIKES = 40
"""Most pairs of each kind that are made to look alike; no more than there are references."""

DEARER = 1.5
"""An edited picture costs so many times the search of an unedited one: it has to be drawn, and has more parts."""

app = group()


@app.command("scorecard")
def scorecard_command(
    context: typer.Context,
    collection: Names = None,
    report: Annotated[Path | None, typer.Option(metavar="DIR", help="Write scorecard.html and scorecard.json.")] = None,
    references: Annotated[int, typer.Option(min=1, max=100_000, help="Most references to measure with.")] = 60,
    edits: Annotated[str, typer.Option(metavar="A,B", help="Only these edits.")] = "",
    seed: Annotated[
        int, typer.Option(metavar="NUMBER", help="Which references are drawn, and how edits fall out.")
    ] = 0,
    quick: Annotated[
        bool, typer.Option("--quick", help="12 references under 15 edits, unless said otherwise.")
    ] = False,
    language: Annotated[str, typer.Option(metavar="en/zh", help="Language of table and report.")] = "",
    as_json: Json = False,
) -> None:
    """Measure on your own references which copies are found, how sure that is, and what to trust. Stores nothing."""
    asked = Asked(
        collections=collection or [],
        edits=edits_of(edits, quick),
        references=min(references, QUICK_REFERENCES) if quick else references,
        seed=seed,
        language=language_of(language),
        folder=report,
        json=as_json,
    )
    run_command(run(load(**context.obj), asked))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How `scorecard` was asked. `folder` is where the report goes, None = nowhere."""

    collections: Sequence[str]
    edits: Sequence[str]
    references: int
    seed: int
    language: str
    folder: Path | None
    json: bool


def edits_of(names: str, quick: bool) -> list[str]:
    """The edits named ("a,b"), else all, or a few of each family; raises UsageError for an unknown one."""
    wanted = [name.strip() for name in names.split(",") if name.strip()]
    return suite.spread(QUICK_EDITS) if quick and not wanted else suite.chosen(wanted)


def language_of(name: str) -> str:
    """The language asked for, "" = that of the settings; raises UsageError for one that is not spoken."""
    if name not in ("", *LANGUAGES):
        raise UsageError(f"There is no language '{name}'; there are: {', '.join(LANGUAGES)}.")
    return name


async def run(settings: Settings, asked: Asked) -> int:
    """Measure, print and write; raises DataError if there is nothing to measure with."""
    words = Words.of(asked.language or settings.language)
    if asked.folder:
        await asyncio.to_thread(_make, asked.folder)  # better now than after minutes of measuring
    async with opened(settings) as services:
        card = scorecard(await _Rig(settings, services, worker_threads(settings) * batch.AHEAD).measured(asked))
        page = await report.page(services, card, words) if asked.folder else ""
    if asked.folder:
        await asyncio.to_thread(_write, asked.folder, card, page)
    if asked.json:
        print_json(as_json(card))
    else:
        show(card, words, out())
    if asked.folder and not asked.json:
        out().print(str(asked.folder / "scorecard.html"), markup=False, soft_wrap=True)
    return 0


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"The folder '{folder}' can't be made: {error.strerror}.") from None


def _write(folder: Path, card: Scorecard, page: str) -> None:
    try:
        (folder / "scorecard.html").write_text(page, encoding="utf-8")
        with (folder / "scorecard.json").open("w", encoding="utf-8") as file:
            print_json(as_json(card), file)
    except OSError as error:
        raise UsageError(f"The report can't be written to '{folder}': {error.strerror}.") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answers:
    """Everything that came back."""

    copies: tuple[Answer, ...]
    strangers: tuple[Answer, ...]
    look_alikes: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class _Rig:
    """The services to measure, and how many searches are in work at once."""

    settings: Settings
    services: Services
    ahead: int

    async def measured(self, asked: Asked) -> Trial:
        """Everything that is asked, and every answer."""
        started = time.monotonic()
        found = await trial.sample(self.services, asked.collections, asked.references, asked.seed)
        if not found:
            raise DataError("There are no references to measure with: add some with `resight add`.")
        studied = [one async for one in self._studied(found)]
        sources = [source for source, _ in studied]
        strange = list(trial.strangers(asked.edits, asked.seed))
        alike = list(look_alikes.look_alikes(sources, min(LOOK_ALIKES, len(sources)), asked.seed))
        total = len(sources) * len(asked.edits) + len(strange) + len(alike)
        _announce(len(sources), asked, total, (time.monotonic() - started) / len(sources))
        with progress("Measuring", total) as step:
            answers = _Answers(
                copies=await self._all(trial.copies(sources, asked.edits, asked.seed), self._answer, step),
                strangers=await self._all(strange, self._answer, step),
                look_alikes=await self._apart(alike, step),
            )
        return await self._trial(asked, studied, answers, time.monotonic() - started)

    async def _studied(self, sources: Sequence[Source]) -> AsyncGenerator[tuple[Source, Answer]]:
        async def one(source: Source) -> tuple[Source, Answer]:
            return await trial.study(self.services, source, self._ask)

        async with aclosing(batch.in_order(sources, one, self.ahead)) as results:
            async for _, result in results:
                yield result

    async def _all[Row](
        self, rows: Iterable[Row], work: Callable[[Row], Coroutine[None, None, Answer | None]], step: Callable[[], None]
    ) -> tuple[Answer, ...]:
        answers = []
        async with aclosing(batch.in_order(rows, work, self.ahead)) as results:
            async for _, answer in results:
                answers += [answer] if answer else []
                step()
        return tuple(answers)

    async def _apart(self, alike: Sequence[LookAlike], step: Callable[[], None]) -> tuple[Answer, ...]:
        """Look-alikes, in a catalogue of their own that is thrown away: nothing is added to the operator's."""
        with tempfile.TemporaryDirectory(prefix="resight-scorecard-") as folder:
            async with opened(self.settings.alone(Path(folder)), making=True) as services:

                async def search(data: bytes, name: str) -> Finding:
                    return await batch.patiently(services, data, [name], True)

                async def one(pair: LookAlike) -> Answer | None:
                    return await look_alikes.ask(services, pair, search)

                return await self._all(alike, one, step)

    async def _answer(self, query: Query) -> Answer:
        data = await asyncio.to_thread(query.draw)
        return trial.judged(self.services, query, await self._ask(data, frozenset()))

    async def _ask(self, data: bytes, ignored: frozenset[UUID]) -> Finding:
        return await batch.patiently(self.services, data, None, True, ignored)

    async def _trial(
        self,
        asked: Asked,
        studied: Sequence[tuple[Source, Answer]],
        answers: _Answers,
        seconds: float,
    ) -> Trial:
        known, _ = await self.services.references.totals()
        return Trial(
            made_at=now(),
            model=self.services.runner.spec.name,
            thresholds=self.services.thresholds,
            seed=asked.seed,
            collections=tuple(asked.collections),
            edits=tuple(asked.edits),
            known=known,
            sources=tuple(source for source, _ in studied),
            unedited=tuple(answer for _, answer in studied),
            copies=answers.copies,
            strangers=answers.strangers,
            look_alikes=answers.look_alikes,
            seconds=seconds,
        )


def _announce(references: int, asked: Asked, total: int, each_s: float) -> None:
    """How long it will take, from how long the unedited pictures took."""
    seconds = total * each_s * DEARER
    about = f"{seconds / 60:.0f} min" if seconds >= 90 else f"{max(1, round(seconds))} s"
    what = f"{references} reference{'' if references == 1 else 's'} under {len(asked.edits)} edits"
    err().print(f"{what}, strangers and look-alikes: {total:,} searches, about {about}.", soft_wrap=True)
