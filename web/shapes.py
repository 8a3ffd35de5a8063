"""The API's answers, filled from what the handlers give."""

from collections.abc import Iterable

from core import bursts, cases, chat, types
from core.brakes import Brake
from core.matches import Match
from core.semantic import Similar
from core.telling import said
from core.wording import Words
from handlers.add_check import reason_of
from handlers.search_json import match_json
from handlers.similar import as_json
from web import answers


def match_of(match: Match) -> answers.Match:
    """Return a match as the API answers it."""
    return answers.Match.model_validate(match_json(match))


def similar_of(references: Iterable[Similar]) -> answers.SimilarReferences:
    """Return similar references as the API answers them."""
    return answers.SimilarReferences(
        similar=[answers.Similar.model_validate(as_json(reference)) for reference in references]
    )


def action_of(action: cases.ActionRecord) -> answers.Action:
    """Return an action as the API answers it."""
    return answers.Action(act=action.act, state=action.state, detail=action.detail, decision=action.decision)


def decision_of(record: cases.DecisionRecord) -> answers.Decision:
    """Return a decision as the API answers it."""
    return answers.Decision(
        id=record.id,
        decision=record.decision,
        by=record.by,
        at=record.at,
        undone_by=record.undone_by,
        undone_at=record.undone_at,
    )


def case_of(case: cases.Case) -> answers.Case:
    """Return a case with its matches, actions and decisions as the API answers it."""
    event = case.event
    return answers.Case(
        id=case.id,
        platform=event.space.platform,
        community=event.space.community,
        channel=event.space.channel,
        message=event.message,
        author=event.author_name or event.author,
        link=event.link,
        sha256=case.sha256,
        verdict=case.verdict.outcome,
        reason=case.verdict.reason,
        partial=case.verdict.partial,
        matches=[match_of(match) for match in case.verdict.matches],
        experience=answers.Experience(right=case.experience.right, overturned=case.experience.wrong),
        mode=case.mode,
        brake=Brake(case.brake) if case.brake else "",
        would_have=list(case.would_have),
        opened_at=case.opened_at,
        actions=[action_of(action) for action in case.actions],
        decisions=[decision_of(record) for record in case.decisions],
        standing=case.standing.decision if case.standing else None,
        burst=burst_of(case.burst) if case.burst else None,
    )


def burst_of(burst: bursts.Burst) -> answers.Burst:
    """Return what a case of several posts stands for as the API answers it."""
    numbers = {name: getattr(burst, name) for name in ("posts", "people", "channels", "late", "held", "newest")}
    tallies = [{name: getattr(tally, name) for name in answers.BurstActions.model_fields} for tally in burst.tallies]
    return answers.Burst(
        **numbers,
        last_at=burst.last_at,
        places=[
            answers.BurstPlace(
                channel=place.space.channel, posts=place.posts, message=place.newest.message, link=place.newest.link
            )
            for place in burst.places
        ],
        authors=[answers.BurstAuthor(author=one.name or one.id, posts=one.posts) for one in burst.authors],
        actions=[answers.BurstActions(**tally) for tally in tallies],
    )


def post_of(post: cases.Post) -> answers.Post:
    """Return a post of the built-in channel as the API answers it."""
    return answers.Post(
        id=post.id,
        status="done" if post.outcome else "waiting",
        author=post.author,
        file_name=post.file_name,
        created_at=post.created_at,
        verdict=post.outcome,
        reason=post.reason,
        case=post.case,
        removed=post.removed,
        flagged=post.flagged,
    )


def collection_of(collection: types.Collection) -> answers.Collection:
    """Return a collection as the API answers it."""
    return answers.Collection(
        name=collection.name, purpose=collection.purpose, owner=collection.owner, size=collection.size
    )


def note_of(note: chat.Said) -> answers.Note:
    """Return what is worth knowing about a reference that was added, in one line."""
    message = " ".join(said(Words.of("en"), note).split("\n"))
    return answers.Note.model_validate({"reason": reason_of(note), "message": message})


def choice_of(reference: types.Reference, choice: chat.Choice) -> answers.Choice:
    """Return what a community chose about a reference as the API answers it."""
    return answers.Choice(
        key=reference.key,
        collection=reference.collection,
        platform=choice.platform,
        community=choice.community,
        variants=choice.variants,
        by=choice.by,
        at=choice.at,
    )


def reference_of(reference: types.Reference) -> answers.Reference:
    """Return a reference as the API answers it."""
    return answers.Reference(
        key=reference.key,
        collection=reference.collection,
        id=str(reference.id),
        title=reference.title,
        source_url=reference.source_url,
        owner=reference.owner,
        rights=reference.rights,
        note=reference.note,
        sha256=reference.sha256,
        width=reference.width,
        height=reference.height,
        hash_only=reference.is_hash_only,
        added_at=reference.added_at,
    )
