"""The built-in channel: people post, the bot checks, moderators decide.

GET  /channel              the page
GET  /channel/feed?seen=   the posts again, or 204 while nothing changed
POST /channel              post an image -> the inbox, as on any platform
POST /channel/mode         what the bot may do here
GET  /posts/{id}           the posted picture, while it is not removed
"""

from aiohttp import hdrs, web

from core.cases import Policy
from core.errors import ResightError, UsageError
from core.types import Mode
from handlers import choices, intake
from web import pages
from web.context import CHANNEL, is_fragment, services
from web.problems import Failed, Problem, of_error
from web.security import form_of
from web.uploads import with_image
from web.views import KEYS, PostView, by_number, mark_of, post_view

SHOWN = 30
MAGIC = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"GIF8": "image/gif",
    b"RIFF": "image/webp",
    b"BM": "image/bmp",
}


async def show(request: web.Request) -> web.Response:
    """GET /channel"""
    return await _page(request)


async def feed(request: web.Request) -> web.Response:
    """GET /channel/feed: 204 leaves the page as it is, and with it what somebody has in focus."""
    posts, mark = await _posts(request)
    if request.query.get("seen") == mark:
        return web.Response(status=204, headers={hdrs.CACHE_CONTROL: "no-store"})
    return pages.render(request, "_feed.html", posts=posts, mark=mark, keys=KEYS)


async def post(request: web.Request) -> web.Response:
    """POST /channel"""
    form = form_of(request)
    name = form["name"].strip()[: pages.LONGEST_NAME]
    try:
        if not form.image and not form["url"].strip():
            raise Failed(Problem(status=400, reason="nothing-sent"))
        form = await with_image(request, form)
        await intake.post(services(request), CHANNEL, name, form.file_name, form.image)
    except Failed as error:
        return await _say(request, error.problem)
    except ResightError as error:
        return await _say(request, of_error(error))
    response = await feed(request) if is_fragment(request) else _back()
    pages.keep_name(request, response, name)
    return response


async def set_mode(request: web.Request) -> web.Response:
    """POST /channel/mode"""
    policies, wanted = services(request).policies, form_of(request)["mode"]
    if wanted not in set(Mode):
        raise UsageError("The mode must be off, dry_run, flag or enforce.")
    policy = await policies.for_space(CHANNEL)
    changed = Policy(mode=Mode(wanted), thresholds=policy.thresholds)
    await policies.set(CHANNEL, changed, pages.name_of(request))
    return pages.render(request, "_mode.html", mode=changed.mode, modes=list(Mode)) if is_fragment(request) else _back()


async def picture(request: web.Request) -> web.Response:
    """GET /posts/{id}: the bytes as uploaded, only as a picture type, so a browser never runs them."""
    posts, number = services(request).posts, request.match_info["id"]
    post = await posts.get(number)
    data = b"" if post.removed else await posts.data(number)
    mime = mime_of(data)
    if not mime:
        raise web.HTTPNotFound
    return web.Response(body=data, content_type=mime, headers={hdrs.CACHE_CONTROL: "no-store"})


def mime_of(data: bytes) -> str:
    """Return the picture type that the first bytes say; "" for one that is not shown."""
    return next((mime for magic, mime in MAGIC.items() if data.startswith(magic)), "")


def _back() -> web.Response:
    return web.Response(status=303, headers={hdrs.LOCATION: "/channel"})


async def _say(request: web.Request, problem: Problem) -> web.Response:
    sentence = problem.said(pages.words_of(request))
    if is_fragment(request):
        headers = {"HX-Retarget": "#said", "HX-Reswap": "innerHTML"}
        response = pages.render(request, "_problem.html", status=problem.status, problem=sentence)
        response.headers.update(headers)
    else:
        response = await _page(request, status=problem.status, problem=sentence)
    response.headers.update(problem.headers)
    return response


async def _posts(request: web.Request) -> tuple[list[PostView], str]:
    """Return the newest posts, and a mark that changes when anything about them does."""
    ours, words = services(request), pages.words_of(request)
    is_off = (await ours.policies.for_space(CHANNEL)).mode is Mode.OFF
    posts = await ours.posts.newest(SHOWN)
    cases = by_number(await ours.cases.some({post.case for post in posts if post.case}))
    chosen, now = await choices.about(ours, cases.values()), ours.clock()
    of_post = [(post, cases.get(post.case or 0), chosen.get(post.case or 0)) for post in posts]
    views = [post_view(words, post, case, now, is_off, choice) for post, case, choice in of_post]
    return views, mark_of(words.language, views)


async def _page(request: web.Request, *, status: int = 200, problem: str = "") -> web.Response:
    posts, mark = await _posts(request)
    mode = (await services(request).policies.for_space(CHANNEL)).mode
    return pages.render(
        request,
        "channel.html",
        status=status,
        posts=posts,
        mark=mark,
        mode=mode,
        modes=list(Mode),
        keys=KEYS,
        waits=any(post.waits for post in posts),
        problem=problem,
    )
