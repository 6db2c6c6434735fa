"""Who may do what: every role that meets learners' words, against everything it could be misused for."""

import pytest

from infra_cdk.apps import APPS
from infra_cdk.config import PROD
from tests.infra_cdk.assembly import Assembly, Resource, flat
from tests.infra_cdk.permissions import may, statements
from tests.infra_cdk.requirement import requirement

PROFILE = f"arn:aws:bedrock:us-east-1:{PROD.account}:inference-profile/{PROD.text_model.profile}"
TEXT = f"arn:aws:bedrock:us-west-2::foundation-model/{PROD.text_model.model}"
IMAGE = f"arn:aws:bedrock:us-west-2::foundation-model/{PROD.image_model.model}"
OTHER = "arn:aws:bedrock:us-east-1::foundation-model/another.model-v1:0"
MADE, HANDED_IN, ELSEWHERE = "<Stores/Media>/artifacts/ab/abc.png", "<Stores/Media>/quarantine/photo.png", "<Stores/Media>/other"
VIA = {"bedrock:InferenceProfileArn": PROFILE}

ASKED = {
    "text through its profile": ("bedrock:InvokeModelWithResponseStream", PROFILE, {}),
    "text behind its profile": ("bedrock:InvokeModel", TEXT, VIA),
    "text past its profile": ("bedrock:InvokeModel", TEXT, {}),
    "image": ("bedrock:InvokeModel", IMAGE, {}),
    "another model": ("bedrock:InvokeModel", OTHER, VIA),
    "speech": ("polly:SynthesizeSpeech", "*", {}),
    "guardrail": ("bedrock:ApplyGuardrail", "<Platform/Guardrail>", {}),
    "read what was made": ("s3:GetObject", MADE, {}),
    "write what was made": ("s3:PutObject", MADE, {}),
    "delete what was made": ("s3:DeleteObject", MADE, {}),
    "read what was handed in": ("s3:GetObject", HANDED_IN, {}),
    "clear what was handed in": ("s3:DeleteObject", HANDED_IN, {}),
    "hand in": ("s3:PutObject", HANDED_IN, {}),
    "read elsewhere": ("s3:GetObject", ELSEWHERE, {}),
    "write elsewhere": ("s3:PutObject", ELSEWHERE, {}),
    "traces": ("xray:PutTraceSegments", "*", {}),
    "change roles": ("iam:PassRole", "*", {}),
    "read secrets": ("secretsmanager:GetSecretValue", "<Stores/DatabaseUrl>", {}),
}
FILES = {"read what was made", "write what was made", "delete what was made", "clear what was handed in", "traces"}
MAY = {
    "text": FILES | {"text through its profile", "text behind its profile", "guardrail"},
    "image": FILES | {"image", "read what was handed in"},
    "speech": FILES | {"speech"},
    "api": {"read what was made", "hand in", "traces"},
    "pages": {"traces"},
}


def task_roles(assembly: Assembly, stack: str) -> list[Resource]:
    return [role for role in assembly.all("AWS::IAM::Role", stack) if "TaskRole" in role.name]


@requirement("S070-S072", "S113", "S116", "S135-S136", "A007-A009", "A044-A046", "A059", "A066-A067", "A072")
@pytest.mark.parametrize("queue", ["text", "image", "speech"])
def test_a_worker_reaches_its_own_resource_and_its_own_folder(prod: Assembly, queue: str) -> None:
    (role,) = [role for role in task_roles(prod, "Workers") if role.name.startswith(queue)]

    allowed = {name for name, (action, resource, context) in ASKED.items() if may(prod, role, action, resource, **context)}

    assert allowed == MAY[queue]


@requirement("S116")
def test_no_api_and_no_page_may_ask_a_model(prod: Assembly) -> None:
    roles = {"api": task_roles(prod, "App-"), "pages": task_roles(prod, "Pages-")}

    assert (len(roles["api"]), len(roles["pages"])) == (len(APPS), 2)
    for kind, each in roles.items():
        for role in each:
            allowed = {
                name for name, (action, resource, context) in ASKED.items() if may(prod, role, action, resource, **context)
            }
            assert allowed == MAY[kind], role.stack


@requirement("S161", "A073-A074")
def test_a_learner_reaches_their_own_files_and_an_operator_sees_the_balancer(prod: Assembly) -> None:
    roles = {role.name[:7]: role for role in prod.all("AWS::IAM::Role", "SignIn")}
    learner, operator = roles["Learner"], roles["Operato"]

    assert next(each["Resource"] for each in statements(prod, learner))["Fn::Join"][1][1] == (
        "/learners/${cognito-identity.amazonaws.com:sub}/*"
    )
    assert not may(prod, learner, "s3:PutObject", MADE)
    assert may(prod, operator, "elasticloadbalancing:DescribeTargetHealth", "*")
    assert not may(prod, operator, "elasticloadbalancing:DeleteLoadBalancer", "*")
    assert not may(prod, operator, "s3:GetObject", MADE)


def test_no_role_that_runs_or_scales_has_a_wildcard_action(prod: Assembly) -> None:
    wide = [
        (policy.stack, statement["Action"])
        for policy in prod.all("AWS::IAM::Policy")
        if policy.stack != "Pipelines"
        for statement in policy["PolicyDocument"]["Statement"]
        if "*" in flat(statement["Action"])
    ]

    assert wide == []
