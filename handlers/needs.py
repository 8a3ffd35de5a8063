"""What a handler may need, one protocol for each thing; its signature says which, and mypy that it touches no other.

    async def release(services: ReleaseNeeds, number: int, by: str) -> Case      HasBrakes, HasCases, HasOutboxBell

A handler that needs one thing takes its protocol; of several, its module composes one that is called `...Needs`:

    a part    class IntakeNeeds(HasInbox, HasCommunities, ..., Protocol)     in the order of this file
    a sum     class ReportNeeds(IntakeNeeds, HasCases, ..., Protocol)        parts first; it is no part of another sum

So Python always finds an order of the bases; `tests/test_layout.py` reads it. `bot.services.Services` has everything.
"""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Protocol

from core.brakes import Caps
from core.case_ports import Cases, Decided, Inbox
from core.cases import Thresholds
from core.chat_ports import (
    Alerts,
    Brakes,
    Choices,
    Communities,
    Cursors,
    Policies,
    Posts,
    Reports,
    Screened,
    Tokens,
    Updates,
)
from core.meter import Meter
from core.model_ports import ContentFilter, Runner
from core.ports import Catalogue, Clock, Fetcher, Front, MediaStore, References
from handlers.bell import Bell
from handlers.confirmations import Confirmations
from handlers.parts import Parts
from handlers.semantics import Semantics
from handlers.trials import Trials
from handlers.warnings import Warnings


class HasRunner(Protocol):
    @property
    def runner(self) -> Runner:
        """Decoding, embedding and the pair check."""
        ...


class HasCatalogue(Protocol):
    @property
    def catalogue(self) -> Catalogue:
        """The vector store."""
        ...


class HasReferences(Protocol):
    @property
    def references(self) -> References:
        """The stored references."""
        ...


class HasInbox(Protocol):
    @property
    def inbox(self) -> Inbox:
        """The images that wait for their verdict."""
        ...


class HasCases(Protocol):
    @property
    def cases(self) -> Cases:
        """The cases and their actions."""
        ...


class HasDecided(Protocol):
    @property
    def decided(self) -> Decided:
        """What moderators decided about images."""
        ...


class HasMedia(Protocol):
    @property
    def media(self) -> MediaStore:
        """The thumbnails of cases, which expire."""
        ...


class HasPolicies(Protocol):
    @property
    def policies(self) -> Policies:
        """The policies of channels and communities."""
        ...


class HasCommunities(Protocol):
    @property
    def communities(self) -> Communities:
        """What the staff of each community chose."""
        ...


class HasChoices(Protocol):
    @property
    def choices(self) -> Choices:
        """What communities chose about single references."""
        ...


class HasReports(Protocol):
    @property
    def reports(self) -> Reports:
        """Who reported what."""
        ...


class HasAlerts(Protocol):
    @property
    def alerts(self) -> Alerts:
        """Subscriptions, invitations, and what subscribers were told."""
        ...


class HasCursors(Protocol):
    @property
    def cursors(self) -> Cursors:
        """How far each channel was read."""
        ...


class HasUpdates(Protocol):
    @property
    def updates(self) -> Updates:
        """What a platform sent and nobody has worked on yet."""
        ...


class HasPosts(Protocol):
    @property
    def posts(self) -> Posts:
        """The posts of the built-in channel."""
        ...


class HasScreened(Protocol):
    @property
    def screened(self) -> Screened:
        """Embeddings of images that were screened lately."""
        ...


class HasBrakes(Protocol):
    @property
    def brakes(self) -> Brakes:
        """What holds the bot back, and how much it did by itself."""
        ...


class HasTokens(Protocol):
    @property
    def tokens(self) -> Tokens:
        """Who may use the API."""
        ...


class HasFetcher(Protocol):
    @property
    def fetcher(self) -> Fetcher:
        """The downloader of addresses that people give."""
        ...


class HasFronts(Protocol):
    @property
    def fronts(self) -> Mapping[str, Front]:
        """The fronts that run, by platform."""
        ...


class HasClock(Protocol):
    @property
    def clock(self) -> Clock:
        """The clock."""
        ...


class HasSemantics(Protocol):
    @property
    def semantics(self) -> Semantics | None:
        """The model of similar images; None where there is none."""
        ...


class HasContentFilter(Protocol):
    @property
    def content_filter(self) -> ContentFilter | None:
        """What sees whether a picture may be pornographic; None where nobody wants to know."""
        ...


class HasNsfwAt(Protocol):
    @property
    def nsfw_at(self) -> float:
        """The score from which such a picture is shown to a person."""
        ...


class HasUnscannableCards(Protocol):
    @property
    def ask_about_unscannable(self) -> bool:
        """Whether a card asks about what could not be looked at."""
        ...


class HasCaps(Protocol):
    @property
    def caps(self) -> Caps:
        """How much the bot may do by itself."""
        ...


class HasThresholds(Protocol):
    @property
    def thresholds(self) -> Thresholds:
        """How sure a match or a review is, where a community chose nothing."""
        ...


class HasEvidenceTime(Protocol):
    @property
    def keep_evidence(self) -> timedelta:
        """How long the thumbnail of a match lives."""
        ...


class HasImageLimit(Protocol):
    @property
    def max_image_bytes(self) -> int:
        """The size of the largest file that is looked at."""
        ...


class HasMeter(Protocol):
    @property
    def meter(self) -> Meter:
        """What counts verdicts, actions and retries."""
        ...


class HasParts(Protocol):
    @property
    def parts(self) -> Parts:
        """The fronts and loops, and which do not work."""
        ...


class HasInboxBell(Protocol):
    @property
    def inbox_bell(self) -> Bell:
        """Wakes the screening."""
        ...


class HasOutboxBell(Protocol):
    @property
    def outbox_bell(self) -> Bell:
        """Wakes the outbox."""
        ...


class HasAlertsBell(Protocol):
    @property
    def alerts_bell(self) -> Bell:
        """Wakes the loop of alerts."""
        ...


class HasConfirmations(Protocol):
    @property
    def twice(self) -> Confirmations:
        """Who was asked whether they are sure."""
        ...


class HasWarnings(Protocol):
    @property
    def warnings(self) -> Warnings:
        """Which communities were warned that no card can be shown."""
        ...


class HasTrials(Protocol):
    @property
    def trials(self) -> Trials:
        """Who has just set a community up and may try it."""
        ...


class HasBotsChoice(Protocol):
    @property
    def include_bots(self) -> bool:
        """Whether posts of other bots are looked at, where a community chose nothing."""
        ...


class HasVideos(Protocol):
    @property
    def sees_videos(self) -> bool:
        """Whether videos can be looked at, which is an extra."""
        ...


class HasSyncing(Protocol):
    @property
    def syncing(self) -> asyncio.Lock:
        """Held by whoever brings the vector store up to date."""
        ...


class PictureNeeds(HasRunner, HasReferences, Protocol):
    """References, and what decodes pictures and compares them."""
