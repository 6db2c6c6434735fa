"""The problem object: the same inside a failed job, over HTTP and on the socket."""

import msgspec
import pytest

from core import errors
from core.errors import CrashLoop, GiveUp, KotonohaError, TryAgain
from core.problems import problem_of, problem_title, problem_type

ALL = [each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, KotonohaError)]


def test_a_problem_says_what_kind_it_is_and_what_happened_this_time() -> None:
    problem = problem_of(GiveUp("The words were refused."))

    assert msgspec.json.encode(problem) == (
        b'{"type":"urn:kotonoha:problem:give-up","title":"It cannot work, however often we try",'
        b'"detail":"The words were refused."}'
    )


def test_an_error_that_says_nothing_more_says_what_it_is() -> None:
    assert problem_of(CrashLoop()).detail == "Whoever works on it dies."


def test_a_title_is_the_first_line_alone() -> None:
    assert problem_title(TryAgain) == "It did not work this time"


@pytest.mark.parametrize("error", ALL)
def test_every_error_has_a_title_and_a_type_of_its_own(error: type[KotonohaError]) -> None:
    same = [each for each in ALL if problem_type(each) == problem_type(error)]

    assert problem_title(error)
    # A bug of ours in a job and anywhere else is the same to whoever reads about it.
    assert same == [error] or problem_type(error) == "urn:kotonoha:problem:internal"
