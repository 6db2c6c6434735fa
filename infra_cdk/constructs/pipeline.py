"""What every pipeline begins with: a folder's commits on one branch, and builds that log for a week."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from aws_cdk import CfnCondition, CfnParameter, Duration, Fn, RemovalPolicy
from aws_cdk import aws_codebuild as codebuild
from aws_cdk import aws_codepipeline as codepipeline
from aws_cdk import aws_codepipeline_actions as steps
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra_cdk.config import Deployment
from infra_cdk.stacks.network import PRIVATE

RUNTIMES = {"python": "3.13", "nodejs": "22"}
"""Both are in the images below; jsii and the pages' builder want Node."""

CONNECT = ("codestar-connections:UseConnection", "codeconnections:UseConnection")
"""One permission under two names: IAM checks the one that the connection's ARN was given with."""


def never(pipeline: codepipeline.Pipeline, stage: str) -> None:
    """For what is not built yet: its way out of Source is shut, and opening the others leaves it so."""
    _shut(pipeline, [_way_into(stage, "Not built yet: apps.py says what is released")])


class Hold:
    """Every pipeline runs once when it is made, and CloudFormation knows no way not to start it. So its way out of Source is shut
    until the parameter says `no`: the first execution waits there for somebody to open it."""

    def __init__(self, scope: Construct) -> None:
        held = CfnParameter(
            scope, "Held", default="yes", allowed_values=["yes", "no"], description="Whether new pipelines wait after Source"
        )
        self._holds = CfnCondition(scope, "Holds", expression=Fn.condition_equals(held, "yes"))

    def until_opened(self, pipeline: codepipeline.Pipeline, stage: str) -> None:
        way = _way_into(stage, "Made just now: RUNBOOK.md says when to open it")
        _shut(pipeline, {"Fn::If": [self._holds.logical_id, [way], {"Ref": "AWS::NoValue"}]})


def _way_into(stage: str, reason: str) -> dict[str, str]:
    return {"StageName": stage, "Reason": reason}


def _shut(pipeline: codepipeline.Pipeline, ways: object) -> None:
    pipeline.node.default_child.add_property_override("DisableInboundStageTransitions", ways)


Shut = Callable[[codepipeline.Pipeline, str], None]
"""Shuts a pipeline's way into a stage."""


class Pipeline(Construct):
    """Begins when something below `folders` changed."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        deployment: Deployment,
        artifacts: s3.IBucket,
        shut: Shut,
        folders: Sequence[str],
    ) -> None:
        super().__init__(scope, name)
        self.source = codepipeline.Artifact()
        self._shut, self._connection_arn = shut, deployment.connection_arn
        checkout = self._check_out(deployment)
        self.commit = checkout.variables.commit_id
        pushed = codepipeline.GitPushFilter(branches_includes=[deployment.branch], file_paths_includes=list(folders))
        self.pipeline = self._make(f"kotonoha-{deployment.name}-{name.lower()}", checkout, pushed, artifacts)
        # The construct allows the old name alone, to this action and to the builds that clone.
        self._let_connect(
            self.pipeline.node.find_child("Source").node.find_child("Source").node.find_child("CodePipelineActionRole")
        )

    def _check_out(self, deployment: Deployment) -> steps.CodeStarConnectionsSourceAction:
        owner, _, repository = deployment.repository.partition("/")
        return steps.CodeStarConnectionsSourceAction(
            action_name="Source",
            owner=owner,
            repo=repository,
            branch=deployment.branch,
            connection_arn=deployment.connection_arn,
            output=self.source,
            # Builds clone, for the tests ask git what is committed.
            code_build_clone_output=True,
            trigger_on_push=False,
            variables_namespace="Source",
        )

    def _make(
        self,
        name: str,
        checkout: steps.CodeStarConnectionsSourceAction,
        pushed: codepipeline.GitPushFilter,
        artifacts: s3.IBucket,
    ) -> codepipeline.Pipeline:
        return codepipeline.Pipeline(
            self,
            "Pipeline",
            pipeline_name=name,
            pipeline_type=codepipeline.PipelineType.V2,
            execution_mode=codepipeline.ExecutionMode.QUEUED,
            artifact_bucket=artifacts,
            cross_account_keys=False,
            triggers=[
                codepipeline.TriggerProps(
                    provider_type=codepipeline.ProviderType.CODE_STAR_SOURCE_CONNECTION,
                    git_configuration=codepipeline.GitConfiguration(source_action=checkout, push_filter=[pushed]),
                )
            ],
            stages=[codepipeline.StageProps(stage_name="Source", actions=[checkout])],
        )

    def _let_connect(self, role: iam.IRole) -> None:
        role.add_to_principal_policy(iam.PolicyStatement(actions=list(CONNECT), resources=[self._connection_arn]))

    def build(
        self,
        name: str,
        commands: Sequence[str],
        files: Mapping[str, object] | None = None,
        *,
        minutes: int,
        **options: Any,
    ) -> codebuild.PipelineProject:
        """It clones the commit, and is ended after so many minutes."""
        log = logs.LogGroup(self, f"{name}Log", retention=logs.RetentionDays.ONE_WEEK, removal_policy=RemovalPolicy.DESTROY)
        spec = {"version": "0.2", "phases": {"install": {"runtime-versions": RUNTIMES}, "build": {"commands": list(commands)}}}
        project = codebuild.PipelineProject(
            self,
            name,
            build_spec=codebuild.BuildSpec.from_object(spec | ({"artifacts": files} if files else {})),
            logging=codebuild.LoggingOptions(cloud_watch=codebuild.CloudWatchLoggingOptions(log_group=log)),
            timeout=Duration.minutes(minutes),
            **options,
        )
        self._let_connect(project.role)
        return project

    def run(self, stage: str, *actions: codepipeline.IAction) -> None:
        if self.pipeline.stage_count == 1:
            self._shut(self.pipeline, stage)
        self.pipeline.add_stage(stage_name=stage, actions=list(actions))


def suite() -> codebuild.BuildEnvironment:
    """Where the tests run: on x86, for not every tool of theirs is made for ARM; LARGE, for that has 15 GB. The suite runs in
    four processes, each with PostgreSQL, Valkey and workers of its own, beside a browser and a synthesis of 0.7 GB: some 5 GB,
    which leaves MEDIUM's 7 too little for files."""
    return codebuild.BuildEnvironment(
        build_image=codebuild.LinuxBuildImage.AMAZON_LINUX_2023_5, compute_type=codebuild.ComputeType.LARGE
    )


def small() -> codebuild.BuildEnvironment:
    return codebuild.BuildEnvironment(
        build_image=codebuild.LinuxBuildImage.AMAZON_LINUX_2023_5, compute_type=codebuild.ComputeType.SMALL
    )


def images() -> codebuild.BuildEnvironment:
    """The same processor as the tasks: nothing is emulated. Docker's daemon wants the privilege."""
    return codebuild.BuildEnvironment(
        build_image=codebuild.LinuxArmBuildImage.AMAZON_LINUX_2023_STANDARD_3_0,
        compute_type=codebuild.ComputeType.SMALL,
        privileged=True,
    )


def inside(vpc: ec2.IVpc, group: ec2.ISecurityGroup) -> dict[str, Any]:
    return {"vpc": vpc, "subnet_selection": PRIVATE, "security_groups": [group]}
