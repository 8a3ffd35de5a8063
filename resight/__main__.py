"""`resight` and `python -m resight`: puts the folders of Resight first on the path, then runs `bot/__main__.py`.

    in a wheel       bot/, core/, ... lie in the package `resight`, beside this file
    in a checkout    they lie beside the package `resight`

So a wheel brings nobody a top-level `core` or `web`, and no project in the working directory stands in for ours. Until
the path is set, only what Python has loaded by itself is used: `pathlib` would load a `fnmatch.py` that lies there.
"""

import os
import sys


def main() -> None:
    """Entry point of an installed Resight."""
    here = os.path.dirname(os.path.realpath(__file__))  # noqa: PTH120  see above
    root = here if os.path.isdir(os.path.join(here, "bot")) else os.path.dirname(here)  # noqa: PTH112, PTH118, PTH120
    script_folder = 0 if sys.flags.safe_path else 1  # or the working directory, whose files would hide libraries
    sys.path[:script_folder] = [root]
    from bot.__main__ import main as run

    run()


if __name__ == "__main__":
    main()
