"""Where our folders lie, and the environment of child processes, which need to find them.

ROOT                  a checkout, or in an installation the folder of the package `resight`
child_environment()   what a child may know of our environment, with ROOT first on its path
"""

import os
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def child_environment(kept: Iterable[str]) -> dict[str, str]:
    """Return the environment of a child process: the variables in `kept`, our code first, one thread for BLAS."""
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    path = os.pathsep.join(part for part in (str(ROOT), os.environ.get("PYTHONPATH", "")) if part)
    return environment | {"PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1"}
