"""Runs schemathesis as a program of its own against the bot in this process."""

import asyncio
import os
import sys
from pathlib import Path

from tests.fuzz.app import served
from tests.web.fakes import TOKEN

CONFIG = Path(__file__).with_name("schemathesis.toml")
ROOT = CONFIG.parents[2]
PROGRAM = (sys.executable, "-m", "schemathesis.cli")


async def fuzzed(home: Path, *options: str) -> tuple[int, str]:
    """Its exit code, and all it said."""
    async with served(home) as url:
        process = await asyncio.create_subprocess_exec(
            *PROGRAM,
            f"--config-file={CONFIG}",
            "run",
            f"{url}/api/openapi.json",
            f"--header=Authorization: Bearer {TOKEN}",
            "--checks=all",
            "--continue-on-failure",
            "--no-color",
            *options,
            cwd=home,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await process.communicate()
    return process.returncode or 0, said.decode()
