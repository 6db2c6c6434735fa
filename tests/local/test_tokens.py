"""A token speaks for a learner of any name, with a key that stays the same."""

import threading
from pathlib import Path
from uuid import UUID

import pytest
from joserfc import jwt

from core.errors import Invalid, NotAllowed, NotFound
from local.clients import CLI
from local.home import Home, write_whole
from local.tokens import (
    OPERATORS,
    REFRESH_SECONDS,
    SignIn,
    learner_id,
    make_key,
    read_name,
    read_refresh,
    sign_in_now,
    sign_refresh,
    token_for,
)

SECRET = "a key of this test, long enough to sign with"  # noqa: S105  it opens nothing


@pytest.mark.parametrize("name", ["demo", "はな", 'O\'Brien "the" <b>', "👩‍👩‍👧", "../../etc/passwd", "عمر", "x" * 100])
def test_any_name_has_an_id_that_is_safe_everywhere(name: str) -> None:
    assert str(UUID(learner_id(read_name(name)))) == learner_id(read_name(name))


def test_ids_are_stable_and_tell_names_apart() -> None:
    assert learner_id("demo") == "30dd28f1-d4e8-5c75-b67e-3f0336a3fb97"
    assert learner_id("Demo") != learner_id("demo")


def test_two_spellings_of_one_name_are_one_learner() -> None:
    assert read_name("Zoe\u0308 ") == read_name("Zo\u00eb")


@pytest.mark.parametrize("name", ["", " ", "x" * 101, "a\x00b", "a\nb", "broken \udcff"])
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(Invalid, match="printable"):
        read_name(name)


def test_the_key_survives_and_nobody_else_may_read_it(own_home: Home) -> None:
    first, second = make_key(own_home), make_key(own_home)

    assert first.kid == second.kid
    assert {path.stat().st_mode & 0o777 for path in own_home.secrets.iterdir()} == {0o600}
    assert own_home.secrets.stat().st_mode & 0o777 == 0o700


def test_two_who_make_the_key_at_once_agree_on_one(own_home: Home) -> None:
    kids: list[str | None] = []
    threads = [threading.Thread(target=lambda: kids.append(make_key(own_home).kid)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(kids) == 4
    assert len(set(kids)) == 1


def test_before_the_first_start_there_is_nobody_to_speak_for(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="kotonoha up"):
        token_for(Home(tmp_path / "nowhere"), "demo")


def test_a_refresh_token_comes_back_as_it_was() -> None:
    who = sign_in_now("mei", CLI)

    assert read_refresh(SECRET, sign_refresh(SECRET, who)) == who


def test_a_refresh_token_of_another_home_or_another_month_is_refused() -> None:
    who = sign_in_now("mei", CLI)
    old = SignIn("mei", CLI, who.at - REFRESH_SECONDS - 1)

    with pytest.raises(NotAllowed):
        read_refresh(SECRET, sign_refresh("another secret, which is also long enough", who))
    with pytest.raises(NotAllowed, match="too old"):
        read_refresh(SECRET, sign_refresh(SECRET, old))


def test_only_an_operators_token_says_that_it_is_one(own_home: Home) -> None:
    write_whole(own_home.issuer, b"http://127.0.0.1:8601")
    usual, operator = (jwt.decode(token_for(own_home, "aya", groups), make_key(own_home)).claims for groups in ((), (OPERATORS,)))

    assert operator["cognito:groups"] == ["operators"]
    assert "cognito:groups" not in usual
    assert usual["sub"] == operator["sub"]
