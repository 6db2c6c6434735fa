"""A picture that cannot be stored."""

from pathlib import Path

from core.storage import artifact_key, artifact_of
from tests.frontends.rows import find_painting
from tests.frontends.window import Window


async def obstruct(window: Window, line: int) -> Path:
    """A folder where the file belongs: the picture of this line cannot be stored until it is removed."""
    owner, input_hash = await find_painting(window.platform, window.haiku_id, line)
    obstacle = window.platform.home / "media" / artifact_key(owner, artifact_of(owner, input_hash), "image/png")
    obstacle.mkdir(parents=True, exist_ok=True)
    return obstacle
