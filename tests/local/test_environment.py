"""Children are told what the supervisor knows, and nothing that could surprise them."""

import pytest

from core.errors import Invalid
from core.settings import NEEDED, read_settings
from local.environment import Span, child_environment
from local.home import Home
from local.layout import make_workforce
from local.ports import neighbours
from local.supervisor import PROGRAMS_GRACE_SECONDS, SERVICES_GRACE_SECONDS
from tests.core.test_settings import ACCOUNT

PORTS = neighbours(8600)
WORKERS = Span(1, 3)


def test_every_setting_without_a_default_is_computed(own_home: Home) -> None:
    settings = read_settings(child_environment(own_home, PORTS, WORKERS, {}))

    assert settings.public_url == "http://127.0.0.1:8600"
    assert settings.issuer == "http://127.0.0.1:8601"
    assert ":8602/" in settings.database_url
    assert ":8603/" in settings.redis_url
    assert settings.media_dir == own_home.media


def test_tuning_is_passed_on_but_addresses_are_ours(own_home: Home) -> None:
    ours = {"KOTONOHA_LEASE_SECONDS": "8", "KOTONOHA_DATABASE_URL": "postgresql://elsewhere/", "KOTONOHA_HOME": "elsewhere"}
    environment = child_environment(own_home, PORTS, WORKERS, ours)

    assert read_settings(environment).lease_seconds == 8
    assert "elsewhere" not in " ".join(environment.values())


def test_tuning_that_cannot_be_read_is_named_before_anything_starts(own_home: Home) -> None:
    with pytest.raises(Invalid, match="KOTONOHA_LEASE_SECONDS"):
        child_environment(own_home, PORTS, WORKERS, {"KOTONOHA_LEASE_SECONDS": "soon"})


def test_neither_a_proxy_nor_another_database_gets_between_neighbours(own_home: Home) -> None:
    ours = {"PGHOST": "elsewhere", "HTTP_PROXY": "http://proxy.test", "NO_PROXY": "intern.test", "LANG": "C"}
    environment = child_environment(own_home, PORTS, WORKERS, ours)

    assert "PGHOST" not in environment
    assert environment["NO_PROXY"] == environment["no_proxy"] == "intern.test,127.0.0.1,localhost"
    assert environment["LANG"] == "C"


def test_a_calm_is_short_on_one_machine_unless_somebody_says_otherwise(own_home: Home) -> None:
    usual = read_settings(child_environment(own_home, PORTS, WORKERS, {}))
    tuned = read_settings(child_environment(own_home, PORTS, WORKERS, {"KOTONOHA_CALM_SECONDS": "2"}))

    assert (usual.calm_seconds, tuned.calm_seconds) == (20, 2)
    assert (usual.least_workers, usual.most_workers) == (1, 3)


def test_fakes_are_the_account_by_another_address(own_home: Home) -> None:
    ours = {"AWS_PROFILE": "work", "AWS_ENDPOINT_URL_POLLY": "https://elsewhere.test", "KOTONOHA_TEXT_MODEL": "amazon.nova-lite"}
    environment = child_environment(own_home, PORTS, WORKERS, ours, "fake-aws")
    settings = read_settings(environment)

    assert (settings.providers, settings.media_bucket, settings.media_url) == ("aws", "kotonoha-media", PORTS.s3_url)
    assert environment["AWS_ENDPOINT_URL_BEDROCK_RUNTIME"] == environment["AWS_ENDPOINT_URL_POLLY"] == PORTS.fakes_url
    assert environment["AWS_ENDPOINT_URL_S3"] == PORTS.s3_url
    assert "AWS_PROFILE" not in environment


def test_the_account_keeps_what_leads_to_it_and_says_what_is_missing(own_home: Home) -> None:
    assert {f"KOTONOHA_{name.upper()}" for name in NEEDED["aws"]} == set(ACCOUNT)
    environment = child_environment(own_home, PORTS, WORKERS, {"AWS_PROFILE": "work", **ACCOUNT}, "aws")

    assert environment["AWS_PROFILE"] == "work"
    assert read_settings(environment).image_model == ACCOUNT["KOTONOHA_IMAGE_MODEL"]
    with pytest.raises(Invalid, match="KOTONOHA_AWS_REGION, KOTONOHA_MEDIA_BUCKET"):
        child_environment(own_home, PORTS, WORKERS, {}, "aws")


def test_a_worker_of_one_machine_may_use_up_its_time_and_everybody_is_gone_within_ten_seconds(own_home: Home) -> None:
    environment = child_environment(own_home, PORTS, WORKERS, {})
    settings = read_settings(environment)
    grace = make_workforce(own_home, environment).grace_seconds

    assert grace > settings.drain_seconds + settings.hand_back_seconds
    assert max(grace, PROGRAMS_GRACE_SECONDS) + SERVICES_GRACE_SECONDS < 10
    patient = child_environment(own_home, PORTS, WORKERS, {"KOTONOHA_DRAIN_SECONDS": "60"})
    assert make_workforce(own_home, patient).grace_seconds > 60
