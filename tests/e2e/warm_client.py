"""`resight` for a shell: has the warm interpreter (`tests/e2e/warm.py`) be the command, on this terminal.

python -SE warm_client.py SOCKET ARGUMENTS
"""

import json
import os
import signal
import socket
import sys


def main() -> int:
    with socket.socket(socket.AF_UNIX) as link:
        link.connect(sys.argv[1])
        asked = {"arguments": sys.argv[2:], "env": dict(os.environ), "cwd": os.getcwd()}  # noqa: PTH109
        socket.send_fds(link, [json.dumps(asked).encode() + b"\n"], [0, 1, 2])
        with link.makefile() as answers:
            pid = int(answers.readline())
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                signal.signal(number, lambda given, _: os.kill(pid, given))
            code = int(answers.readline())
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main())
