"""What to install for what is missing: the packages themselves, as the metadata of the installed Resight asks for them.

    pip_install("ocr")                pip install 'rapidocr<4,>=3.10'
    pip_install("lab", "pywt")        of the extra `lab` only what brings the module pywt
    pip_install("", "onnxruntime")    one of the packages that Resight needs in any case

`pip install 'resight[ocr]'` would look for another Resight, in an index that has none.
"""

import shlex
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from packaging.markers import Marker

BROUGHT_BY = {"faiss": "faiss-cpu", "pywt": "pywavelets", "skimage": "scikit-image"}
"""Packages that are called otherwise than their modules."""


def pip_install(extra: str, *modules: str) -> str:
    """Return the command that installs what an extra brings ("" = no extra), or only the packages of these modules."""
    wanted = {BROUGHT_BY.get(module, module).replace("_", "-") for module in modules}
    packages = [asked for name, asked in _packages(extra) if not wanted or name in wanted]
    return " ".join(("pip install", *(packages or sorted(wanted) or [f"-e '.[{extra}]'"])))


def _packages(extra: str) -> Iterator[tuple[str, str]]:
    """Yield the name of each package of an extra, and how the shell is asked for it."""
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    try:
        requirements = requires("resight") or []
    except PackageNotFoundError:  # a checkout that was never installed
        return
    for asked in map(Requirement, requirements):
        if _is_of(extra, asked.marker):
            name = canonicalize_name(asked.name)
            with_extras = f"[{','.join(sorted(asked.extras))}]" if asked.extras else ""
            yield name, shlex.quote(f"{name}{with_extras}{asked.specifier}")


def _is_of(extra: str, marker: "Marker | None") -> bool:
    if marker is None:
        return not extra
    is_with, is_without = (marker.evaluate({"extra": chosen}) for chosen in (extra, ""))
    return is_with and not (extra and is_without)
