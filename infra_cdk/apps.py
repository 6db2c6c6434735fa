"""The four apps, one row each: every service, name, route and pipeline comes out of this table."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class AppSpec:
    """`product` is what the api mounts, `label` its first name on the internet, `page` how learners see it and
    `front` who stands before its `/api/*`."""

    slug: str
    product: str
    label: str
    page: Literal["react", "streamlit"]
    front: Literal["gateway", "balancer"]
    folder: str
    rank: int
    """Where its rules begin among the balancer's."""


APPS = (
    AppSpec("lang-portal", "portal", "lang-portal", "react", "gateway", "frontends/lang_portal", 100),
    AppSpec("haiku", "haiku", "haiku", "react", "balancer", "frontends/haiku", 200),
    AppSpec("vocab", "vocab", "vocab", "streamlit", "balancer", "frontends/vocab", 300),
    AppSpec("writing", "writing", "writing", "streamlit", "balancer", "frontends/writing", 400),
)

SITES = tuple(app for app in APPS if app.page == "react")
STREAMLITS = tuple(app for app in APPS if app.page == "streamlit")
RELEASED = tuple(app for app in APPS if app.slug == "haiku")
"""What a release starts: a product the api mounts, and a page that is there. A house test holds it to both."""

QUEUES = ("text", "image", "speech")

API_PORT = 8000
STREAMLIT_PORT = 8501
API_HEALTH = "/health/live"
"""Whether the process lives. `/health/ready` asks Postgres as well: while that is away every api would be killed in turn."""
STREAMLIT_HEALTH = "/_stcore/health"
LOG_DAYS = 7
QUEUE_DIMENSION = "messaging.destination.name"
ERRORS = ("error", "critical")
"""Levels of a log line somebody has to look at."""
