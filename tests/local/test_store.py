"""A home keeps its files where it began: nobody starts it so that none of them could be opened."""

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from core.errors import Invalid, Refused
from local.cli import main
from local.environment import Span
from local.home import Home
from local.layout import lay_out
from local.ports import neighbours
from local.store import Store, choose_store, find_store, keep_to

FAKES, HERE = Store("fake-aws"), Store("local")
BY_VARIABLE = {"KOTONOHA_PROVIDERS": "fake-aws"}


def bucket(name: str) -> Mapping[str, str]:
    return {"KOTONOHA_MEDIA_BUCKET": name}


def test_a_new_home_has_what_is_asked_for_then_what_the_variable_says(own_home: Home) -> None:
    assert choose_store(own_home, "local", BY_VARIABLE) == HERE
    assert choose_store(own_home, None, BY_VARIABLE) == FAKES
    assert choose_store(own_home, None, {}) == HERE
    assert choose_store(own_home, "aws", bucket("ours")) == Store("aws", "ours")
    with pytest.raises(Invalid, match="bedrock"):
        choose_store(own_home, None, {"KOTONOHA_PROVIDERS": "bedrock"})


def test_a_home_that_has_begun_needs_not_be_told_again(own_home: Home) -> None:
    keep_to(own_home, FAKES)

    assert choose_store(own_home, None, {}) == choose_store(own_home, "fake-aws", {"KOTONOHA_PROVIDERS": "local"}) == FAKES


@pytest.mark.parametrize(
    ("asked", "ours", "way"), [("local", {}, "Leave --providers out"), (None, {"KOTONOHA_PROVIDERS": "local"}, "Unset KOTONOHA")]
)
def test_another_store_is_refused_with_the_ways_on(own_home: Home, asked: str | None, ours: Mapping[str, str], way: str) -> None:
    keep_to(own_home, FAKES)

    with pytest.raises(Refused, match=rf"fake-aws; with local.*{way}.*--home.*kotonoha reset --home {own_home.path}"):
        choose_store(own_home, asked, ours)


def test_another_bucket_is_another_store(own_home: Home) -> None:
    keep_to(own_home, Store("aws", "ours"))

    assert choose_store(own_home, None, bucket("ours")) == Store("aws", "ours")
    with pytest.raises(Refused, match=r"the bucket ours; with theirs.*Set KOTONOHA_MEDIA_BUCKET=ours"):
        choose_store(own_home, "aws", bucket("theirs"))


@pytest.mark.parametrize("store", [HERE, FAKES])
async def test_a_home_remembers_once_it_is_laid_out_and_not_when_it_could_not_be(own_home: Home, store: Store) -> None:
    with pytest.raises(Invalid, match="KOTONOHA_MEDIA_BUCKET"):
        await lay_out(own_home, neighbours(8600), Span(1, 1), {}, store=Store("aws"))
    assert find_store(own_home) is None

    await lay_out(own_home, neighbours(8600), Span(1, 1), os.environ, store=store)
    assert find_store(own_home) == store


@pytest.mark.parametrize(("folder", "found"), [("media", HERE), ("s3", FAKES)])
def test_a_home_from_before_this_was_written_down_is_known_by_its_files(own_home: Home, folder: str, found: Store) -> None:
    (own_home.path / folder / "artifacts").mkdir(parents=True)

    assert find_store(own_home) == found


def test_up_refuses_before_it_starts_anything(own_home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    keep_to(own_home, FAKES)
    code = main(["up", "--home", str(own_home.path), "--port", "0", "--providers", "local"])

    written = capsys.readouterr()
    assert (code, written.out) == (1, "")
    assert "are kept by the providers fake-aws" in written.err
    assert not own_home.postgres.exists()


@pytest.mark.parametrize("words", [["up"], ["try", "haiku", "rain"]])
def test_an_account_that_is_not_told_is_asked_for_before_a_home_is_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    code = main([*words, "--home", str(tmp_path / "home"), "--providers", "aws"])
    told = capsys.readouterr().err

    assert (code, list(tmp_path.iterdir())) == (1, [])
    assert "KOTONOHA_AWS_REGION, KOTONOHA_MEDIA_BUCKET" in told
    assert "docker/example.env says what they are" in told
    assert "make up" not in told


def test_the_bucket_a_home_began_with_needs_not_be_told_again(own_home: Home) -> None:
    keep_to(own_home, Store("aws", "ours"))

    chosen = choose_store(own_home, None, {})

    assert chosen == Store("aws", "ours")
    assert chosen.environment == bucket("ours")


@pytest.mark.parametrize("damaged", [b"", b"{}", b'{"providers": "bedrock"}'])
def test_a_damaged_memory_is_told_and_not_guessed_over(own_home: Home, damaged: bytes) -> None:
    own_home.store.write_bytes(damaged)

    with pytest.raises(Refused, match=r"store\.json should tell.*Write it again.*or delete it"):
        choose_store(own_home, None, {})
    assert own_home.store.read_bytes() == damaged
