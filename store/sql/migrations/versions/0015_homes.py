"""What belongs to a community names its platform, too: two platforms may give the same number.

cases.community, brakes.community, subscriptions.community, invites.community, collections.owner: ID -> PLATFORM:ID

A case knows its platform. Of the rest it is told by the collection's own name, by who subscribed, or by the only
platform on which the number was seen. A brake of a number that was seen on several holds on each of them; a collection
of such a number is nobody's until the operator says whose: to hide it is no harm, to show it to a stranger is.
"""

from collections.abc import Callable, Sequence
from functools import partial

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

SEEN = (
    "SELECT platform FROM communities WHERE id = :community UNION SELECT platform FROM policies WHERE community ="
    " :community UNION SELECT platform FROM inbox WHERE community = :community UNION SELECT substr(community, 1,"
    " instr(community, ':') - 1) FROM api_tokens WHERE substr(community, instr(community, ':') + 1) = :community"
)
PLATFORMS = ("discord", "telegram", "web")


def upgrade() -> None:
    """Bring the schema from the revision before to this one."""
    connection = op.get_bind()
    ask = partial(_rows, connection)
    ask("UPDATE cases SET community = (SELECT platform FROM inbox WHERE inbox.id = cases.inbox) || ':' || community")
    for name, owner in ask("SELECT name, owner FROM collections WHERE owner != ''"):
        ask("UPDATE collections SET owner = :owner WHERE name = :name", owner=_owner(ask, name, owner), name=name)
    for number, platform, community in ask("SELECT id, platform, community FROM subscriptions WHERE community != ''"):
        seen = _seen(ask, community)
        there = platform if platform in seen or len(seen) != 1 else seen[0]
        ask("UPDATE subscriptions SET community = :home WHERE id = :number", home=f"{there}:{community}", number=number)
    _homes_of_invites(ask)
    _homes_of_brakes(ask)


type Ask = Callable[..., Sequence[Sequence[object]]]


def _rows(connection: sa.Connection, said: str, **values: object) -> Sequence[Sequence[object]]:
    found = connection.execute(sa.text(said), values)
    return found.all() if found.returns_rows else ()


def _seen(ask: Ask, community: object) -> list[str]:
    """The platforms on which this number was seen, or the only one that gives such numbers."""
    seen = [
        platform
        for (platform,) in ask(SEEN, community=community)
        if isinstance(platform, str) and platform in PLATFORMS
    ]
    return seen or _given(str(community))


def _given(community: str) -> list[str]:
    """Discord's numbers have 17 digits or more, a group's on Telegram is negative."""
    if community == "web":
        return ["web"]
    if community.isdigit() and len(community) >= 17:
        return ["discord"]
    return ["telegram"] if community.startswith("-") else []


def _owner(ask: Ask, name: object, owner: object) -> str:
    named = [one for one in PLATFORMS if str(name).startswith(f"{one}-{owner}.")]
    seen = named or _seen(ask, owner)
    return f"{seen[0]}:{owner}" if len(seen) == 1 else f"unknown:{owner}"


def _homes_of_invites(ask: Ask) -> None:
    """They live for a day: one of which nobody can say where it leads is made again."""
    for (community,) in ask("SELECT DISTINCT community FROM invites WHERE community != ''"):
        seen = _seen(ask, community)
        if len(seen) == 1:
            ask(
                "UPDATE invites SET community = :home WHERE community = :old",
                home=f"{seen[0]}:{community}",
                old=community,
            )
        else:
            ask("DELETE FROM invites WHERE community = :old", old=community)


def _homes_of_brakes(ask: Ask) -> None:
    copied = "brake, reference, at, released_at, released_by"
    for (community,) in ask("SELECT DISTINCT community FROM brakes"):
        for platform in _seen(ask, community):
            ask(
                f"INSERT INTO brakes (community, {copied}) SELECT :home, {copied} FROM brakes WHERE community = :old",
                home=f"{platform}:{community}",
                old=community,
            )
        ask("DELETE FROM brakes WHERE community = :old", old=community)
