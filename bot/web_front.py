"""The front of the built-in web channel: here the platform is Resight's own table of posts."""

from core.errors import NotFound, Unscannable
from core.ports import Posts
from core.types import Act, ActionRecord, ActState, Case, ImageEvent

WANTED = {
    Act.FLAG: {"flagged": True},
    Act.REMOVE: {"removed": True},
    Act.RESTORE: {"removed": False, "flagged": False},
}


class WebFront:
    """`core.ports.Front` over the posts table."""

    name = "web"

    def __init__(self, posts: Posts) -> None:
        self._posts = posts

    async def fetch(self, event: ImageEvent) -> bytes:
        try:
            return await self._posts.data(event.message)
        except NotFound as error:
            raise Unscannable("gone", str(error)) from None

    async def carry_out(self, action: ActionRecord, case: Case) -> tuple[ActState, str]:
        try:
            await self._posts.get(case.event.message)
        except NotFound:
            return ActState.GONE, "The post no longer exists."
        await self._posts.mark(case.event.message, **WANTED[action.act])
        return ActState.DONE, ""
