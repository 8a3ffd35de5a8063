"""The long run of the fuzzer over the whole description of the API: `make fuzz`; arguments go to schemathesis.

python -m tests.fuzz --max-examples 500 --seed 7       examples of each call; 300 without arguments
"""

import asyncio
import sys
import tempfile
from pathlib import Path

from tests.fuzz.running import fuzzed


async def main() -> int:
    """Fuzz a bot with a folder of its own; the exit code of schemathesis."""
    with tempfile.TemporaryDirectory() as folder:
        code, said = await fuzzed(Path(folder), *(sys.argv[1:] or ["--max-examples", "300"]))
    sys.stdout.write(said)
    return code


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
