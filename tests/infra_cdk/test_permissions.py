"""Who may do what: every role, against everything it could be misused for."""

import re
from collections import Counter

import pytest

from infra_cdk.apps import APPS, QUEUES, RELEASED, STREAMLITS
from tests.infra_cdk.access import ASKED, BOOTSTRAP, MEDIA, NEVER, PAGE, ROLES, Held, held, page
from tests.infra_cdk.assembly import Assembly, flat
from tests.infra_cdk.permissions import grants, listed, may, plain_name, statements
from tests.infra_cdk.requirement import requirement


def what_it_may(assembly: Assembly, role: Held) -> set[str]:
    return {name for name, ask in ASKED.items() if may(assembly, role.resource, ask.action, ask.resource, **ask.context)}


def of_kind(assembly: Assembly, *kinds: str) -> list[Held]:
    return [role for role in held(assembly) if role.kind in kinds]


@requirement("S070-S072", "S113", "S116", "S135-S136", "A007-A009", "A044-A046", "A059", "A066-A067", "A072")
@pytest.mark.parametrize("kind", ["worker of texts", "worker of pictures", "worker of speech"])
def test_a_worker_reaches_its_own_resource_and_its_own_folder(prod: Assembly, kind: str) -> None:
    (role,) = of_kind(prod, kind)

    assert what_it_may(prod, role) == ROLES[kind].may


@requirement("S116")
def test_no_api_and_no_page_may_ask_a_model(prod: Assembly) -> None:
    roles = of_kind(prod, "api", "pages")

    assert len(roles) == len(APPS) + len(STREAMLITS)
    for role in roles:
        assert what_it_may(prod, role) == ROLES[role.kind].may, role.resource.stack
        assert not any(
            grants(statements(prod, role.resource), action) for action in ("bedrock:InvokeModel", "polly:SynthesizeSpeech")
        )


@requirement("S161", "A074")
def test_a_learner_may_do_nothing_in_the_account_and_an_operator_sees_the_balancer(prod: Assembly) -> None:
    (learner,), (operator,) = of_kind(prod, "learner"), of_kind(prod, "operator")

    assert list(statements(prod, learner.resource)) == []
    for action in ("DescribeLoadBalancers", "DescribeTargetHealth"):
        assert may(prod, operator.resource, f"elasticloadbalancing:{action}", "*")
    for action in ("DeleteLoadBalancer", "ModifyListener", "RegisterTargets", "SetSecurityGroups"):
        assert not may(prod, operator.resource, f"elasticloadbalancing:{action}", "*")
    assert what_it_may(prod, operator) == ROLES["operator"].may


@requirement("A039", "A073")
def test_every_policy_that_reaches_a_file_names_a_folder_of_a_bucket_of_ours(prod: Assembly) -> None:
    reached = {
        resource
        for role in held(prod)
        for each in statements(prod, role.resource)
        if any(action.startswith("s3:") and "Object" in action for action in listed(each["Action"]))
        for resource in listed(each["Resource"])
    }

    buckets = {f"<{one.stack}/{plain_name(one)}>" for one in prod.all("AWS::S3::Bucket")}
    assert {resource.partition("/*")[0].partition(">")[0] + ">" for resource in reached} <= buckets
    inside = {resource.partition(">/")[2] for resource in reached if resource.startswith(MEDIA)}
    assert all(re.fullmatch(r"(artifacts|quarantine)/(([a-z]+|\?\?)/)?\*", path) for path in inside), inside
    assert {path.partition("/")[0] for path in inside} == {"artifacts", "quarantine"}


@requirement("A073")
def test_learners_reach_files_by_what_the_api_may_sign(prod: Assembly) -> None:
    """A link can do what its signer may."""
    for api in of_kind(prod, "api"):
        files = [each for each in statements(prod, api.resource) if "s3:" in flat(each["Action"])]
        assert {(each["Action"], each["Resource"]) for each in files} == {
            ("s3:GetObject", "<Stores/Media>/artifacts/*"),
            ("s3:PutObject", "<Stores/Media>/quarantine/*"),
        }


@pytest.mark.parametrize("kind", ROLES)
def test_every_role_may_do_what_is_written_down_and_nothing_else(prod: Assembly, kind: str) -> None:
    roles = of_kind(prod, kind)

    assert roles
    for role in roles:
        assert what_it_may(prod, role) == role.may, role.resource.name


def test_what_is_one_roles_own_no_other_reaches(prod: Assembly) -> None:
    roles = held(prod)
    owned = [(role, ask) for role in roles for ask in role.own]

    assert len(owned) > len(roles) / 2
    for owner, ask in owned:
        reached = [each.resource.name for each in roles if may(prod, each.resource, ask.action, ask.resource)]
        assert reached == [owner.resource.name], ask


def test_nobody_may_do_what_nobody_needs_to(prod: Assembly) -> None:
    for role in held(prod):
        assert [action for action in NEVER if grants(statements(prod, role.resource), action)] == [], role.resource.name


def test_roles_are_passed_on_by_releases_alone_and_only_the_stacks_own(prod: Assembly) -> None:
    passing = [
        (role.kind, each) for role in held(prod) for each in statements(prod, role.resource) if grants([each], "iam:PassRole")
    ]

    assert {kind for kind, _ in passing} == {
        "release of the proxy",
        "release of workers",
        "release of an api",
        "release of pages",
    }
    assert {one for _, each in passing for one in listed(each["Resource"])} == {BOOTSTRAP}


def test_a_role_is_taken_by_those_it_is_for(prod: Assembly) -> None:
    for role in held(prod):
        (trust,) = role.resource["AssumeRolePolicyDocument"]["Statement"]
        (principal,) = trust["Principal"].values()
        found = prod.find(role.resource.stack, principal)
        assert role.trusts in (principal, found and f"<{found.stack}/{plain_name(found)}>"), role.resource.name


def test_only_what_amazon_does_for_us_stands_on_a_policy_of_amazons(prod: Assembly) -> None:
    managed = [role.kind for role in held(prod) if role.resource.properties.get("ManagedPolicyArns")]

    assert sorted(managed) == ["daily copy", "log of API Gateway"]


def test_there_are_as_many_roles_as_things_that_run(prod: Assembly) -> None:
    count = Counter(role.kind for role in held(prod))

    assert [count[kind] for kind in ROLES if kind.startswith("worker")] == [1] * len(QUEUES)
    assert (count["start of a worker"], count["api"], count["start of an api"]) == (len(QUEUES), len(APPS), len(APPS))
    assert (count["release of workers"], count["release of an api"], count["release of pages"]) == (
        1,
        len(RELEASED),
        len(STREAMLITS),
    )


def test_the_page_of_permissions_is_up_to_date() -> None:
    assert PAGE.read_text() == page(), "run: python -m tests.infra_cdk.access"


def test_no_role_that_runs_or_scales_has_a_wildcard_action(prod: Assembly) -> None:
    wide = [
        (policy.stack, statement["Action"])
        for policy in prod.all("AWS::IAM::Policy")
        if policy.stack != "Pipelines"
        for statement in policy["PolicyDocument"]["Statement"]
        if "*" in flat(statement["Action"])
    ]

    assert wide == []
