"""The web part, assembled: every route is in the tables below.

/              the chat            web/chat.py
/channel       the channel         web/channel.py
/case/{id}     one case            web/cases.py
/health        how the bot is      web/health.py
/sign-in       the door            web/signin.py
/healthz, /readyz, /metrics    web/probes.py
/api           the JSON API        web/api.py, web/catalogue.py, described by web/openapi.py
"""

from aiohttp import web

from web import (
    api,
    attempts,
    cases,
    catalogue,
    channel,
    chat,
    connections,
    health,
    pages,
    pictures,
    probes,
    problems,
    security,
    sessions,
    signin,
    statics,
)
from web.body_memory import AT_ONCE, BODY_MEMORY, BodyMemory
from web.context import BODY_SLACK, SERVICES, SETTINGS, WebNeeds, WebSettings

__all__ = ["WebSettings", "application"]

PAGES = (
    web.get("/", chat.show),
    web.post("/", chat.ask),
    web.get("/channel", channel.show),
    web.post("/channel", channel.post),
    web.get("/channel/feed", channel.feed),
    web.post("/channel/mode", channel.set_mode),
    web.get("/posts/{id}", channel.picture),
    web.get("/case/{id}", cases.show),
    web.get("/case/{id}/difference.jpg", pictures.difference),
    web.get("/case/{id}/picture.jpg", pictures.decided),
    web.post("/case/{id}/decision", cases.decide),
    web.post("/case/{id}/undo", cases.undo),
    web.post("/case/{id}/release", cases.release),
    web.post("/case/{id}/variants", cases.variants),
    web.get("/health", health.show),
    web.post("/health/retry", health.retry),
    web.get("/references/{id}.jpg", pictures.reference),
    web.get("/media/{key}", pictures.evidence),
    web.get("/samples/{name}.jpg", pictures.sample),
    web.get("/sign-in", signin.show),
    web.post("/sign-in", signin.submit),
    web.post("/sign-out", signin.leave),
    web.get("/static/{name}", statics.serve),
)
PROBES = (
    web.get("/healthz", probes.healthz),
    web.get("/readyz", probes.readyz),
    web.get("/metrics", probes.metrics),
)
API = (
    web.get("/api", api.page),
    web.get("/api/openapi.json", api.openapi),
    web.get("/api/health", api.health),
    web.post("/api/search", api.search_image),
    web.get("/api/similar", api.by_words),
    web.post("/api/similar", api.similar_image),
    web.post("/api/posts", api.add_post),
    web.get("/api/posts/{id}", api.get_post),
    web.get("/api/cases", api.list_cases),
    web.get("/api/cases/{id}", api.get_case),
    web.post("/api/cases/{id}/decision", api.decide),
    web.post("/api/cases/{id}/undo", api.undo),
    web.post("/api/cases/{id}/release", api.release),
    web.get("/api/collections", catalogue.list_collections),
    web.post("/api/collections", catalogue.create_collection),
    web.delete("/api/collections/{name}", catalogue.delete_collection),
    web.get("/api/collections/{name}/references", catalogue.list_references),
    web.post("/api/collections/{name}/references", catalogue.add_reference),
    web.get("/api/collections/{name}/references/{key}", catalogue.get_reference),
    web.patch("/api/collections/{name}/references/{key}", catalogue.change_reference),
    web.delete("/api/collections/{name}/references/{key}", catalogue.remove_reference),
    web.put("/api/collections/{name}/references/{key}/variants", catalogue.act_on_variants),
    web.delete("/api/collections/{name}/references/{key}/variants", catalogue.leave_variants),
)


def application(services: WebNeeds, settings: WebSettings) -> web.Application:
    """Return the whole web part around the given services; it opens nothing and so has nothing to close."""
    app = web.Application(
        middlewares=[connections.noted, security.headers, problems.errors, security.host, security.doors],
        client_max_size=services.max_image_bytes + BODY_SLACK,
    )
    app[SERVICES], app[SETTINGS] = services, settings
    app[sessions.SESSIONS], app[attempts.ATTEMPTS] = (
        sessions.Sessions(services.clock),
        attempts.Attempts(services.clock),
    )
    app[connections.CONNECTIONS] = connections.Connections()
    app[BODY_MEMORY] = BodyMemory(AT_ONCE * (services.max_image_bytes + BODY_SLACK))
    app[statics.STATICS], app[pages.TEMPLATES] = statics.Statics.read(), pages.environment()
    app.add_routes([*PAGES, *PROBES, *API])
    return app
