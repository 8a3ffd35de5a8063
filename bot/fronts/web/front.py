"""The front of the built-in web channel: here the platform is Resight's own table of posts.

flag, remove, restore    columns of the post                everything else: not possible here
"""

from core.cases import Case, Profile
from core.chat import GONE, Alert, Carried, Community, Order, Said
from core.chat_ports import Posts
from core.errors import NotFound, Unscannable
from core.types import Act, ActState, ImageEvent, Space

WANTED = {
    Act.FLAG: {"flagged": True},
    Act.REMOVE: {"removed": True},
    Act.RESTORE: {"removed": False, "flagged": False},
}
NO_SUBSCRIBERS = Carried(state=ActState.UNSUPPORTED, sentence="The web channel has no subscribers.")


class WebFront:
    """`core.ports.Front` over the posts table."""

    name = "web"
    keeps_posts = False

    def __init__(self, posts: Posts) -> None:
        self._posts = posts

    async def fetch(self, event: ImageEvent) -> bytes:
        try:
            return await self._posts.data(event.message)
        except NotFound as error:
            raise Unscannable("gone", str(error)) from None

    async def kept(self, event: ImageEvent, receipt: str) -> bytes | None:  # noqa: ARG002
        """No card keeps any."""
        return None

    async def profile(self, event: ImageEvent) -> Profile:  # noqa: ARG002
        """There are no accounts: whoever posts says what they are called."""
        return Profile()

    async def preview(self, event: ImageEvent, *, is_all: bool) -> bytes | None:  # noqa: ARG002
        """The page shows each post itself."""
        return None

    async def carry_out(self, order: Order) -> Carried:
        post, wanted = order.about.event.message, WANTED.get(order.action.act)
        if wanted is None:
            return Carried(state=ActState.UNSUPPORTED, sentence="The web channel has nothing of that kind.")
        try:
            await self._posts.get(post)
        except NotFound:
            return Carried(state=ActState.GONE, sentence="The post no longer exists.")
        await self._posts.mark(post, **wanted)
        return Carried(state=ActState.DONE)

    async def alert(self, alert: Alert, case: Case, picture: bytes | None) -> Carried:  # noqa: ARG002
        return NO_SUBSCRIBERS

    async def can_show(self, community: Community) -> Carried:  # noqa: ARG002
        """The pages show every case."""
        return Carried(state=ActState.DONE)

    async def warn(self, space: Space, warning: Said, language: str) -> bool:  # noqa: ARG002
        """Whoever runs this channel reads the pages."""
        return False

    async def withdraw(self, alert: Alert) -> Carried:  # noqa: ARG002
        return NO_SUBSCRIBERS

    async def discard(self, receipt: str) -> Carried:  # noqa: ARG002
        """Removed posts stay in the channel's own store, which forgets the pictures by itself."""
        return GONE
