"""Settings name the variable that is wrong, and never change once read."""

from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest
from msgspec.inspect import FloatType, IntType, StructType, type_info
from msgspec.structs import fields

from core.errors import Invalid
from core.settings import IN_ORDER, Settings, read_number, read_settings

REQUIRED = {
    "KOTONOHA_DATABASE_URL": "postgresql://app@127.0.0.1/kotonoha",
    "KOTONOHA_REDIS_URL": "redis://127.0.0.1:6379",
    "KOTONOHA_MEDIA_DIR": "/var/kotonoha/media",
    "KOTONOHA_LINK_SECRET": "not a secret",
    "KOTONOHA_PUBLIC_URL": "http://127.0.0.1:8000",
    "KOTONOHA_ISSUER": "http://127.0.0.1:9000",
    "KOTONOHA_JWKS_URL": "http://127.0.0.1:9000/jwks.json",
    "KOTONOHA_CLIENT_IDS": "portal, haiku,",
}


def test_the_required_variables_are_enough_and_the_rest_have_defaults() -> None:
    settings = read_settings(REQUIRED)

    assert settings.redis_url == "redis://127.0.0.1:6379"
    assert settings.media_dir == Path("/var/kotonoha/media")
    assert settings.clients == {"portal", "haiku"}
    assert settings.origins == ()
    assert settings.providers == "local"
    assert settings.max_attempts == 3
    assert settings.lease == timedelta(seconds=10)
    assert settings.deadline == timedelta(minutes=10)


@pytest.mark.parametrize(
    ("given", "number"), [({}, 200), ({"KOTONOHA_TOPIC_MAX_CHARS": ""}, 200), ({"KOTONOHA_TOPIC_MAX_CHARS": "7"}, 7)]
)
def test_one_number_is_read_where_the_others_are_not_set_yet(given: dict[str, str], number: int) -> None:
    assert read_number(given, "topic_max_chars") == number


@pytest.mark.parametrize("given", ["many", "0", "-1"])
def test_one_number_that_cannot_be_read_is_named_as_among_the_others(given: str) -> None:
    with pytest.raises(Invalid, match="KOTONOHA_TOPIC_MAX_CHARS cannot be read") as alone:
        read_number({"KOTONOHA_TOPIC_MAX_CHARS": given}, "topic_max_chars")
    with pytest.raises(Invalid) as together:
        read_settings({**REQUIRED, "KOTONOHA_TOPIC_MAX_CHARS": given})

    assert str(alone.value) == str(together.value)


ACCOUNT = {
    "KOTONOHA_AWS_REGION": "ap-northeast-1",
    "KOTONOHA_MEDIA_BUCKET": "kotonoha-media",
    "KOTONOHA_TEXT_MODEL": "us.amazon.nova-lite-v1:0",
    "KOTONOHA_GUARDRAIL_ID": "abc123",
    "KOTONOHA_GUARDRAIL_VERSION": "1",
    "KOTONOHA_IMAGE_MODEL": "stability.sd3-5-large-v1:0",
    "KOTONOHA_IMAGE_REGION": "us-west-2",
}
"""What leads to an account, as an account could know it."""

AWS = {
    **{name: value for name, value in REQUIRED.items() if name not in ("KOTONOHA_MEDIA_DIR", "KOTONOHA_LINK_SECRET")},
    "KOTONOHA_PROVIDERS": "aws",
    **ACCOUNT,
}


def test_the_account_needs_a_bucket_and_no_folder() -> None:
    settings = read_settings(AWS)

    assert settings.media_bucket == "kotonoha-media"


@pytest.mark.parametrize("variable", [name for name in AWS if name not in (*REQUIRED, "KOTONOHA_PROVIDERS")])
def test_what_the_account_needs_is_named_when_it_is_missing(variable: str) -> None:
    environment = {name: value for name, value in AWS.items() if name != variable}

    with pytest.raises(Invalid, match=f"^{variable} must be set"):
        read_settings(environment)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("KOTONOHA_TEXT_MODEL", "claude"),
        ("KOTONOHA_TEXT_MODEL", "us.anthropic.claude haiku"),
        ("KOTONOHA_IMAGE_MODEL", "amazon.nova-canvas-v1:0"),
        ("KOTONOHA_IMAGE_REGION", "Oregon"),
        ("KOTONOHA_AWS_REGION", "us-east"),
        ("KOTONOHA_GUARDRAIL_ID", "My Guardrail"),
        ("KOTONOHA_GUARDRAIL_VERSION", "latest"),
    ],
)
def test_what_the_account_could_not_know_is_named_before_anything_starts(variable: str, value: str) -> None:
    with pytest.raises(Invalid, match=f"^{variable} cannot be read"):
        read_settings({**AWS, variable: value})


def test_no_link_may_last_longer_than_a_quarter_of_an_hour() -> None:
    with pytest.raises(Invalid, match=r"^KOTONOHA_LINK_SECONDS cannot be read: .+900"):
        read_settings({**REQUIRED, "KOTONOHA_LINK_SECONDS": "901"})


NUMBERS = {
    field.name: field.type
    for field in cast("StructType", type_info(Settings)).fields
    if isinstance(field.type, IntType | FloatType)
}
"""Every one there is, also those that will be added."""


def test_no_number_is_left_out() -> None:
    told = {field.name for field in fields(Settings) if isinstance(field.default, int | float)}

    assert len(NUMBERS) > 30
    assert set(NUMBERS) == told


@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_has_an_end_on_both_sides_and_is_named_beyond_them(name: str) -> None:
    number = NUMBERS[name]
    assert isinstance(number, IntType | FloatType)
    assert number.ge is not None
    assert number.le is not None
    default = getattr(read_settings(REQUIRED), name)

    assert number.ge <= default <= number.le
    for nonsense in (number.ge - 1, number.le + 1, "-1", "nan", "inf", "1e999", "some", "0x10"):
        with pytest.raises(Invalid, match=f"^KOTONOHA_{name.upper()} cannot be read: .+ Correct it"):
            read_settings({**REQUIRED, f"KOTONOHA_{name.upper()}": str(nonsense)})


ZERO_MEANS_SOMETHING = {
    "trace_ratio",  # nothing is kept
    "least_workers",  # what is accepted waits, and whoever looks at that may
    "most_workers",
    "drain_seconds",  # nobody is waited for
    "hand_back_seconds",
    "grace_seconds",
    "budget_microusd_per_day",  # there is no budget
    "assumed_call_microusd",  # no call costs anything, as on one machine
}


@pytest.mark.parametrize("name", NUMBERS)
def test_nothing_is_no_number_unless_it_means_something(name: str) -> None:
    environment = {**REQUIRED, "KOTONOHA_LEAST_WORKERS": "0", f"KOTONOHA_{name.upper()}": "0"}
    if name in ZERO_MEANS_SOMETHING:
        assert getattr(read_settings(environment), name) == 0
    else:
        with pytest.raises(Invalid, match=f"^KOTONOHA_{name.upper()} cannot be read"):
            read_settings(environment)


@pytest.mark.parametrize(("times", "less", "more"), IN_ORDER)
def test_two_numbers_that_contradict_each_other_are_both_named(times: int, less: str, more: str) -> None:
    defaults = read_settings(REQUIRED)
    beyond = getattr(defaults, more) // times + 1

    assert times * getattr(defaults, less) <= getattr(defaults, more)
    with pytest.raises(Invalid, match=f"^KOTONOHA_{less.upper()} is .+KOTONOHA_{more.upper()}.+ Change either"):
        read_settings({**REQUIRED, f"KOTONOHA_{less.upper()}": str(beyond)})


def test_a_lease_outlives_a_heartbeat_that_is_lost() -> None:
    def lease_with(heartbeat: str) -> timedelta:
        return read_settings({**REQUIRED, "KOTONOHA_LEASE_SECONDS": "4", "KOTONOHA_HEARTBEAT_SECONDS": heartbeat}).lease

    assert lease_with("2") == timedelta(seconds=4)
    for heartbeat in ("2.1", "4"):
        with pytest.raises(Invalid, match="1/2 of KOTONOHA_LEASE_SECONDS"):
            lease_with(heartbeat)


def test_numbers_are_read_from_text_and_other_variables_are_ignored() -> None:
    settings = read_settings(
        {
            **REQUIRED,
            "KOTONOHA_MAX_ATTEMPTS": "5",
            "KOTONOHA_LEASE_SECONDS": "7.5",
            "KOTONOHA_HOME": ".kotonoha",
            "PATH": "/bin",
        }
    )

    assert settings.max_attempts == 5
    assert settings.lease == timedelta(seconds=7.5)


@pytest.mark.parametrize("variable", REQUIRED)
def test_a_missing_variable_is_named_as_it_must_be_set(variable: str) -> None:
    environment = {name: value for name, value in REQUIRED.items() if name != variable}

    with pytest.raises(Invalid, match=f"^{variable} must be set"):
        read_settings(environment)


def test_a_variable_set_to_nothing_is_missing() -> None:
    with pytest.raises(Invalid, match=r"^KOTONOHA_LINK_SECRET must be set"):
        read_settings({**REQUIRED, "KOTONOHA_LINK_SECRET": ""})


def test_all_missing_variables_are_named_at_once() -> None:
    with pytest.raises(Invalid) as refused:
        read_settings({})

    assert all(variable in refused.value.message for variable in REQUIRED)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("KOTONOHA_MAX_ATTEMPTS", "three"),
        ("KOTONOHA_LEASE_SECONDS", "ten"),
        ("KOTONOHA_PROVIDERS", "elsewhere"),
        ("KOTONOHA_SPEECH_VOICE", "Mizuki"),
    ],
)
def test_an_unreadable_variable_is_named_with_what_is_wrong(variable: str, value: str) -> None:
    with pytest.raises(Invalid, match=f"^{variable} cannot be read: .+ Correct it"):
        read_settings({**REQUIRED, variable: value})


def test_an_unreadable_setting_does_not_spell_out_the_secrets() -> None:
    with pytest.raises(Invalid) as refused:
        read_settings({**REQUIRED, "KOTONOHA_MAX_ATTEMPTS": "three"})

    assert REQUIRED["KOTONOHA_LINK_SECRET"] not in refused.value.message


def test_settings_cannot_be_changed_once_read() -> None:
    settings = read_settings(REQUIRED)

    with pytest.raises(AttributeError):
        settings.log_level = "DEBUG"  # type: ignore[misc]  # that it is refused is the test
