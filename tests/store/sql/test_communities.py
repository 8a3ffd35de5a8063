"""What staff chose is remembered, also when the platform gives the community another id."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from core.cases import Policy
from core.chat import Carried, Community, Subscription
from core.types import Act, ActState, Collection, Decision, Mode, Platform, Space
from store.sql.communities import SqlCommunities
from store.sql.cursors import SqlCursors
from store.sql.db import Database
from store.sql.policies import SqlPolicies
from store.sql.references import SqlReferences
from store.sql.reports import SqlReports
from tests.clock import Clock
from tests.small import event
from tests.store.sql.court import LOGO, MATCH, Court

TELEGRAM = Platform.TELEGRAM
FULL = Community(
    platform=Platform.DISCORD,
    id="guild",
    name="画廊",
    language="zh",
    log="log",
    exempt=("staff", "ann"),
    ignored_reporters=("bo",),
    reporters_needed=3,
    reports_an_hour=5,
)
OLD, NEW = "-100", "-1000000100"
GROUP = Space(platform=TELEGRAM, community=OLD, channel=OLD)
STAYED = Space(platform=TELEGRAM, community=NEW, channel=OLD)
MOVED = Space(platform=TELEGRAM, community=NEW, channel=NEW)


@pytest.fixture
def references(db: Database, clock: Clock) -> SqlReferences:
    return SqlReferences(db, clock)


@pytest.fixture
def communities(db: Database, clock: Clock, references: SqlReferences) -> SqlCommunities:
    return SqlCommunities(db, clock, references.changed)


async def test_an_unknown_community_was_never_set_up(communities: SqlCommunities) -> None:
    """Whoever said nothing has the defaults, and is not listed."""
    assert await communities.get("discord", "guild") == Community(platform=Platform.DISCORD, id="guild")
    assert await communities.all("discord") == []


async def test_a_community_comes_back(communities: SqlCommunities, clock: Clock) -> None:
    """Every choice is kept; the moment of the first is noted, and stays when something is changed."""
    start = clock()
    await communities.put(FULL, "ann")
    known = await communities.get(Platform.DISCORD, "guild")
    clock.turn(hours=1)
    await communities.put(Community(platform=FULL.platform, id=FULL.id, set_up_at=known.set_up_at), "ann")
    changed = await communities.get("discord", "guild")

    assert known.set_up_at == changed.set_up_at == start
    assert (known.name, known.language, known.log) == ("画廊", "zh", "log")
    assert (known.exempt, known.ignored_reporters) == (("staff", "ann"), ("bo",))
    assert (known.reporters_needed, known.reports_an_hour) == (3, 5)
    assert (changed.name, changed.exempt, changed.reporters_needed) == ("", (), 1)


async def test_those_of_a_platform(communities: SqlCommunities) -> None:
    """Communities are told apart by platform and id."""
    for platform, name in [(TELEGRAM, "b"), (TELEGRAM, "a"), (Platform.DISCORD, "a")]:
        await communities.put(Community(platform=platform, id=name, name=f"{platform} {name}"), "ann")

    assert [one.name for one in await communities.all("telegram")] == ["telegram a", "telegram b"]
    assert (await communities.get("discord", "a")).name == "discord a"


async def test_a_community_moves_with_all_it_has(
    communities: SqlCommunities, court: Court, db: Database, references: SqlReferences
) -> None:
    """Whatever belongs to the community is under the new id; messages stay in the channel where they were written."""
    policies, reports, cursors = (
        SqlPolicies(db, court.clock, lambda _: Policy()),
        SqlReports(db, court.clock),
        SqlCursors(db),
    )
    await references.create_collection(Collection(name="brands", owner=f"telegram:{OLD}"))
    await communities.put(Community(platform=TELEGRAM, id=OLD, name="Group", log=OLD), "ann")
    await policies.set(GROUP, Policy(mode=Mode.FLAG), "ann")
    await policies.set(Space(platform=TELEGRAM, community=OLD, channel="*"), Policy(mode=Mode.ENFORCE), "ann")
    await court.alerts.subscribe(
        Subscription(collection="brands", platform=TELEGRAM, channel=OLD, community=f"telegram:{OLD}"), "ann"
    )
    code = await court.alerts.invite("brands", f"telegram:{OLD}", "ann", timedelta(hours=1))
    number = await court.picture("a", Act.FLAG, space=GROUP, message="7")
    (flag,) = await court.cases.claim_actions(1)
    await court.cases.finish_action(flag.id, Carried(state=ActState.DONE, receipt="card-1"))
    await court.cases.decide(number, Decision.VIOLATION, "ann", [])
    await reports.file(GROUP, "7", "bo")
    await cursors.advance("telegram", {OLD: "7"})
    await communities.move(TELEGRAM, OLD, NEW)
    case = await court.cases.get(number)

    assert (await communities.get("telegram", NEW)).name == "Group"
    assert (await communities.get("telegram", NEW)).log == NEW
    assert {space.channel: one.mode for space, one in (await policies.of_platform("telegram")).items()} == {
        NEW: Mode.FLAG,
        "*": Mode.ENFORCE,
    }
    assert [(one.channel, one.community) for one in await court.alerts.subscriptions()] == [(NEW, f"telegram:{NEW}")]
    assert await court.alerts.redeem(code) == ("brands", f"telegram:{NEW}")
    assert (case.event.space, case.reports) == (STAYED, 1)
    assert [one.id for one in await court.cases.newest(STAYED)] == [number]
    assert await court.cases.confirmed(MOVED, {LOGO.id}) == {LOGO.id}
    assert await court.cases.newest_receipt(f"telegram:{NEW}", Act.FLAG) == "card-1"
    assert await cursors.get("telegram") == {OLD: "7"}
    assert [(one.name, one.owner) for one in await references.collections()] == [("brands", f"telegram:{NEW}")]
    assert OLD not in await everything(db)


async def everything(db: Database) -> set[object]:
    """Every value in every table but the log, and but where messages were written, which stays."""
    stays = {"inbox": {"dedupe_key", "channel"}, "reports": {"channel"}, "cursors": {"channel"}}
    async with db.read() as connection:
        tables = (await connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'"))).scalars().all()
        rows = [
            (table, row._mapping)
            for table in tables
            if table != "audit"
            for row in await connection.execute(text(f'SELECT * FROM "{table}"'))
        ]
    return {value for table, row in rows for name, value in row.items() if name not in stays.get(table, ())}


async def test_threads_stay_where_they_were(
    communities: SqlCommunities, court: Court, references: SqlReferences
) -> None:
    """Cards and alerts that went to a thread of the old place go to the new one; those of other places stay."""
    await references.create_collection(Collection(name="brands"))
    await communities.put(Community(platform=TELEGRAM, id=OLD, log=f"{OLD}/7"), "ann")
    await communities.put(Community(platform=TELEGRAM, id="other", log=f"{OLD}9/7"), "ann")
    for place in (f"{OLD}/7", f"{OLD}/8", f"{OLD}9/7"):
        await court.alerts.subscribe(Subscription(collection="brands", platform=TELEGRAM, channel=place), "ann")
    await communities.move(TELEGRAM, OLD, NEW)

    assert (await communities.get("telegram", NEW)).log == NEW
    assert (await communities.get("telegram", "other")).log == f"{OLD}9/7"
    assert {one.channel for one in await court.alerts.subscriptions()} == {NEW, f"{OLD}9/7"}


async def test_owners_are_known_anew_after_a_move(communities: SqlCommunities, references: SqlReferences) -> None:
    """Whoever remembered the owners of collections sees the new one at once."""
    await references.create_collection(Collection(name="brands", owner=f"telegram:{OLD}"))
    assert [one.owner for one in await references.collections()] == [f"telegram:{OLD}"]
    await communities.move("telegram", OLD, NEW)

    assert [one.owner for one in await references.collections()] == [f"telegram:{NEW}"]


async def test_a_message_of_the_new_id_is_new(communities: SqlCommunities, court: Court) -> None:
    """Telegram counts messages from 1 again: an image is not dropped for one of the same number before the move."""
    await court.inbox.accept([event("photo", GROUP, message="7")])
    await communities.move("telegram", OLD, NEW)

    assert await court.inbox.accept([event("photo", MOVED, message="7")]) == 1


async def test_a_move_during_a_screening(communities: SqlCommunities, court: Court) -> None:
    """An image that was claimed before the move and judged after it has its case under the new id."""
    waiting = await court.waiting("a", GROUP)
    await communities.move("telegram", OLD, NEW)
    number = await court.cases.conclude(waiting, "ff", MATCH, Mode.FLAG)
    assert number
    await court.cases.decide(number, Decision.VIOLATION, "ann", [])

    assert (await court.cases.get(number)).event.space == STAYED
    assert await court.cases.confirmed(MOVED, {LOGO.id}) == {LOGO.id}


async def test_moving_twice_or_nowhere_changes_nothing(communities: SqlCommunities, db: Database, clock: Clock) -> None:
    """The platform tells of a move in both chats, in any order: nothing is lost or doubled by the second word."""
    policies = SqlPolicies(db, clock, lambda _: Policy())
    await communities.put(Community(platform=TELEGRAM, id=OLD, name="Group"), "ann")
    await policies.set(GROUP, Policy(mode=Mode.FLAG), "ann")
    for old, new in [(OLD, NEW), (OLD, NEW), (NEW, NEW)]:
        await communities.move("telegram", old, new)

    assert [(one.id, one.name) for one in await communities.all("telegram")] == [(NEW, "Group")]
    assert await policies.of_platform("telegram") == {MOVED: Policy(mode=Mode.FLAG)}


async def test_what_was_chosen_under_the_new_id_stays(communities: SqlCommunities, db: Database, clock: Clock) -> None:
    """If staff was faster than the word of the move, the newer choice holds and the older one goes."""
    policies = SqlPolicies(db, clock, lambda _: Policy())
    for one, mode in [(GROUP, Mode.FLAG), (MOVED, Mode.ENFORCE)]:
        await communities.put(Community(platform=TELEGRAM, id=one.community, name=mode), "ann")
        await policies.set(one, Policy(mode=mode), "ann")
    await communities.move("telegram", OLD, NEW)

    assert [(one.id, one.name) for one in await communities.all("telegram")] == [(NEW, "enforce")]
    assert await policies.of_platform("telegram") == {MOVED: Policy(mode=Mode.ENFORCE)}


async def test_other_communities_stay_where_they_are(communities: SqlCommunities, court: Court) -> None:
    """The same id on another platform is another community."""
    twin = Space(platform=Platform.DISCORD, community=OLD, channel=OLD)
    await communities.put(Community(platform=Platform.DISCORD, id=OLD, name="Twin"), "ann")
    number = await court.picture("a", space=twin)
    await court.cases.decide(number, Decision.VIOLATION, "ann", [])
    await communities.move("telegram", OLD, NEW)

    assert (await communities.get("discord", OLD)).name == "Twin"
    assert (await court.cases.get(number)).event.space == twin
    assert await court.cases.confirmed(twin, {LOGO.id}) == {LOGO.id}
