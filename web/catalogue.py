"""The JSON API for collections and their reference images."""

from aiohttp import web

from core.errors import NotFound, UsageError
from core.types import Space
from handlers import add_check, choices, references
from handlers.references import Added, Entry
from web import reach
from web.api import answer, by_of, number_in
from web.bodies import By, NewCollection, read
from web.context import services
from web.shapes import choice_json, collection_json, note_json, reference_json
from web.uploads import Form, read_json, read_upload, texts_in

WORDS = ("title", "source_url", "owner", "rights", "note")


async def list_collections(request: web.Request) -> web.Response:
    """GET /api/collections"""
    return answer({"collections": [collection_json(one) for one in await reach.collections(request)]})


async def create_collection(request: web.Request) -> web.Response:
    """POST /api/collections"""
    said = await read(request, NewCollection)
    name, owner = _place(reach.home_of(request), said.name, said.owner)
    made = await references.create_collection(services(request), name, said.purpose, owner)
    return answer(collection_json(made), 201)


async def delete_collection(request: web.Request) -> web.Response:
    """DELETE /api/collections/{name}"""
    name = (await reach.own_collection(request)).name
    return answer({"deleted": await references.delete_collection(services(request), name)})


async def list_references(request: web.Request) -> web.Response:
    """GET /api/collections/{name}/references: by key; `next` is the next page's `after`, null on the last page."""
    name, limit = (await reach.collection(request)).name, number_in(request, "limit", 100, 1000)
    found = await services(request).references.page(name, request.query.get("after", ""), limit + 1)
    shown = found[:limit]
    following = shown[-1].key if len(found) > limit else None
    return answer({"references": [reference_json(one) for one in shown], "next": following})


async def add_reference(request: web.Request) -> web.Response:
    """POST /api/collections/{name}/references"""
    name = (await reach.own_collection(request)).name
    upload = await read_upload(request)
    entry, replacing = _entry(request, name, upload), _may_replace(request, upload)
    report = await add_check.add(services(request), entry, upload.image, replacing=replacing)
    said = {"key": entry.key, "collection": entry.collection, "result": report.result.value}
    notes = [note_json(note) for note in report.notes]
    return answer({**said, "notes": notes}, 201 if report.result is Added.ADDED else 200)


async def get_reference(request: web.Request) -> web.Response:
    """GET /api/collections/{name}/references/{key}"""
    name = (await reach.collection(request)).name
    return answer(reference_json(await services(request).references.find(name, request.match_info["key"])))


async def change_reference(request: web.Request) -> web.Response:
    """PATCH /api/collections/{name}/references/{key}: what is said of it; fields that are left out stay as they are."""
    name, said = (await reach.own_collection(request)).name, texts_in(await read_json(request))
    if unknown := next((word for word in said if word not in WORDS), None):
        raise UsageError(f"'{unknown[:40]}' can't be changed: say {', '.join(WORDS)}.")
    known = await services(request).references.find(name, request.match_info["key"])
    entry = Entry(key=known.key, collection=name, **said)
    (changed,) = await references.describe(services(request), [(known, entry)])
    return answer(reference_json(changed))


async def remove_reference(request: web.Request) -> web.Response:
    """DELETE /api/collections/{name}/references/{key}"""
    name, key = (await reach.own_collection(request)).name, request.match_info["key"]
    if not await references.remove(services(request), name, [key]):
        raise NotFound(f"There is no reference '{key}' in '{name}'.")
    return answer({"removed": key})


async def act_on_variants(request: web.Request) -> web.Response:
    """PUT /api/collections/{name}/references/{key}/variants: in one community templates of it are matches, too."""
    return await _choose(request, True)


async def leave_variants(request: web.Request) -> web.Response:
    """DELETE /api/collections/{name}/references/{key}/variants"""
    return await _choose(request, False)


async def _choose(request: web.Request, on: bool) -> web.Response:
    """What is chosen is the community's, so that the collection may be a shared one."""
    space, name = reach.community(request), (await reach.collection(request)).name
    by = by_of(request, (await read(request, By)).by)
    reference = await services(request).references.find(name, request.match_info["key"])
    return answer(choice_json(reference, await choices.act_on_variants(services(request), space, reference.id, on, by)))


def _place(home: Space | None, name: str, owner: str) -> tuple[str, str]:
    """Full name and owner of a new collection: a community's own is named by its community, as from its chat."""
    if home is None:
        return name, owner
    if owner not in ("", home.home, home.community):
        raise reach.forbidden("This token is limited to one community: leave 'owner' out.")
    return references.own_name(home, name) if name else "", home.home


def _entry(request: web.Request, collection: str, upload: Form) -> Entry:
    """What is said of the image, in the form or in the query; a field that is in neither stays as it is."""
    said = {word: upload.fields.get(word, request.query.get(word)) for word in WORDS}
    return Entry(key=upload["key"] or request.query.get("key", ""), collection=collection, **said)


def _may_replace(request: web.Request, upload: Form) -> bool:
    """Whether another picture under this key gives way."""
    said = upload["replace"] or request.query.get("replace", "false")
    if said not in ("true", "false"):
        raise UsageError("'replace' must be true or false.")
    return said == "true"
