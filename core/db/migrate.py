"""Bring the schema up to date with dbmate: `python -m core.db.migrate`, never through a proxy, before api and workers."""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

MIGRATIONS = Path(__file__).parent / "migrations"


def dbmate_url(database_url: str) -> str:
    """dbmate's driver insists on TLS unless told otherwise; our own URLs say nothing about it on loopback. A migration may take
    longer than the server allows a transaction, and bounds its statements itself."""
    parts = urlsplit(database_url)
    tls = {"sslmode": "disable"} if parts.hostname in {"127.0.0.1", "localhost"} else {}
    return urlunsplit(parts._replace(query=urlencode({"transaction_timeout": 0} | tls | dict(parse_qsl(parts.query)))))


def migrate(database_url: str) -> None:
    """Raises CalledProcessError with dbmate's own words when a migration fails; each runs in one transaction."""
    dbmate = Path(sysconfig.get_path("scripts")) / "dbmate"
    command = [str(dbmate), "--no-dump-schema", "--migrations-dir", str(MIGRATIONS), "--migration-lock", "--wait", "up"]
    environment = os.environ | {"DATABASE_URL": dbmate_url(database_url)}
    subprocess.run(command, env=environment, check=True, capture_output=True, text=True)  # noqa: S603  our own command


if __name__ == "__main__":
    try:
        migrate(os.environ["KOTONOHA_DATABASE_URL"])
    except subprocess.CalledProcessError as failure:
        sys.exit(f"Migrating failed: {failure.stderr.strip() or failure.stdout.strip()}")
