"""Settings for what is measured without a whole platform around it."""

from pathlib import Path

from core.settings import Settings

NOWHERE = "http://nowhere.test"


def settings_of(database_url: str = "", redis_url: str = "", media_dir: Path = Path()) -> Settings:
    """Of the three that are not given nothing is asked."""
    return Settings(
        database_url=database_url,
        redis_url=redis_url,
        media_dir=media_dir,
        link_secret="a secret of this bench",
        public_url=NOWHERE,
        issuer=NOWHERE,
        jwks_url=NOWHERE,
        client_ids="bench",
    )
