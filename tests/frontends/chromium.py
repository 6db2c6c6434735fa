"""A real Chromium: the one on PATH, else the one that `make test` installs by npm. There is no third way, and no skipping."""

import os
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from tests.house.tree import ROOT

NAMES = ("chromium", "chromium-browser", "google-chrome")
MISSING = "No Chromium for the browser tests. Run them by `make test T=tests/frontends`, which installs one, or put one on PATH."

# Root may not use Chromium's sandbox; the pages are our own.
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--autoplay-policy=no-user-gesture-required", "--font-render-hinting=none")


@dataclass(frozen=True)
class Chromium:
    """What starts it."""

    path: Path
    environment: dict[str, str] = field(default_factory=dict)


def find_chromium() -> Chromium:
    """Raises RuntimeError saying what to do."""
    for name in NAMES:
        if found := shutil.which(name):
            return Chromium(Path(found))
    if not (ROOT / "frontends" / "node_modules" / "@sparticuz").exists():
        raise RuntimeError(MISSING)
    return _unpacked()


def _unpacked() -> Chromium:
    command = [str(ROOT / "frontends" / "npm"), "exec", "--silent", "--", "node", "chromium.mjs"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    folder = Path(done.stdout.strip().rpartition("\n")[2])
    if done.returncode != 0 or not (folder / "chromium").exists():
        raise RuntimeError(f"{MISSING}\n{done.stderr}")
    if not _lacks_libraries(folder / "chromium"):
        return Chromium(folder / "chromium")
    libraries = ":".join(filter(None, (str(folder / "al2023" / "lib"), os.environ.get("LD_LIBRARY_PATH"))))
    return Chromium(folder / "chromium", {"LD_LIBRARY_PATH": libraries})


def _lacks_libraries(program: Path) -> bool:
    return "not found" in subprocess.run(["ldd", program], capture_output=True, text=True, check=False).stdout
