"""A stand-in for S3 and Cognito that speaks their protocols, on loopback."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from moto.server import ThreadedMotoServer

REGION = "ap-northeast-1"
BUCKET = "kotonoha-media"


class Moto:
    """A running server: `url` is every service's endpoint."""

    def __init__(self, url: str, client: httpx.Client) -> None:
        self.url = url
        self._client = client

    def start_over(self) -> None:
        """One empty bucket that keeps every version, and nothing else."""
        self._client.post("/moto-api/reset").raise_for_status()
        place = f"<CreateBucketConfiguration><LocationConstraint>{REGION}</LocationConstraint></CreateBucketConfiguration>"
        self._client.put(f"/{BUCKET}", content=place).raise_for_status()
        keeping = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"
        self._client.put(f"/{BUCKET}?versioning", content=keeping).raise_for_status()

    def environment(self) -> dict[str, str]:
        """What the SDK reads by itself."""
        return {
            "AWS_ENDPOINT_URL_S3": self.url,
            "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
            "AWS_SECRET_ACCESS_KEY": "a secret of these tests",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        }


@contextmanager
def serve_moto() -> Iterator[Moto]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    try:
        with httpx.Client(base_url=url) as client:
            yield Moto(url, client)
    finally:
        server.stop()


@contextmanager
def environment(variables: dict[str, str]) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in variables.items():
            patch.setenv(name, value)
        yield
