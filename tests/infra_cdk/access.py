"""Who may do what, said once: `python -m tests.infra_cdk.access` writes it down, and two judges are asked the same."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from infra_cdk.config import PROD
from tests.house.tree import ROOT
from tests.infra_cdk.assembly import Assembly, Resource
from tests.infra_cdk.permissions import plain_name

PAGE = ROOT / "infra_cdk" / "PERMISSIONS.md"

PROFILE = f"arn:aws:bedrock:us-east-1:{PROD.account}:inference-profile/{PROD.text_model.profile}"
TEXT = f"arn:aws:bedrock:us-west-2::foundation-model/{PROD.text_model.model}"
IMAGE = f"arn:aws:bedrock:us-west-2::foundation-model/{PROD.image_model.model}"
OTHER = "arn:aws:bedrock:us-east-1::foundation-model/another.model-v1:0"
MEDIA = "<Stores/Media>"
PICTURE, RECORDING = f"{MEDIA}/artifacts/image/ab/abc.png", f"{MEDIA}/artifacts/audio/ab/abc.mp3"
BEFORE, HANDED_IN, ELSEWHERE = f"{MEDIA}/artifacts/ab/abc.png", f"{MEDIA}/quarantine/photo", f"{MEDIA}/other"
"""The first of these is where pictures and recordings were before each had a folder."""
BOOTSTRAP = f"arn:aws:iam::{PROD.account}:role/cdk-hnb659fds-cfn-exec-role-{PROD.account}-us-east-1"
NETWORK_CARD = f"arn:aws:ec2:us-east-1:{PROD.account}:network-interface/eni-1"


class Ask(NamedTuple):
    """One call; `context` is what IAM is told beside it."""

    action: str
    resource: str = "*"
    context: Mapping[str, str] = {}


ASKED = {
    "text through its profile": Ask("bedrock:InvokeModelWithResponseStream", PROFILE),
    "text behind its profile": Ask("bedrock:InvokeModel", TEXT, {"bedrock:InferenceProfileArn": PROFILE}),
    "text past its profile": Ask("bedrock:InvokeModel", TEXT),
    "a picture": Ask("bedrock:InvokeModel", IMAGE),
    "another model": Ask("bedrock:InvokeModel", OTHER, {"bedrock:InferenceProfileArn": PROFILE}),
    "the guardrail": Ask("bedrock:ApplyGuardrail", "<Platform/Guardrail>"),
    "speech": Ask("polly:SynthesizeSpeech"),
    "read a picture": Ask("s3:GetObject", PICTURE),
    "write a picture": Ask("s3:PutObject", PICTURE),
    "delete a picture": Ask("s3:DeleteObject", PICTURE),
    "see whether there is a picture": Ask("s3:ListBucket", MEDIA, {"s3:prefix": "artifacts/image/ab/abc.png"}),
    "read a recording": Ask("s3:GetObject", RECORDING),
    "write a recording": Ask("s3:PutObject", RECORDING),
    "delete a recording": Ask("s3:DeleteObject", RECORDING),
    "see whether there is a recording": Ask("s3:ListBucket", MEDIA, {"s3:prefix": "artifacts/audio/ab/abc.mp3"}),
    "read what was made before": Ask("s3:GetObject", BEFORE),
    "write among what was made before": Ask("s3:PutObject", BEFORE),
    "delete what was made before": Ask("s3:DeleteObject", BEFORE),
    "see whether it was made before": Ask("s3:ListBucket", MEDIA, {"s3:prefix": "artifacts/ab/abc.png"}),
    "delete a version of a picture": Ask("s3:DeleteObjectVersion", PICTURE),
    "see whether it was handed in": Ask("s3:ListBucket", MEDIA, {"s3:prefix": "quarantine/photo"}),
    "list everything": Ask("s3:ListBucket", MEDIA),
    "hand in": Ask("s3:PutObject", HANDED_IN),
    "read what was handed in": Ask("s3:GetObject", HANDED_IN),
    "clear what was handed in": Ask("s3:DeleteObject", HANDED_IN),
    "read elsewhere in the bucket": Ask("s3:GetObject", ELSEWHERE),
    "write elsewhere in the bucket": Ask("s3:PutObject", ELSEWHERE),
    "read the logs of requests": Ask("s3:GetObject", "<Stores/Logs>/balancer/log.gz"),
    "read a build": Ask("s3:GetObject", "<Pipelines/Artifacts>/build.zip"),
    "write a build": Ask("s3:PutObject", "<Pipelines/Artifacts>/build.zip"),
    "the apps' database URL": Ask("secretsmanager:GetSecretValue", "<Proxy/DatabaseUrl>"),
    "the apps' Redis URL": Ask("secretsmanager:GetSecretValue", "<Stores/RedisUrl>"),
    "the apps' password": Ask("secretsmanager:GetSecretValue", "<Stores/AppPassword>"),
    "the owner's password": Ask("secretsmanager:GetSecretValue", "<Stores/Cluster>"),
    "Valkey's password": Ask("secretsmanager:GetSecretValue", "<Stores/CacheToken>"),
    "what the edge says": Ask("secretsmanager:GetSecretValue", "<Ingress/Word1>"),
    "sign in to the registry": Ask("ecr:GetAuthorizationToken"),
    "pull the api's image": Ask("ecr:BatchGetImage", "<Registry/api>"),
    "pull the worker's image": Ask("ecr:BatchGetImage", "<Registry/worker>"),
    "pull the pages' image": Ask("ecr:BatchGetImage", "<Registry/streamlit>"),
    "push the api's image": Ask("ecr:PutImage", "<Registry/api>"),
    "push the worker's image": Ask("ecr:PutImage", "<Registry/worker>"),
    "push the pages' image": Ask("ecr:PutImage", "<Registry/streamlit>"),
    "protect a task of the cluster": Ask(
        "ecs:UpdateTaskProtection", f"arn:aws:ecs:us-east-1:{PROD.account}:task/kotonoha-prod/1"
    ),
    "protect a task elsewhere": Ask("ecs:UpdateTaskProtection", f"arn:aws:ecs:us-east-1:{PROD.account}:task/kotonoha-dev/1"),
    "traces": Ask("xray:PutTraceSegments"),
    "metrics": Ask("logs:PutLogEvents", "<Platform/Numbers>"),
    "the repository": Ask("codeconnections:UseConnection", PROD.connection_arn),
    "a place in the network": Ask("ec2:CreateNetworkInterface"),
    "how the balancer is": Ask("elasticloadbalancing:DescribeTargetHealth"),
    "the dashboard": Ask("cloudwatch:GetDashboard", f"arn:aws:cloudwatch::{PROD.account}:dashboard/kotonoha-prod"),
    "an app's dashboard": Ask("cloudwatch:GetDashboard", f"arn:aws:cloudwatch::{PROD.account}:dashboard/kotonoha-prod-haiku"),
    "another's dashboard": Ask("cloudwatch:GetDashboard", f"arn:aws:cloudwatch::{PROD.account}:dashboard/elsewhere"),
    "the stacks' own role": Ask("iam:PassRole", BOOTSTRAP),
}

NEVER = (
    *(f"iam:{act}" for act in ("CreateUser", "CreateAccessKey", "PutRolePolicy", "AttachRolePolicy", "UpdateAssumeRolePolicy")),
    *(f"s3:{act}" for act in ("DeleteBucket", "PutBucketPolicy", "PutBucketPublicAccessBlock", "PutLifecycleConfiguration")),
    *(f"bedrock:{act}" for act in ("CreateModelCustomizationJob", "DeleteGuardrail", "UpdateGuardrail")),
    *(f"ecs:{act}" for act in ("RunTask", "UpdateService", "ExecuteCommand", "RegisterTaskDefinition")),
    *(f"ecr:{act}" for act in ("DeleteRepository", "BatchDeleteImage", "PutImageTagMutability", "SetRepositoryPolicy")),
    *(f"rds:{act}" for act in ("DeleteDBCluster", "ModifyDBCluster", "DeleteDBClusterSnapshot")),
    *(f"secretsmanager:{act}" for act in ("PutSecretValue", "DeleteSecret", "ListSecrets")),
    *(f"cognito-idp:{act}" for act in ("AdminCreateUser", "AdminSetUserPassword", "AdminAddUserToGroup")),
    *(f"cloudformation:{act}" for act in ("DeleteStack", "CreateChangeSet")),
    *(f"logs:{act}" for act in ("DeleteLogGroup", "PutRetentionPolicy")),
    "backup:DeleteRecoveryPoint",
    "cloudtrail:StopLogging",
    "ec2:AuthorizeSecurityGroupIngress",
    "elasticache:DeleteReplicationGroup",
    "elasticloadbalancing:ModifyListener",
    "kms:Decrypt",
    "kms:ScheduleKeyDeletion",
    "lambda:InvokeFunction",
    "polly:PutLexicon",
    "rds-db:connect",
    "route53:ChangeResourceRecordSets",
    "ssm:GetParameter",
    "ssmmessages:OpenDataChannel",
)
"""Actions no role of ours is allowed on anything at all."""

TASK, BUILD = "ecs-tasks.amazonaws.com", "codebuild.amazonaws.com"
TELLING = {"traces", "metrics"}
WORKING = TELLING | {"protect a task of the cluster"}
KEEPING = {"read what was made before", "see whether it was made before"}
CLEARING = {"delete a picture", "delete a recording", "delete what was made before", "clear what was handed in"}
STARTING = {"sign in to the registry", "the apps' database URL", "the apps' Redis URL"}
BUILDS = {"read a build", "write a build"}


class Role(NamedTuple):
    """Roles of one kind: how they are found, who may take them, what they may do, and what is each one's alone, where
    `{0}` and so on are what `found` caught."""

    found: str
    trusts: str
    may: set[str]
    own: tuple[Ask, ...] = ()


def _project(name: str) -> Ask:
    return Ask("codebuild:StartBuild", f"<Pipelines/{name}>")


def _updates(name: str) -> Ask:
    return Ask("cloudformation:UpdateStack", f"arn:aws:cloudformation:us-east-1:{PROD.account}:stack/Kotonoha-prod-{name}/1")


def _log(name: str) -> Ask:
    return Ask("logs:PutLogEvents", f"<{name}>")


ROLES = {
    "worker of texts": Role(
        "Workers/textAppTaskTaskRole",
        TASK,
        WORKING | {"text through its profile", "text behind its profile", "the guardrail"},
    ),
    "worker of pictures": Role(
        "Workers/imageAppTaskTaskRole",
        TASK,
        WORKING
        | KEEPING
        | CLEARING
        | {
            "a picture",
            "read a picture",
            "write a picture",
            "see whether there is a picture",
            "read what was handed in",
            "see whether it was handed in",
        },
    ),
    "worker of speech": Role(
        "Workers/speechAppTaskTaskRole",
        TASK,
        WORKING | KEEPING | {"speech", "read a recording", "write a recording", "see whether there is a recording"},
    ),
    "api": Role(
        "App-.*/ApiTaskTaskRole", TASK, TELLING | {"read a picture", "read a recording", "read what was made before", "hand in"}
    ),
    "pages": Role("Pages-.*/PagesTaskTaskRole", TASK, TELLING),
    "start of a worker": Role(
        "Workers/(.*)AppTaskExecutionRole", TASK, STARTING | {"pull the worker's image"}, (_log("Workers/{0}AppLog"),)
    ),
    "start of an api": Role(
        "App-(.*)/ApiTaskExecutionRole", TASK, STARTING | {"pull the api's image"}, (_log("App-{0}/ApiLog"),)
    ),
    "start of pages": Role(
        "Pages-(.*)/PagesTaskExecutionRole",
        TASK,
        {"sign in to the registry", "pull the pages' image"},
        (_log("Pages-{0}/PagesLog"),),
    ),
    "checkout": Role(
        "Pipelines/(.*)PipelineSourceCodePipelineActionRole",
        "<Pipelines/{0}PipelineRole>",
        BUILDS | {"the repository"},
    ),
    "test of a release": Role("Pipelines/(.*Test)Role", BUILD, BUILDS | {"the repository"}, (_log("Pipelines/{0}Log"),)),
    "build of the backend": Role(
        "Pipelines/(backendBuild)Role",
        BUILD,
        {
            "read a build",
            "the repository",
            "sign in to the registry",
            "pull the api's image",
            "pull the worker's image",
            "push the api's image",
            "push the worker's image",
        },
        (_log("Pipelines/{0}Log"),),
    ),
    "build of pages": Role(
        "Pipelines/(.*pagesBuild)Role",
        BUILD,
        {"read a build", "the repository", "sign in to the registry", "pull the pages' image", "push the pages' image"},
        (_log("Pipelines/{0}Log"),),
    ),
    "build of a site": Role("Pipelines/(.*siteBuild)Role", BUILD, BUILDS | {"the repository"}, (_log("Pipelines/{0}Log"),)),
    "migration": Role(
        "Pipelines/(backendMigrate)Role",
        BUILD,
        {"read a build", "the repository", "the owner's password", "the apps' password", "a place in the network"},
        (_log("Pipelines/{0}Log"),),
    ),
    "pipeline": Role("Pipelines/(.*)PipelineRole", "codepipeline.amazonaws.com", BUILDS),
    "start of a build": Role(
        "Pipelines/(.*)Pipeline(?:Deploy)?(Test|Build|Migrate|Invalidate)CodePipelineActionRole",
        "<Pipelines/{0}PipelineRole>",
        set(),
        (_project("{0}{1}"),),
    ),
    "release of the proxy": Role(
        "Pipelines/(.*)PipelineProxyKotonohaprod(.*)CodePipelineActionRole",
        "<Pipelines/{0}PipelineRole>",
        {"read a build", "the stacks' own role"},
        (_updates("{1}"),),
    ),
    "release of workers": Role(
        "Pipelines/(.*)PipelineWorkersKotonohaprod(.*)CodePipelineActionRole",
        "<Pipelines/{0}PipelineRole>",
        {"read a build", "the stacks' own role"},
        (_updates("{1}"),),
    ),
    "release of an api": Role(
        "Pipelines/(.*)PipelineApisKotonohaprodApp(.*)CodePipelineActionRole",
        "<Pipelines/{0}PipelineRole>",
        {"read a build", "the stacks' own role"},
        (_updates("App-{1}"),),
    ),
    "release of pages": Role(
        "Pipelines/(.*)PipelinePagesKotonohaprodPages(.*)CodePipelineActionRole",
        "<Pipelines/{0}PipelineRole>",
        {"read a build", "the stacks' own role"},
        (_updates("Pages-{1}"),),
    ),
    "copy of a site": Role(
        "Pipelines/((.*)site)PipelineDeployCopyCodePipelineActionRole",
        "<Pipelines/{0}PipelineRole>",
        {"read a build"},
        (Ask("s3:PutObject", "<Site-{1}/SiteFiles>/index.html"), Ask("s3:DeleteObject", "<Site-{1}/SiteFiles>/old.js")),
    ),
    "forgetting of a site": Role(
        "Pipelines/((.*)siteInvalidate)Role",
        BUILD,
        {"read a build", "the repository"},
        (
            _log("Pipelines/{0}Log"),
            Ask(
                "cloudfront:CreateInvalidation", f"arn:aws:cloudfront::{PROD.account}:distribution/<Site-{{1}}/SiteDistribution>"
            ),
        ),
    ),
    "learner": Role("SignIn/Learner", "cognito-identity.amazonaws.com", set()),
    "operator": Role(
        "SignIn/Operator", "cognito-identity.amazonaws.com", {"the dashboard", "an app's dashboard", "how the balancer is"}
    ),
    "proxy of the database": Role("Proxy/ProxyIAMRole", "rds.amazonaws.com", {"the apps' password"}),
    "daily copy": Role("Stores/BackupsDatabaseRole", "backup.amazonaws.com", set()),
    "log of API Gateway": Role("Ingress/PortalApiCloudWatchRole", "apigateway.amazonaws.com", set()),
    "log of refused traffic": Role("Network/VpcRejectedIAMRole", "vpc-flow-logs.amazonaws.com", set(), (_log("Network/Flows"),)),
}
AMAZONS = {"log of API Gateway": {"metrics"}}
"""What a policy of Amazon's allows beside, which a template only names: API Gateway may write to any log."""
SLUGS = {"langportal": "lang-portal"}


class Held(NamedTuple):
    """One role, of one kind, with what is its own."""

    kind: str
    resource: Resource
    trusts: str
    may: set[str]
    own: tuple[Ask, ...]


HEAD = """# Who may do what

Written by `python -m tests.infra_cdk.access`; a test fails when it is out of date. Each role is asked everything below, once from
the templates and once from what IAM says in an emulator of the account, and may do what its line says and nothing else. What is a
role's own (its log, its stack, its site) no other role reaches.
"""


def held(assembly: Assembly) -> list[Held]:
    """Every role there is. Raises AssertionError for one that is of no kind, or of two."""
    return [_hold(role) for role in assembly.all("AWS::IAM::Role")]


def _hold(role: Resource) -> Held:
    name = f"{role.stack}/{plain_name(role)}"
    kinds = {kind: found.groups() for kind, row in ROLES.items() if (found := re.fullmatch(row.found, name))}
    assert len(kinds) == 1, f"{name} is {len(kinds)} kinds of role"
    ((kind, caught),) = kinds.items()
    row, slugs = ROLES[kind], [SLUGS.get(each, each) for each in caught]
    own = tuple(ask._replace(resource=ask.resource.format(*slugs)) for ask in row.own)
    return Held(kind, role, row.trusts.format(*caught), row.may, own)


def page() -> str:
    roles = [
        f"| {kind} | {_trusted(row)} | {', '.join(sorted(row.may)) or 'nothing'} | {_owned(row)} |" for kind, row in ROLES.items()
    ]
    asks = [f"| {name} | `{ask.action}` | `{ask.resource}` | {_beside(ask)} |" for name, ask in ASKED.items()]
    return "\n".join(
        [
            HEAD,
            "| role | taken by | may | its own |\n|---|---|---|---|",
            *roles,
            "\n## What each is asked\n\nA name in angles is what a stack made.\n",
            "| ask | action | resource | and IAM is told |\n|---|---|---|---|",
            *asks,
            "\n## What nobody may do to anything\n",
            ", ".join(f"`{action}`" for action in NEVER),
            "",
        ]
    )


def _trusted(row: Role) -> str:
    return "its pipeline" if row.trusts.startswith("<") else f"`{row.trusts}`"


def _owned(row: Role) -> str:
    return ", ".join(f"`{ask.action}`" for ask in row.own)


def _beside(ask: Ask) -> str:
    return ", ".join(f"`{key}` is `{value}`" for key, value in ask.context.items())


if __name__ == "__main__":
    PAGE.write_text(page())
