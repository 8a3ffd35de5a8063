"""`resight` and `python -m resight`: puts the folders of Resight first on the path, then runs `bot/__main__.py`.

    in a wheel       bot/, core/, ... lie in the package `resight`, beside this file
    in a checkout    they lie beside the package `resight`

So a wheel brings nobody a top-level `core` or `web`, and no project in the working directory stands in for ours.
"""

import sys
from pathlib import Path


def main() -> None:
    """Entry point of an installed Resight."""
    here = Path(__file__).resolve().parent
    root = here if (here / "bot").is_dir() else here.parent
    script_folder = 0 if sys.flags.safe_path else 1  # or the working directory, whose files would hide libraries
    sys.path[:script_folder] = [str(root)]
    from bot.__main__ import main as run

    run()


if __name__ == "__main__":
    main()
