"""Everything that handlers need, in one frozen record that `bot.app` fills and passes in.

Handlers do not know it: each says in its signature what it needs of it (`handlers.needs`), and gets no more.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

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
    Privacy,
    Reports,
    Screened,
    Tokens,
    Updates,
)
from core.meter import Meter, Unmeasured
from core.model_ports import ContentFilter, Runner
from core.ports import Catalogue, Clock, Fetcher, Front, MediaStore, References
from handlers.bell import Bell
from handlers.confirmations import Confirmations
from handlers.parts import Parts
from handlers.semantics import Semantics
from handlers.trials import Trials
from handlers.warnings import Warnings


async def nothing() -> None:
    """Do nothing: there is no upkeep."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """One of each port.

    `keep_evidence` is how long a match's thumbnail lives; the bells wake the screening, the outbox and the alerts loop;
    `upkeep` is done once a day, so that the database stays quick; `syncing` is held by whoever brings the vector store
    up to date, so that nobody writes older vectors over newer; `include_bots` is what holds where a community has not
    chosen whether the posts of other bots are looked at.
    """

    runner: Runner
    catalogue: Catalogue
    references: References
    inbox: Inbox
    cases: Cases
    decided: Decided
    media: MediaStore
    policies: Policies
    communities: Communities
    choices: Choices
    reports: Reports
    alerts: Alerts
    cursors: Cursors
    updates: Updates
    posts: Posts
    screened: Screened
    brakes: Brakes
    privacy: Privacy
    tokens: Tokens
    fetcher: Fetcher
    fronts: Mapping[str, Front]
    clock: Clock
    twice: Confirmations
    warnings: Warnings
    trials: Trials
    semantics: Semantics | None = None
    content_filter: ContentFilter | None = None
    nsfw_at: float = 1.0
    ask_about_unscannable: bool = False
    caps: Caps = field(default_factory=Caps)
    thresholds: Thresholds = Thresholds()
    keep_evidence: timedelta = timedelta(days=7)
    max_image_bytes: int = 25 << 20
    meter: Meter = field(default_factory=Unmeasured)
    parts: Parts = field(default_factory=Parts)
    inbox_bell: Bell = field(default_factory=Bell)
    outbox_bell: Bell = field(default_factory=Bell)
    alerts_bell: Bell = field(default_factory=Bell)
    upkeep: Callable[[], Awaitable[None]] = nothing
    include_bots: bool = False
    sees_videos: bool = True
    syncing: asyncio.Lock = field(default_factory=asyncio.Lock)
