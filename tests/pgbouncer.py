"""PgBouncer in transaction mode between code and PostgreSQL: the stand-in for RDS Proxy."""

import shutil
import socket
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from local.demote import choose_prefix, give_away
from local.part import Part
from local.probes import Probe

MISSING = "PgBouncer is not installed: nothing was tested through a proxy (Debian: apt-get install pgbouncer)."

CONFIGURATION = """\
[databases]
* = host=127.0.0.1 port={server}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = {folder}/users.txt
pool_mode = transaction
default_pool_size = 6
max_client_conn = 300
server_login_retry = 1
server_connect_timeout = 2
query_wait_timeout = 5
log_connections = 0
log_disconnections = 0
"""
"""Six server connections, fewer than clients: whoever relied on keeping one would notice."""


def find_pgbouncer() -> str | None:
    return shutil.which("pgbouncer", path="/usr/sbin:/usr/bin:/usr/local/bin")


def make_pgbouncer(folder: Path, database_url: str) -> Part:
    """To run in front of the server of this URL. Raises AssertionError when it is not installed."""
    binary = find_pgbouncer()
    assert binary, MISSING
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    url = urlsplit(database_url)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "users.txt").write_text(f'"{url.username}" "{url.password}"\n')
    configuration = folder / "pgbouncer.ini"
    configuration.write_text(CONFIGURATION.format(server=url.port, port=port, folder=folder))
    prefix = choose_prefix()
    give_away(folder, prefix)
    # It refuses to run as root, as PostgreSQL does.
    return Part(
        "pgbouncer", "PgBouncer", (binary, str(configuration)), become=prefix, port=port, folder=folder, ready=_listens(port)
    )


def through(part: Part, database_url: str) -> str:
    """The same database, by way of PgBouncer."""
    url = urlsplit(database_url)
    return urlunsplit(url._replace(netloc=url.netloc.replace(f":{url.port}", f":{part.port}")))


def _listens(port: int) -> Probe:
    async def ready(_: int) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    return ready
