"""A community in memory: channels, people and what they wrote. It lives as long as the terminal.

Cases and cards of former times name messages by their numbers, so those begin `after` the last one that there ever was.

#general   watched or not, as staff say        #mod-log   where cards may go
you        runs the community                  others     anybody else who is named
"""

from dataclasses import dataclass, field

from core.messages import Button, Incoming, Person, Right, Shown
from core.types import Platform, Space

COMMUNITY = "here"
CHANNELS = ("general", "mod-log")
YOU, BOT = "you", Person(id="resight", name="Resight")


@dataclass(slots=True)
class Message:
    """Something that somebody wrote; `lines` is what the bot wrote."""

    number: int
    space: Space
    author: Person
    text: str = ""
    pictures: dict[str, bytes] = field(default_factory=dict)
    replied_to: int | None = None
    lines: tuple[str, ...] = ()
    buttons: tuple[Button, ...] = ()
    key: str = ""
    marked: bool = False
    gone: bool = False

    @property
    def by_bot(self) -> bool:
        return self.author == BOT


@dataclass(slots=True)
class World:
    """Everything that was written, and who may what."""

    after: int = 0
    messages: dict[int, Message] = field(default_factory=dict)
    rights: dict[str, Right] = field(default_factory=lambda: {YOU: Right.MANAGER})
    barred: set[str] = field(default_factory=set)
    language: str = ""

    def space(self, channel: str) -> Space:
        """A channel of the community; any other name is a person's chat with the bot alone."""
        return Space(platform=Platform.TERMINAL, community=COMMUNITY if channel in CHANNELS else "", channel=channel)

    def person(self, name: str) -> Person:
        return Person(id=name, name=name, language=self.language)

    @property
    def last(self) -> int:
        """The number of the newest message."""
        return self.after + len(self.messages)

    def write(self, space: Space, author: Person, **what: object) -> Message:
        """Somebody writes something."""
        message = Message(self.last + 1, space, author, **what)  # type: ignore[arg-type]
        self.messages[message.number] = message
        return message

    def find(self, number: str | int | None) -> Message | None:
        """The message of that number, None if there is none or if it was deleted."""
        found = self.messages.get(int(number or 0))
        return found if found and not found.gone else None

    def under(self, key: str) -> Message | None:
        """What the bot wrote under a key."""
        return next((message for message in self.messages.values() if message.key == key), None)

    def incoming(self, message: Message) -> Incoming:
        """The message as the bot hears it."""
        target = self.find(message.replied_to)
        return Incoming(
            space=message.space,
            message=str(message.number),
            author=message.author,
            text=message.text,
            pictures=tuple(Shown(image=name, file_name=name) for name in message.pictures),
            group=str(message.number) if len(message.pictures) > 1 else "",
            link=f"terminal:{message.number}",
            by_staff=self.rights.get(message.author.id, Right.EVERYBODY) > Right.EVERYBODY,
            buttons=tuple(button.data for button in message.buttons) if message.by_bot else (),
            replied_to=self.incoming(target) if target else None,
        )
