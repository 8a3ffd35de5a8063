"""`resight demo --save DIR`: the made-up pictures as files, to try every command with (docs/uses).

known/COLLECTION/KEY.jpg   24 references       known.csv   the list of them, for `resight add --manifest`
posts/NAME.jpg             what people post    posts.csv   the list of them, for `resight search --manifest`
classes/LABEL/*.jpg        three kinds of picture, four each, for `resight import` and `resight lab map`
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from PIL import Image

from bot.cli.output import out, print_json, progress
from core.errors import DataError
from lab import suite
from lab.drawings.demo import DemoImage, demo_set, jpeg, strangers
from lab.edits.suite import EDITS

POSTS: Mapping[str, tuple[str, str]] = {
    "repost": ("five-koi", "half_recompressed"),
    "mirrored": ("gardener", "mirror"),
    "screenshot": ("six-ridges", "screenshot"),
    "collage": ("three-suns", "collage"),
    "advert": ("tealorne", "caption_bar"),
    "scam": ("zorbacoin", "crop_75"),
    "shop": ("orbivane", "screenshot_dark"),
    "stranger": ("birches", ""),
}
"""Name of the file -> which picture it is, under which edit."""

CLASSES: Mapping[str, Sequence[str]] = {
    "koi": ("five-koi",),
    "robots": ("tin-duke", "gardener"),
    "scams": ("grabbo", "profitopia"),
}
COPIES = ("rotate_5", "crop_75", "grayscale", "border")


def save(folder: Path, as_json: bool) -> None:
    """Write them all; raises DataError where that can't be done."""
    known = demo_set()
    try:
        with progress("Drawing", len(known) + len(POSTS)) as step:
            listed, posts = [], []
            for one in known:
                listed.append(_known(folder, one))
                step()
            for name in POSTS:
                posts.append(_post(folder, name))
                step()
        _list(folder / "known.csv", ("key", "path", "collection", "title", "owner", "source_url", "rights"), listed)
        _list(folder / "posts.csv", ("id", "path"), posts)
        classes = [path for label in CLASSES for path in _class(folder, label)]
    except OSError as error:
        raise DataError(f"The pictures can't be written to '{folder}': {error.strerror}.") from None
    if as_json:
        print_json({"known": len(listed), "posts": len(posts), "classes": len(classes)})
    else:
        out().print(
            f"{len(listed)} known pictures, {len(posts)} posts, {len(classes)} in classes: {folder}", markup=False
        )


def _known(folder: Path, one: DemoImage) -> Sequence[str]:
    path = Path("known", one.collection, f"{one.key}.jpg")
    _write(folder / path, one.draw())
    return one.key, path.as_posix(), one.collection, one.title, one.owner, one.source_url, one.rights


def _post(folder: Path, name: str) -> Sequence[str]:
    key, edit = POSTS[name]
    picture, path = _drawn(key), Path("posts", f"{name}.jpg")
    _write(folder / path, EDITS[edit](picture) if edit else picture)
    return name, path.as_posix()


def _class(folder: Path, label: str) -> Iterator[Path]:
    """Pictures of one label: its drawings, each under the same few edits."""
    keys = CLASSES[label]
    for number, edit in enumerate(COPIES):
        key = keys[number % len(keys)]
        path = folder / "classes" / label / f"{key}-{edit}.jpg"
        _write(path, suite.apply(edit, _drawn(key), key))
        yield path


def _drawn(key: str) -> Image.Image:
    return next(one for one in (*demo_set(), *strangers()) if one.key == key).draw()


def _write(path: Path, picture: Image.Image) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(jpeg(picture))


def _list(path: Path, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([columns, *rows])
