"""Every stack is deployed to an emulator of the account, and IAM is asked what each role may do."""

import pytest
from botocore.exceptions import ClientError

from infra_cdk.config import PROD
from infra_cdk.constructs.web_acl import EDGE_HEADER
from tests.infra_cdk.access import AMAZONS, ASKED, NEVER, Ask, held
from tests.infra_cdk.assembly import Assembly
from tests.infra_cdk.deployed import Account
from tests.infra_cdk.emulator import REFUSED
from tests.infra_cdk.firewall import passes
from tests.infra_cdk.ignored import ignored, read
from tests.infra_cdk.permissions import allowed, grants

LEFT_OUT = 23
"""Types the emulator does not know. Never more."""
NOT_LOOKED_AT = 28
"""Properties of types it does know that it leaves out without a word. Never more, for the same templates."""


def test_every_stack_is_deployed(account: Account) -> None:
    assert len(REFUSED) <= LEFT_OUT
    assert set(account.statuses.values()) == {"CREATE_COMPLETE"}, account.statuses


def test_what_it_is_told_and_does_not_look_at_is_written_down(prod: Assembly) -> None:
    """Of these a deployment proves nothing; the other tests hold the templates to them."""
    assert ignored(prod) == read(), "tests/infra_cdk/ignored.txt names what the emulator leaves out; it may only become shorter"
    assert len(read()) <= NOT_LOOKED_AT


def test_what_is_said_to_be_left_out_is_and_what_is_not_is_there(account: Account) -> None:
    """The list is read out of the emulator's source; here it is asked."""
    store, bucket = account.emulator.client("s3"), account.arn("<Stores/Media>").rpartition(":")[2]

    assert {"AWS::S3::Bucket.LifecycleConfiguration"} <= set(read())
    with pytest.raises(ClientError, match="NoSuchLifecycleConfiguration"):
        store.get_bucket_lifecycle_configuration(Bucket=bucket)
    assert not {"AWS::S3::Bucket.PublicAccessBlockConfiguration", "AWS::S3::Bucket.VersioningConfiguration"} & set(read())
    assert all(store.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"].values())
    assert store.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"


def test_the_firewall_behind_the_edge_lets_in_who_says_what_the_edge_was_told(account: Account, prod: Assembly) -> None:
    """As the account holds them: what CloudFormation put in for the secret is one and the same word."""
    held_word = account.emulator.client("secretsmanager").get_secret_value(SecretId=PROD.edge_word(1))["SecretString"]
    front = account.emulator.client("cloudfront")
    (found,) = account.emulator.client("wafv2").list_web_acls(Scope="REGIONAL")["WebACLs"]
    # Its answer has the word as text, which a client would take for base64.
    told = account.emulator.ask(
        "AWSWAF_20190729.GetWebACL", {each: found[each] for each in ("Name", "Id")} | {"Scope": "REGIONAL"}
    )
    rules = told["WebACL"]["Rules"]
    said = {
        header["HeaderValue"]
        for one in front.list_distributions()["DistributionList"]["Items"]
        for each in front.get_distribution_config(Id=one["Id"])["DistributionConfig"]["Origins"]["Items"]
        for header in each.get("CustomHeaders", {}).get("Items", [])
    }

    assert len(held_word) == 40
    assert said == {held_word}
    assert passes(rules[:1], {"host": "haiku.app-dw.net", EDGE_HEADER: held_word})
    assert not passes(rules[:1], {"host": "haiku.app-dw.net"})


def test_iam_allows_each_role_what_is_written_down_and_nothing_else(account: Account, prod: Assembly) -> None:
    for role in held(prod):
        may = role.may | AMAZONS.get(role.kind, set())
        assert account.simulate(role.resource, unconditional()) == may & unconditional().keys(), role.resource.name
        own = {ask.action: ask for ask in role.own}
        assert account.simulate(role.resource, own) == own.keys(), role.resource.name


def test_conditions_hold_in_the_policies_iam_gives_back(account: Account, prod: Assembly) -> None:
    """The emulator's simulation is told no context, so what depends on one is decided here, from what it keeps."""
    asked = {name: ask for name, ask in ASKED.items() if ask.context}

    for role in held(prod):
        kept = account.statements(role.resource)
        may = {name for name, ask in asked.items() if allowed(kept, ask.action, account.arn(ask.resource), **ask.context)}
        assert may == role.may & asked.keys(), role.resource.name
        assert account.simulate(role.resource, asked) == set(), role.resource.name


def test_iam_knows_no_role_that_may_do_what_nobody_needs_to(account: Account, prod: Assembly) -> None:
    for role in held(prod):
        kept = account.statements(role.resource)
        assert kept or role.kind in ("daily copy", "log of API Gateway", "learner")
        assert [action for action in NEVER if grants(kept, action)] == [], role.resource.name


def unconditional() -> dict[str, Ask]:
    return {name: ask for name, ask in ASKED.items() if not ask.context}
