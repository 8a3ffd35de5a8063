"""`python -m bot`, installed `resight`: runs a command and turns every error into one sentence.

exit code   0 done   2 usage   3 data   4 environment   5 not seen   70 a bug of ours (RESIGHT_DEBUG=1 shows where)
"""

import codecs
import errno
import gc
import io
import json
import os
import sys

MISSING = (
    "a package that it needs can't be loaded ({error}). Install what requirements/base.txt lists: without it no image "
    "can be looked at, and none is called clean."
)

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})
"""Why output can't be written where it is sent; files of ours have sentences of their own."""


def main() -> None:
    """Entry point of the command line."""
    # The runner has a thread a core: threads of BLAS would only spin beside them (a quarter of a search).
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    gc.disable()  # nothing of what is imported is garbage: looking for it costs a tenth of the start
    try:
        _run()
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:  # the last wall: a person gets a sentence, never a traceback
        sys.exit(_ended(error))


def _run() -> None:
    from bot.cli.app import app
    from bot.data_folder import keep_private

    keep_private()
    _print_whatever_the_locale()
    app(prog_name="resight")  # `python -m resight` can't be completed by a shell, and needs no name of its own


def _print_whatever_the_locale() -> None:
    """Have standard output write as JSON does (\\u4f60) what its encoding lacks, such as Chinese where LC_ALL=POSIX."""
    codecs.register_error("json", _as_json)
    if isinstance(sys.stdout, io.TextIOWrapper):  # None where it was closed
        sys.stdout.reconfigure(errors="json")


def _as_json(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return json.dumps(error.object[error.start : error.end])[1:-1], error.end


def _ended(error: BaseException) -> int:
    """Return the exit code for an error, which is told unless the reader of our pipe has seen enough."""
    from core.walls import first_of

    error = first_of(error)
    if not isinstance(error, BrokenPipeError):
        return _explain(error)
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _explain(error: BaseException) -> int:
    """Print the sentence of an error and return its exit code."""
    from core.errors import EnvironmentTrouble, ResightError
    from core.names import visible

    if os.environ.get("RESIGHT_DEBUG"):
        raise error
    if isinstance(error, ResightError):
        sys.stderr.write(f"resight: {visible(str(error))}\n")
        return error.exit_code
    if isinstance(error, OSError) and error.errno in FULL:
        sys.stderr.write(f"resight: nothing more can be written: {error.strerror}.\n")
        return EnvironmentTrouble.exit_code
    if isinstance(error, ImportError):
        sys.stderr.write(f"resight: {MISSING.format(error=error)}\n")
        return EnvironmentTrouble.exit_code
    sys.stderr.write(f"resight: internal error, please report it: {type(error).__name__}: {visible(str(error))}\n")
    return 70


if __name__ == "__main__":
    main()
