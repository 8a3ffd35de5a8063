"""Our scripts and styles, read once, packed once, named by their content.

`url("app.css")` has the file's hash in it, so browsers keep it for a year and never show an old one.
"""

import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path

from aiohttp import hdrs, web

FOLDER = Path(__file__).parent / "static"
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
FOREVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Static:
    """One file as it goes over the wire."""

    mime: str
    data: bytes
    packed: bytes
    mark: str


@dataclass(frozen=True, slots=True)
class Statics:
    """All static files by name; nothing else can be asked for, so no path can leave the folder."""

    files: dict[str, Static]

    @staticmethod
    def read(folder: Path = FOLDER) -> "Statics":
        """Read the static files of a folder into memory."""
        paths = (path for path in folder.iterdir() if path.suffix in TYPES)
        return Statics({path.name: _static(path) for path in paths})

    def url(self, name: str) -> str:
        """Return the address of a file, with a mark of its content so that browsers may keep it."""
        return f"/static/{name}?v={self.files[name].mark}"


STATICS = web.AppKey("statics", Statics)


def _static(path: Path) -> Static:
    data = path.read_bytes()
    mark = hashlib.sha256(data).hexdigest()[:12]
    return Static(mime=TYPES[path.suffix], data=data, packed=gzip.compress(data, 9, mtime=0), mark=mark)


async def serve(request: web.Request) -> web.Response:
    """GET /static/{name}"""
    file = request.app[STATICS].files.get(request.match_info["name"])
    if file is None:
        raise web.HTTPNotFound
    packs = "gzip" in request.headers.get(hdrs.ACCEPT_ENCODING, "")
    headers = {
        hdrs.CACHE_CONTROL: FOREVER if request.query.get("v") == file.mark else "no-cache",
        hdrs.VARY: "Accept-Encoding",
    }
    if packs:
        headers[hdrs.CONTENT_ENCODING] = "gzip"
    return web.Response(
        body=file.packed if packs else file.data, content_type=file.mime, charset="utf-8", headers=headers
    )
