"""Every stack is deployed to an emulator of the account, and IAM is asked what each role may do."""

from tests.infra_cdk.access import AMAZONS, ASKED, NEVER, Ask, held
from tests.infra_cdk.assembly import Assembly
from tests.infra_cdk.deployed import Account
from tests.infra_cdk.emulator import REFUSED
from tests.infra_cdk.permissions import allowed, grants

LEFT_OUT = 23
"""Types the emulator does not know. Never more."""


def test_every_stack_is_deployed(account: Account) -> None:
    assert len(REFUSED) <= LEFT_OUT
    assert set(account.statuses.values()) == {"CREATE_COMPLETE"}, account.statuses


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
