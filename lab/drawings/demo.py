"""A demo catalogue that nobody has to license: the program draws every picture itself, when it is asked for.

demo_set() -> 24 DemoImage (brands, artworks, blocklist) --draw()--> picture --jpeg()--> bytes
strangers() -> 6 DemoImage of the same hand that belong to no collection

    kit        the sheet and its pens
    brands     adverts by made-up companies, first half; goods the second
    places     landscapes and towns; studio robots and plants; abstract the rest
    scams      posters of invented frauds, for a blocklist
    strangers  what must not be found

scenes and scene_things draw places that are photographed twice, for measuring.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO

from PIL import Image

from core.types import Purpose
from lab.drawings import abstract, brands, goods, places, scams, studio
from lab.drawings import strangers as others

type Draw = Callable[[], Image.Image]
type Row = tuple[str, str, str, Draw]

RIGHTS = "Drawn by Resight itself; Apache-2.0 like the rest of it"


@dataclass(frozen=True)
class DemoImage:
    """A picture of the demo with what a catalogue says about it; `draw` always draws the same pixels."""

    key: str
    collection: str
    purpose: Purpose
    title: str
    owner: str
    source_url: str
    rights: str
    draw: Draw


BRANDS: Sequence[Row] = (
    ("quillbird", "Slow mornings, bright wings", "Quillbird Coffee", brands.coffee),
    ("orbivane", "Hear the far side", "Orbivane Audio", brands.headphones),
    ("tealorne", "Night Green tin", "Tealorne Tea", brands.tea),
    ("mossalune", "Green flatmates", "Mossalune Plants", brands.plants),
    ("brinkafizz", "Bubbles with an opinion", "Brinkafizz Drinks", goods.cans),
    ("pedalune", "The long way home", "Pedalune Cycles", goods.bicycle),
    ("blokkaroo", "One more, then bedtime", "Blokkaroo Toys", goods.blocks),
    ("hearthwyck", "Stays for supper", "Hearthwyck Furniture", goods.furniture),
)
ARTWORKS: Sequence[Row] = (
    ("six-ridges", "Six ridges", "Ilva Thornquill", places.mountains),
    ("low-sun", "Low sun, two boats", "Maro Destrella", places.sea),
    ("river-city", "River city", "Juno Kestavar", places.city),
    ("ringed-evening", "Ringed evening", "Ilva Thornquill", places.desert),
    ("five-koi", "Five koi", "Sen Arabuki-Lund", places.pond),
    ("tin-duke", "The Tin Duke", "Odo Fennimar", studio.robot_duke),
    ("gardener", "The gardener", "Odo Fennimar", studio.robot_gardener),
    ("herbarium", "Herbarium of Nowhere, plate VII", "Pell Wrenhollow", studio.botanical),
    ("forty-eight", "Forty-eight tiles", "Bauke Zandermol", abstract.tiles),
    ("balance", "Balance with strings", "Bauke Zandermol", abstract.composition),
    ("three-suns", "Wind around three suns", "Maro Destrella", abstract.currents),
)
SCAMS: Sequence[Row] = (
    ("zorbacoin", "Free coins", "reported as ZorbaCoin", scams.free_coins),
    ("grabbo", "You won!!!", "reported as Grabbo", scams.you_won),
    ("blorpchat", "Your account ends today", "reported as Blorpchat Security", scams.verify_account),
    ("profitopia", "Get rich in 7 naps", "reported as Profitopia", scams.get_rich),
    ("laser-cat", "Send me your keys", "reported as Laser Cat", scams.laser_cat),
)
STRANGERS: Sequence[Row] = (
    ("ringaloo", "Eight doughnuts", "Ringaloo Doughnuts", others.doughnuts),
    ("birches", "October birches", "Tove Almgarde", others.birches),
    ("balloons", "Five balloons", "Tove Almgarde", others.balloons),
    ("sailor", "The sailor", "Remi Okatander", others.robot_sailor),
    ("quilt", "Quilt", "Remi Okatander", others.quilt),
    ("spinderella", "Spin and win", "Spinderella Ltd.", others.lucky_wheel),
)


def demo_set() -> Sequence[DemoImage]:
    """The reference images of the demo; drawing one takes about a tenth of a second."""
    return (
        *_records("brands", Purpose.BRAND, BRANDS),
        *_records("artworks", Purpose.COPYRIGHT, ARTWORKS),
        *_records("blocklist", Purpose.BLOCKLIST, SCAMS),
    )


def strangers() -> Sequence[DemoImage]:
    """Pictures that are in no collection, to show what a clean verdict looks like."""
    return _records("", Purpose.LIBRARY, STRANGERS)


def jpeg(image: Image.Image, quality: int = 90) -> bytes:
    """Return the picture as the bytes of a JPEG."""
    file = BytesIO()
    image.convert("RGB").save(file, "JPEG", quality=quality)
    return file.getvalue()


def _records(collection: str, purpose: Purpose, rows: Sequence[Row]) -> tuple[DemoImage, ...]:
    folder = collection or "elsewhere"
    return tuple(
        DemoImage(key, collection, purpose, title, owner, f"https://example.org/{folder}/{key}", RIGHTS, draw)
        for key, title, owner, draw in rows
    )
