"""The JSON API for collections and their reference images."""

from aiohttp import web

from core.errors import Conflict, NotFound
from core.types import Space
from handlers import add_check, choices, collections, references
from handlers.add_check import AddReport
from handlers.collections import own_name
from handlers.references import Added, Entry
from web import answers, queries, reach
from web.api import answer, by_of
from web.bodies import REFERENCE, By, Described, NewCollection, Words
from web.context import services
from web.reading import query, read, upload
from web.scopes import REPLACE, may
from web.shapes import choice_of, collection_of, note_of, reference_of


async def list_collections(request: web.Request) -> web.Response:
    """GET /api/collections"""
    in_reach = await reach.collections(request)
    return answer(answers.Collections(collections=[collection_of(collection) for collection in in_reach]))


async def create_collection(request: web.Request) -> web.Response:
    """POST /api/collections"""
    body = await read(request, NewCollection)
    name, owner = _place(reach.home_of(request), body.name, body.owner)
    made = await collections.create_collection(services(request), name, body.purpose, owner)
    return answer(collection_of(made), 201)


async def delete_collection(request: web.Request) -> web.Response:
    """DELETE /api/collections/{name}"""
    name = (await reach.own_collection(request)).name
    return answer(answers.Deleted(deleted=await references.delete_collection(services(request), name)))


async def list_references(request: web.Request) -> web.Response:
    """GET /api/collections/{name}/references: by key; `next` is the next page's `after`, null on the last page."""
    name, asked = (await reach.collection(request)).name, query(request, queries.ReferencePage)
    page = await services(request).references.page(name, asked.after, asked.limit + 1)
    shown = page[: asked.limit]
    following = shown[-1].key if len(page) > asked.limit else None
    return answer(answers.References(references=[reference_of(reference) for reference in shown], next=following))


async def add_reference(request: web.Request) -> web.Response:
    """POST /api/collections/{name}/references"""
    name, asked = (await reach.own_collection(request)).name, query(request, queries.Adding)
    sent = await upload(request, REFERENCE)
    entry = Entry(key=sent.said.key or asked.key, collection=name, **{**asked.given, **sent.said.given})
    report = await _added(request, entry, sent.image, wanted=_chosen(asked, sent.said).replace)
    added = answers.AddedReference(
        key=entry.key, collection=name, result=report.result, notes=[note_of(note) for note in report.notes]
    )
    return answer(added, 201 if report.result is Added.ADDED else 200)


async def _added(request: web.Request, entry: Entry, image: bytes, *, wanted: bool) -> AddReport:
    """Add the image; another picture is replaced if that is `wanted` by one who may also remove it."""
    replacing = wanted and may(request, REPLACE)
    try:
        return await add_check.add(services(request), entry, image, replacing=replacing)
    except Conflict:
        if wanted and not replacing:
            raise reach.forbidden(
                f"'{entry.key}' is another picture: to replace it, a token needs the scope '{REPLACE}'."
            ) from None
        raise


def _chosen(asked: Described, body: Described) -> Described:
    """Return what is said about the reference; whether to replace a picture may stand in the body or the query."""
    return body if "replace" in body.model_fields_set else asked


async def get_reference(request: web.Request) -> web.Response:
    """GET /api/collections/{name}/references/{key}"""
    name = (await reach.collection(request)).name
    return answer(reference_of(await services(request).references.find(name, request.match_info["key"])))


async def change_reference(request: web.Request) -> web.Response:
    """PATCH /api/collections/{name}/references/{key}: what is said of it; fields that are left out stay as they are."""
    name, words = (await reach.own_collection(request)).name, await read(request, Words)
    before = await services(request).references.find(name, request.match_info["key"])
    entry = Entry(key=before.key, collection=name, **words.given)
    await references.describe(services(request), [(before, entry)])
    return answer(reference_of(await services(request).references.find(name, before.key)))


async def remove_reference(request: web.Request) -> web.Response:
    """DELETE /api/collections/{name}/references/{key}"""
    name, key = (await reach.own_collection(request)).name, request.match_info["key"]
    if not await references.remove(services(request), name, [key]):
        raise NotFound(f"There is no reference '{key}' in '{name}'.")
    return answer(answers.Removed(removed=key))


async def act_on_variants(request: web.Request) -> web.Response:
    """PUT /api/collections/{name}/references/{key}/variants: in one community templates of it are matches, too."""
    return await _choose(request, True)


async def leave_variants(request: web.Request) -> web.Response:
    """DELETE /api/collections/{name}/references/{key}/variants"""
    return await _choose(request, False)


async def _choose(request: web.Request, on: bool) -> web.Response:
    """Store the community's choice about a reference, whose collection may be a shared one."""
    asked = query(request, queries.InCommunity)
    space, name = reach.community(request, asked.community), (await reach.collection(request)).name
    by = by_of(request, (await read(request, By)).by)
    reference = await services(request).references.find(name, request.match_info["key"])
    return answer(choice_of(reference, await choices.act_on_variants(services(request), space, reference.id, on, by)))


def _place(home: Space | None, name: str, owner: str) -> tuple[str, str]:
    """Return full name and owner of a new collection; a community's own is named by it, as in chat."""
    if home is None:
        return name, owner
    if owner not in ("", home.home, home.community):
        raise reach.forbidden("This token is limited to one community: leave 'owner' out.")
    return own_name(home, name) if name else "", home.home
