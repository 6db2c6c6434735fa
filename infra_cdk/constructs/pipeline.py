"""What every pipeline begins with: a folder's commits on one branch, and builds that log for a week."""

from collections.abc import Mapping, Sequence
from typing import Any

from aws_cdk import RemovalPolicy
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


class Pipeline(Construct):
    """Begins when something below `folders` changed."""

    def __init__(
        self, scope: Construct, name: str, deployment: Deployment, artifacts: s3.IBucket, folders: Sequence[str]
    ) -> None:
        super().__init__(scope, name)
        self.source = codepipeline.Artifact()
        owner, _, repository = deployment.repository.partition("/")
        checkout = steps.CodeStarConnectionsSourceAction(
            action_name="Source",
            owner=owner,
            repo=repository,
            branch=deployment.branch,
            connection_arn=deployment.connection_arn,
            output=self.source,
            trigger_on_push=False,
            variables_namespace="Source",
        )
        self.commit = checkout.variables.commit_id
        pushed = codepipeline.GitPushFilter(branches_includes=[deployment.branch], file_paths_includes=list(folders))
        self.pipeline = codepipeline.Pipeline(
            self,
            "Pipeline",
            pipeline_name=f"kotonoha-{deployment.name}-{name.lower()}",
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
        self._let_check_out(deployment.connection_arn)

    def _let_check_out(self, connection_arn: str) -> None:
        """The construct allows the action by its old name alone, which an ARN with the new one is not covered by."""
        role = self.pipeline.node.find_child("Source").node.find_child("Source").node.find_child("CodePipelineActionRole")
        role.add_to_policy(iam.PolicyStatement(actions=["codeconnections:UseConnection"], resources=[connection_arn]))

    def build(
        self, name: str, commands: Sequence[str], files: Mapping[str, object] | None = None, **options: Any
    ) -> codebuild.PipelineProject:
        log = logs.LogGroup(self, f"{name}Log", retention=logs.RetentionDays.ONE_WEEK, removal_policy=RemovalPolicy.DESTROY)
        spec = {
            "version": "0.2",
            "phases": {"install": {"runtime-versions": {"python": "3.13"}}, "build": {"commands": list(commands)}},
        }
        return codebuild.PipelineProject(
            self,
            name,
            build_spec=codebuild.BuildSpec.from_object(spec | ({"artifacts": files} if files else {})),
            logging=codebuild.LoggingOptions(cloud_watch=codebuild.CloudWatchLoggingOptions(log_group=log)),
            **options,
        )

    def run(self, stage: str, *actions: codepipeline.IAction) -> None:
        self.pipeline.add_stage(stage_name=stage, actions=list(actions))


def arm(*, docker: bool = False) -> codebuild.BuildEnvironment:
    """The same processor as the tasks: nothing is emulated."""
    return codebuild.BuildEnvironment(
        build_image=codebuild.LinuxArmBuildImage.AMAZON_LINUX_2023_STANDARD_3_0,
        compute_type=codebuild.ComputeType.SMALL,
        privileged=docker,
    )


def inside(vpc: ec2.IVpc, group: ec2.ISecurityGroup) -> dict[str, Any]:
    return {"vpc": vpc, "subnet_selection": PRIVATE, "security_groups": [group]}
