"""The apps in the browser: which there are, and where their built pages lie."""

from dataclasses import dataclass
from pathlib import Path

FRONTENDS = Path(__file__).parent.parent / "frontends"


@dataclass(frozen=True)
class App:
    """`name` is also its product, its folder below `frontends` and its field of `Ports`."""

    name: str
    title: str
    frontends: Path = FRONTENDS

    @property
    def pages(self) -> Path:
        return self.frontends / self.name / "dist"

    @property
    def is_built(self) -> bool:
        return (self.pages / "index.html").is_file()


APPS = (App("haiku", "Haiku"),)


def find_app(name: str) -> App:
    return next(app for app in APPS if app.name == name)
