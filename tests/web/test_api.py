"""The JSON API, over a real socket."""

import base64
import io
import json
from typing import Any

import pytest
from aiohttp import FormData
from PIL import Image

from handlers import similar
from tests.web.conftest import KNOWN
from tests.web.fakes import BEARER, Desk, copy_of, picture, saved

REFERENCES = "/api/collections/library/references"


async def call(front: Desk, method: str, path: str, status: int = 200, **sent: Any) -> Any:
    """One request with the token; the JSON answer."""
    headers = {**BEARER, **sent.pop("headers", {})}
    async with front.client.request(method, path, headers=headers, **sent) as answer:
        said = await answer.json()
        assert answer.status == status, said
        return said


@pytest.mark.parametrize("given", ["", "Bearer", "Bearer wrong", "Basic bGV0LW1lLWlu", "let-me-in", "Bearer ünïcode"])
async def test_only_the_token_opens_the_api(front: Desk, given: str) -> None:
    """Without the right token there is a 401 that says how to send it."""
    async with front.client.get("/api/cases", headers={"Authorization": given} if given else {}) as answer:
        assert answer.status == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert "Bearer TOKEN" in (await answer.json())["error"]["message"]


async def test_raw_bytes_are_searched(front: Desk) -> None:
    """The fastest way: the body is the image."""
    found = await call(front, "POST", "/api/search", data=copy_of(KNOWN), headers={"Content-Type": "image/jpeg"})

    assert found["verdict"] == "match"
    assert found["matches"][0]["key"] == "logo"
    assert found["matches"][0]["kind"] == "edited"
    assert found["timings_ms"]["total"] > 0


async def test_curl_needs_no_content_type(front: Desk) -> None:
    """`curl --data-binary @image.jpg` calls the image a form; it is found all the same."""
    headers = {"Content-Type": "application/x-www-form-urlencoded"}

    assert (await call(front, "POST", "/api/search", data=KNOWN, headers=headers))["verdict"] == "match"
    form = {"url": "https://example.org/known.png"}
    assert (await call(front, "POST", "/api/search", data=form))["verdict"] == "match"


async def test_a_video_is_taken_as_it_is(front: Desk) -> None:
    """Whether videos are looked at is not for the request to know: a verdict says so."""
    data = b"\0\0\0\x18ftypisom\0\0\0\0isommp42"
    found = await call(front, "POST", "/api/search", data=data, headers={"Content-Type": "video/mp4"})

    assert (found["verdict"], found["reason"] in ("video", "corrupt")) == ("unscannable", True)


async def test_a_form_field_is_searched(front: Desk) -> None:
    """A multipart field named image works, too."""
    form = FormData()
    form.add_field("image", io.BytesIO(KNOWN), filename="x.png")

    assert (await call(front, "POST", "/api/search", data=form))["matches"][0]["kind"] == "exact"


async def test_an_address_is_searched(front: Desk) -> None:
    """JSON with an address is downloaded by the one downloader."""
    found = await call(front, "POST", "/api/search", json={"url": "https://example.org/known.png"})
    refused = await call(front, "POST", "/api/search", 422, json={"url": "http://127.0.0.1/"})

    assert found["verdict"] == "match"
    assert refused["error"] == {"reason": "refused", "message": "That address is not a public one."}


async def test_all_candidates_and_top(front: Desk) -> None:
    """The query decides how much is shown."""
    await front.know(picture(2), key="second")

    everything = await call(front, "POST", "/api/search?all_candidates=1", data=KNOWN)
    one = await call(front, "POST", "/api/search?all_candidates=true&top=1", data=KNOWN)

    assert len(everything["matches"]) == 2
    assert len(one["matches"]) == 1


async def test_evidence_comes_with_the_answer(front: Desk) -> None:
    """Asked for, the best match comes as a picture; a stranger has none, unless all candidates are asked for."""
    copy = await call(front, "POST", "/api/search?evidence=1", data=copy_of(KNOWN))
    same = await call(front, "POST", "/api/search?evidence=1", data=KNOWN)
    stranger = await call(front, "POST", "/api/search?evidence=1", data=picture(2))
    nearest = await call(front, "POST", "/api/search?evidence=1&all_candidates=1", data=picture(2))
    plain = await call(front, "POST", "/api/search", data=copy_of(KNOWN))

    for said in (copy, same, nearest):
        with Image.open(io.BytesIO(base64.b64decode(said["evidence"]))) as image:
            assert image.format == "JPEG"
    assert stranger["evidence"] is None
    assert "evidence" not in plain


async def test_only_the_named_collections_are_searched(front: Desk) -> None:
    """Another collection's images are not found, and an unknown one is an error."""
    await call(front, "POST", "/api/collections", 201, json={"name": "other", "purpose": "blocklist"})

    assert (await call(front, "POST", "/api/search?collection=other", data=KNOWN))["verdict"] == "clean"
    assert (await call(front, "POST", "/api/search?collection=other&collection=library", data=KNOWN))["matches"]
    assert (await call(front, "POST", "/api/search?collection=none", 404, data=KNOWN))["error"]["reason"] == "not-found"


@pytest.mark.parametrize(
    "query", ["top=0", "top=51", "top=x", "top=-1", "top=99999999999999", "all_candidates=perhaps", "evidence=2"]
)
async def test_impossible_queries_are_refused(front: Desk, query: str) -> None:
    """A wrong query is told, not guessed at."""
    said = await call(front, "POST", f"/api/search?{query}", 400, data=KNOWN)

    assert said["error"]["reason"] == "usage"


@pytest.mark.parametrize("body", ["", "{", "[]", '"x"', "{}", '{"url": 5}', '{"url": "ftp://x"}', "[" * 100_000])
async def test_broken_json_is_refused(front: Desk, body: str) -> None:
    """Whatever the body is, the answer is one sentence."""
    said = await call(front, "POST", "/api/search", 400, data=body, headers={"Content-Type": "application/json"})

    assert said["error"]["message"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--b\r\n",
        b"--b\r\n\r\nx\r\n--b--\r\n",
        b"--b\r\nContent-Disposition: form-data; name=image\r\n\r\n\r\n--b--",
    ],
)
async def test_broken_forms_are_refused(front: Desk, body: bytes) -> None:
    """A form that breaks off or holds no image is told."""
    headers = {"Content-Type": "multipart/form-data; boundary=b"}

    assert (await call(front, "POST", "/api/search", 400, data=body, headers=headers))["error"]["message"]


async def test_forms_are_bounded(front: Desk) -> None:
    """Neither many parts nor a long field get through."""
    many, long = FormData(), FormData()
    for number in range(40):
        many.add_field(f"f{number}", "x", content_type="text/plain")
    long.add_field("title", "x" * 20_000, content_type="text/plain")

    await call(front, "POST", "/api/search", 400, data=many)
    await call(front, "POST", "/api/search", 413, data=long)


async def test_similar_images_wait_for_their_model_and_are_told(front: Desk) -> None:
    """Before all references are embedded the answer is to come again; then the nearest are told with their scores."""
    waiting = await call(front, "POST", "/api/similar", 503, data=KNOWN)
    await similar.catch_up(front.services)
    (first,) = (await call(front, "POST", "/api/similar?top=1", data=copy_of(KNOWN)))["similar"]

    assert "still being embedded" in waiting["error"]["message"]
    assert (first["key"], first["metric"]) == ("logo", "cosine")
    assert 0.8 < first["score"] <= 1
    assert (await call(front, "POST", "/api/similar?collection=none", 404, data=KNOWN))["error"]["reason"]


async def test_words_find_references(front: Desk) -> None:
    """What the words say is looked for; no words at all are told."""
    await front.know(picture(7), key="seven")
    await similar.catch_up(front.services)
    (first, *_) = (await call(front, "GET", "/api/similar?text=picture+7"))["similar"]
    silent = await call(front, "GET", "/api/similar", 422)

    assert first["key"] == "seven"
    assert "what to look for" in silent["error"]["message"]


async def test_a_post_gets_its_verdict(front: Desk) -> None:
    """Posting answers at once; the verdict is there a moment later, with its case."""
    received = await call(front, "POST", "/api/posts?author=Ada", 202, data=copy_of(KNOWN))
    path = f"/api/posts/{received['id']}"
    assert (await call(front, "GET", path))["status"] == "waiting"

    await front.settle()

    post = await call(front, "GET", path)
    assert (post["status"], post["verdict"], post["author"]) == ("done", "match", "Ada")
    assert (await call(front, "GET", f"/api/cases/{post['case']}"))["would_have"] == ["flag"]


async def test_cases_are_decided_and_undone(front: Desk) -> None:
    """A program decides like a moderator; a second decision is a conflict."""
    await call(front, "POST", "/api/posts", 202, data=copy_of(KNOWN))
    await front.settle()

    decided = await call(front, "POST", "/api/cases/1/decision", json={"decision": "violation", "by": "Ada"})
    again = await call(front, "POST", "/api/cases/1/decision", 409, json={"decision": "allowed"})
    undone = await call(front, "POST", "/api/cases/1/undo")

    assert (decided["standing"], decided["decisions"][0]["by"]) == ("violation", "Ada")
    assert again["error"]["reason"] == "conflict"
    assert (undone["standing"], undone["decisions"][0]["undone_by"]) == (None, "api")
    await call(front, "POST", "/api/cases/1/decision", 400, json={"decision": "maybe"})


async def test_cases_are_paged(front: Desk) -> None:
    """The newest come first, and `before` goes on where a page ended."""
    for _ in range(3):
        await call(front, "POST", "/api/posts", 202, data=copy_of(KNOWN))
    await front.settle()

    first = (await call(front, "GET", "/api/cases?limit=2"))["cases"]
    rest = (await call(front, "GET", f"/api/cases?before={first[-1]['id']}"))["cases"]

    assert [case["id"] for case in first + rest] == [3, 2, 1]


async def test_collections_come_and_go(front: Desk) -> None:
    """A collection is made once, listed with its size, and deleted with its references."""
    await call(front, "POST", "/api/collections", 201, json={"name": "memes"})
    await call(front, "POST", "/api/collections", 409, json={"name": "memes"})
    await call(front, "POST", "/api/collections", 400, json={"name": "x", "purpose": "fun"})
    await call(front, "POST", "/api/collections", 400, json={"name": "a b"})
    for said in ({"name": 0}, {"name": None}, {"name": "x", "owner": "1" * 300}, {"name": "x", "colour": "red"}):
        await call(front, "POST", "/api/collections", 400, json=said)

    sizes = {one["name"]: one["size"] for one in (await call(front, "GET", "/api/collections"))["collections"]}
    assert sizes == {"library": 1, "memes": 0}
    assert await call(front, "DELETE", "/api/collections/library") == {"deleted": 1}
    await call(front, "DELETE", "/api/collections/library", 404)


async def test_references_come_and_go(front: Desk) -> None:
    """An added image is found by the next search; a removed one is not."""
    said = "key=a%2Fb&title=New&source_url=https://example.org/"
    added = await call(front, "POST", f"{REFERENCES}?{said}", 201, data=picture(9))
    same = await call(front, "POST", f"{REFERENCES}?{said}", data=picture(9))
    assert (added["result"], same["result"]) == ("added", "unchanged")
    assert added["notes"] == same["notes"] == []
    assert (await call(front, "POST", "/api/search", data=picture(9)))["matches"][0]["title"] == "New"

    assert await call(front, "DELETE", f"{REFERENCES}/a%2Fb") == {"removed": "a/b"}
    await call(front, "DELETE", f"{REFERENCES}/a%2Fb", 404)
    assert (await call(front, "POST", "/api/search", data=picture(9)))["verdict"] == "clean"


async def test_what_is_left_out_stays_as_it_is(front: Desk) -> None:
    """The same picture without its title keeps it; PATCH changes the fields that it names, and GET shows the one."""
    where = f"{REFERENCES}/a%2Fb"
    await call(front, "POST", f"{REFERENCES}?key=a%2Fb&title=New&owner=Ann", 201, data=picture(9))
    same = await call(front, "POST", f"{REFERENCES}?key=a%2Fb", data=picture(9))
    one = await call(front, "GET", where)
    changed = await call(front, "PATCH", where, json={"title": "Newer", "note": "n"})
    emptied = await call(front, "PATCH", where, json={"owner": ""})

    assert (same["result"], one["title"], one["owner"]) == ("unchanged", "New", "Ann")
    assert changed == one | {"title": "Newer", "note": "n"}
    assert emptied == await call(front, "GET", where) == changed | {"owner": ""}
    for wrong, status in (({"key": "c"}, 400), ({"title": 7}, 400), ({"source_url": "x"}, 422), ({"note": "\0"}, 422)):
        await call(front, "PATCH", where, status, json=wrong)
    await call(front, "PATCH", f"{REFERENCES}/nobody", 404, json={"title": "x"})
    await call(front, "GET", f"{REFERENCES}/nobody", 404)


async def test_another_picture_needs_its_word(front: Desk) -> None:
    """A key that has a picture keeps it, unless the program says `replace`."""
    where = f"{REFERENCES}?key=mine"
    await call(front, "POST", f"{where}&title=First", 201, data=picture(9))
    refused = await call(front, "POST", where, 409, data=picture(10))
    unclear = await call(front, "POST", f"{where}&replace=perhaps", 400, data=picture(10))
    kept = await call(front, "POST", "/api/search", data=picture(9))
    replaced = await call(front, "POST", f"{where}&replace=true", data=picture(10))

    assert "replace" in refused["error"]["message"]
    assert "true or false" in unclear["error"]["message"]
    assert (kept["verdict"], replaced["result"]) == ("match", "replaced")
    assert (await call(front, "POST", "/api/search", data=picture(10)))["matches"][0]["title"] == "First"


async def test_what_is_worth_knowing_of_a_reference_is_noted(front: Desk) -> None:
    """A copy of a known image is added, and a program learns what it is a copy of."""
    copy = await call(front, "POST", f"{REFERENCES}?key=copy", 201, data=copy_of(KNOWN))
    twin = await call(front, "POST", f"{REFERENCES}?key=twin", 201, data=KNOWN)
    plain = await call(
        front, "POST", f"{REFERENCES}?key=plain", 422, data=saved(Image.new("RGB", (90, 90), "teal"), "PNG")
    )

    assert [note["reason"] for note in copy["notes"]] == ["duplicate"]
    assert "“Harbour <b>” in library: an edited copy" in copy["notes"][0]["message"]
    assert [note["reason"] for note in twin["notes"]] == ["same-file"]
    assert plain["error"]["message"] == "The picture has one colour: there is nothing in it to recognise."


async def test_references_are_paged_by_key(front: Desk) -> None:
    """Every page goes on after the last key, and the last says that it is the last."""
    for key in ("a", "b", "ü"):
        await front.know(picture(4), key=key)

    first = await call(front, "GET", f"{REFERENCES}?limit=3")
    last = await call(front, "GET", REFERENCES, params={"limit": "3", "after": first["next"]})

    assert [one["key"] for one in first["references"] + last["references"]] == ["a", "b", "logo", "ü"]
    assert last["next"] is None
    await call(front, "GET", "/api/collections/none/references", 404)


async def test_a_wrong_reference_is_told(front: Desk) -> None:
    """No key, no picture or a hostile address: one sentence each."""
    await call(front, "POST", REFERENCES, 422, data=KNOWN)
    await call(front, "POST", f"{REFERENCES}?key=x", 422, data=b"nothing")
    await call(front, "POST", f"{REFERENCES}?key=x&source_url=javascript:x", 422, data=KNOWN)


async def test_health_tells_the_truth(front: Desk) -> None:
    """Ok while the store answers, 503 when it does not; no token needed."""
    async with front.client.get("/api/health") as answer:
        assert (answer.status, await answer.json()) == (200, {"status": "ok"})
    front.shelves.down = True
    async with front.client.get("/api/health") as answer:
        assert answer.status == 503


async def test_a_silent_store_is_503_with_a_time(front: Desk) -> None:
    """A search without an answer is never an empty answer."""
    front.shelves.down = True

    async with front.client.post("/api/search", data=picture(3), headers=BEARER) as answer:
        assert answer.status == 503
        assert int(answer.headers["Retry-After"]) > 0
        assert json.loads(await answer.text())["error"]["reason"] == "store-down"


@pytest.mark.parametrize("method, path, status", [("GET", "/api/nothing", 404), ("PUT", "/api/search", 405)])
async def test_unknown_routes_are_json(front: Desk, method: str, path: str, status: int) -> None:
    """Under /api even a wrong address is answered in JSON."""
    assert (await call(front, method, path, status))["error"]["message"]
