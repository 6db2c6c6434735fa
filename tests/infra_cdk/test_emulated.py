"""Every stack is deployed to an emulator of the account, and IAM is asked what each role may do."""

from collections.abc import Iterator

import pytest

from tests.infra_cdk.assembly import Assembly
from tests.infra_cdk.emulator import REFUSED, Emulator, emulating, in_order, taken

LEFT_OUT = 23
"""Types the emulator does not know. Never more."""


@pytest.fixture(scope="module")
def account(prod: Assembly, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Emulator, dict[str, str]]]:
    with emulating(tmp_path_factory.mktemp("emulator") / "log") as emulator:
        yield emulator, {stack: emulator.deploy(stack, taken(prod.templates[stack])) for stack in in_order(prod)}


def test_every_stack_is_deployed_and_iam_decides_as_meant(account: tuple[Emulator, dict[str, str]]) -> None:
    emulator, statuses = account

    assert len(REFUSED) <= LEFT_OUT
    assert set(statuses.values()) == {"CREATE_COMPLETE"}, statuses
    iam = emulator.client("iam")
    roles = {role["RoleName"]: role["Arn"] for role in iam.list_roles(MaxItems=1000)["Roles"] if "TaskRole" in role["RoleName"]}
    assert len(roles) == 9
    for name, arn in roles.items():
        asked = iam.simulate_principal_policy(
            PolicySourceArn=arn,
            ActionNames=["bedrock:InvokeModel", "polly:SynthesizeSpeech", "s3:DeleteBucket", "xray:PutTraceSegments"],
            ResourceArns=["*"],
        )
        allowed = {each["EvalActionName"] for each in asked["EvaluationResults"] if each["EvalDecision"] == "allowed"}
        speaks = {"polly:SynthesizeSpeech"} if "speech" in name else set()
        assert allowed == {"xray:PutTraceSegments"} | speaks, name
