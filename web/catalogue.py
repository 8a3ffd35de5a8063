"""The JSON API for collections and their reference images."""

from aiohttp import web

from core.errors import NotFound, UsageError
from core.types import Purpose, Reference
from handlers import add_check, references
from handlers.references import Added, Entry
from web.api import answer, number_in
from web.context import services
from web.shapes import collection_json, note_json, reference_json
from web.uploads import Form, read_json, read_upload

WORDS = ("title", "source_url", "owner", "rights", "note")


async def list_collections(request: web.Request) -> web.Response:
    """GET /api/collections"""
    found = await services(request).references.collections()
    return answer({"collections": [collection_json(collection) for collection in found]})


async def create_collection(request: web.Request) -> web.Response:
    """POST /api/collections"""
    said = await read_json(request)
    purpose = str(said.get("purpose", Purpose.LIBRARY))
    if purpose not in set(Purpose):
        raise UsageError(f"The purpose must be one of {', '.join(Purpose)}.")
    name, owner = str(said.get("name", "")), str(said.get("owner", ""))
    made = await references.create_collection(services(request), name, Purpose(purpose), owner)
    return answer(collection_json(made), 201)


async def delete_collection(request: web.Request) -> web.Response:
    """DELETE /api/collections/{name}"""
    return answer({"deleted": await references.delete_collection(services(request), request.match_info["name"])})


async def list_references(request: web.Request) -> web.Response:
    """GET /api/collections/{name}/references: by key; `next` is the next page's `after`, null on the last page."""
    name, limit = request.match_info["name"], number_in(request, "limit", 100, 1000)
    await services(request).references.collection(name)
    found = await _page(request, name, request.query.get("after", ""), limit + 1)
    shown = found[:limit]
    following = shown[-1].key if len(found) > limit else None
    return answer({"references": [reference_json(one) for one in shown], "next": following})


async def add_reference(request: web.Request) -> web.Response:
    """POST /api/collections/{name}/references"""
    upload = await read_upload(request)
    entry = _entry(request, upload)
    report = await add_check.add(services(request), entry, upload.image)
    said = {"key": entry.key, "collection": entry.collection, "result": report.result.value}
    notes = [note_json(note) for note in report.notes]
    return answer({**said, "notes": notes}, 201 if report.result is Added.ADDED else 200)


async def remove_reference(request: web.Request) -> web.Response:
    """DELETE /api/collections/{name}/references/{key}"""
    name, key = request.match_info["name"], request.match_info["key"]
    if not await references.remove(services(request), name, [key]):
        raise NotFound(f"There is no reference '{key}' in '{name}'.")
    return answer({"removed": key})


def _entry(request: web.Request, upload: Form) -> Entry:
    """What is said of the image, in the form or in the query."""
    said = {word: upload[word] or request.query.get(word, "") for word in ("key", *WORDS)}
    return Entry(collection=request.match_info["name"], **said)


async def _page(request: web.Request, collection: str, after: str, limit: int) -> list[Reference]:
    """At most `limit` references with a key past `after`."""
    found: list[Reference] = []
    async for reference in services(request).references.each(collection):
        if reference.key > after:
            found.append(reference)
        if len(found) >= limit:
            break
    return found
