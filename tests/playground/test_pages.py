"""The Gradio and Streamlit pages, started as scripts and driven in a real browser: upload, gallery, scores."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from lab.drawings.demo import demo_set, jpeg

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium")
KEYS = ("five-koi", "river-city", "tin-duke", "quillbird")
PATIENCE_S = 90
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on PATH")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with four drawings."""
    folder = tmp_path_factory.mktemp("drawings")
    for one in demo_set():
        if one.key in KEYS:
            (folder / f"{one.key}.jpg").write_bytes(jpeg(one.draw()))
    home = tmp_path_factory.mktemp("home") / "data"
    subprocess.run([sys.executable, "-m", "bot", "add", str(folder)], env=environment(home), cwd=ROOT, check=True)
    return home


@pytest.fixture(scope="module")
def query(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The koi, half as large."""
    path = tmp_path_factory.mktemp("query") / "small.jpg"
    path.write_bytes(jpeg(next(one for one in demo_set() if one.key == KEYS[0]).draw().resize((320, 240))))
    return path


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


def environment(home: Path, **extra: str) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("RESIGHT_")}
    return clean | {"RESIGHT_HOME": str(home), "RESIGHT_MIN_FREE_MB": "0", **extra}


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


@contextmanager
def served(script: str, variable: str, home: Path) -> Iterator[str]:
    """The script's address, once it answers; it is stopped at the end."""
    port = free_port()
    url = f"http://127.0.0.1:{port}/"
    process = subprocess.Popen([sys.executable, ROOT / "lab" / script], env=environment(home, **{variable: str(port)}))
    try:
        _wait(process, url)
        yield url
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: subprocess.Popen[bytes], url: str) -> None:
    for _ in range(PATIENCE_S * 2):
        assert process.poll() is None, "the script ended"
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.5)
    raise AssertionError(f"{url} does not answer")


def shown(page: Page) -> dict[str, float]:
    """The captions and their scores, in their order on the page."""
    found = re.finditer(r"([a-z-]+\.jpg) · (-?[\d.]+)", page.inner_text("body"))
    return {one[1]: float(one[2]) for one in found}


@pytest.mark.parametrize(
    ("script", "variable"),
    [("playground.py", "GRADIO_SERVER_PORT"), ("playground_streamlit.py", "STREAMLIT_SERVER_PORT")],
)
def test_a_picture_is_ranked(script: str, variable: str, home: Path, query: Path, browser: Browser) -> None:
    """The reference that was made smaller is the first, with its cosine; another metric has its own scores."""
    with served(script, variable, home) as url:
        page = browser.new_page()
        page.set_default_timeout(PATIENCE_S * 1000)
        page.goto(url)
        page.locator("input[type=file]").first.set_input_files(str(query))
        expect(page.get_by_text("five-koi.jpg").first).to_be_visible(timeout=PATIENCE_S * 1000)
        by_cosine = shown(page)
        page.get_by_text("manhattan", exact=True).first.click()
        cosine = f"five-koi.jpg · {by_cosine['five-koi.jpg']:.3f}"
        expect(page.get_by_text(cosine)).to_have_count(0, timeout=PATIENCE_S * 1000)
        by_distance = shown(page)
        page.screenshot(path=str(home.parent / f"{script}.png"), full_page=True)
        page.close()

    assert [next(iter(one)) for one in (by_cosine, by_distance)] == ["five-koi.jpg"] * 2
    assert len(by_cosine) == len(by_distance) == 4
    assert 0.9 < max(by_cosine.values()) <= 1
    assert list(by_distance.values()) == sorted(by_distance.values())


def test_an_empty_catalogue_is_told(tmp_path: Path) -> None:
    """Without a catalogue the script ends with one sentence and the exit code of the environment."""
    done = subprocess.run(
        [sys.executable, ROOT / "lab" / "playground.py"],
        env=environment(tmp_path / "data"), capture_output=True, text=True, timeout=PATIENCE_S, check=False,
    )  # fmt: skip

    assert (done.returncode, "resight add" in done.stderr, "Traceback" in done.stderr) == (4, True, False)
