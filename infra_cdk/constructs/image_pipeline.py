"""Containers from their commit to their services: test, build, push under the commit's name, then change one parameter."""

from collections.abc import Sequence

from aws_cdk import CfnCapabilities
from aws_cdk import aws_codebuild as codebuild
from aws_cdk import aws_codepipeline as codepipeline
from aws_cdk import aws_codepipeline_actions as steps
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra_cdk.config import REGION, Deployment
from infra_cdk.constructs.pipeline import Pipeline, arm, inside
from infra_cdk.stacks.network import Network
from infra_cdk.stacks.registry import Registry
from infra_cdk.stacks.stores import DATABASE, OWNER, Stores

SIGN_IN = 'aws ecr get-login-password | docker login --username AWS --password-stdin "$REGISTRY"'
QUOTED = '$(python3 -c \'import os, urllib.parse as u; print(u.quote(os.environ["OWNER_PASSWORD"], safe=""))\')'
MIGRATE = (
    "make setup ARGS=--no-frontends",
    f'export KOTONOHA_DATABASE_URL="postgresql://{OWNER}:{QUOTED}@$HOST:5432/{DATABASE}?sslmode=require"',
    ".venv/bin/python -m core.db.migrate",
    ".venv/bin/python docker/let_app_in.py",
)


class ImagePipeline(Pipeline):
    """Tags are commits and never move. CloudFormation deploys, so that what it believes stays true and a rollback is one."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        deployment: Deployment,
        registry: Registry,
        artifacts: s3.IBucket,
        folders: Sequence[str],
        images: Sequence[str],
    ) -> None:
        super().__init__(scope, name, deployment, artifacts, folders)
        self._deployment = deployment
        self._built = codepipeline.Artifact()
        project = self._project(registry, images)
        self.run("Build", steps.CodeBuildAction(action_name="Build", project=project, input=self.source, outputs=[self._built]))

    def _project(self, registry: Registry, images: Sequence[str]) -> codebuild.PipelineProject:
        host = f"{self._deployment.account}.dkr.ecr.{REGION}.amazonaws.com"
        tag = '"$REGISTRY/kotonoha-{}/{}:$CODEBUILD_RESOLVED_SOURCE_VERSION"'
        names = {image: tag.format(self._deployment.name, image) for image in images}
        commands = ["make check test", f"make synth ARGS={self._deployment.name}", SIGN_IN]
        commands += [f"docker build --file docker/Dockerfile --target {image} --tag {name} ." for image, name in names.items()]
        commands += [f"docker push {name}" for name in names.values()]
        project = self.build(
            "Build",
            commands,
            {"base-directory": "build/cloud", "files": ["*.template.json"]},
            environment=arm(docker=True),
            environment_variables={"REGISTRY": codebuild.BuildEnvironmentVariable(value=host)},
        )
        for image in images:
            registry.repositories[image].grant_pull_push(project)
        return project

    def migrate(self, network: Network, stores: Stores) -> None:
        """Expand only: what runs now must go on running beside what comes. One task, past the proxy."""
        secret, variable = stores.cluster.secret, codebuild.BuildEnvironmentVariable
        from_secret = codebuild.BuildEnvironmentVariableType.SECRETS_MANAGER
        project = self.build(
            "Migrate",
            MIGRATE,
            environment=arm(),
            environment_variables={
                "HOST": variable(value=stores.cluster.cluster_endpoint.hostname),
                "OWNER_PASSWORD": variable(type=from_secret, value=f"{secret.secret_arn}:password"),
                "APP_PASSWORD": variable(type=from_secret, value=f"{stores.app_password.secret_arn}:password"),
            },
            **inside(network.vpc, network.builds),
        )
        self.run("Migrate", steps.CodeBuildAction(action_name="Migrate", project=project, input=self.source))

    def deploy(self, stage: str, *stacks: str) -> None:
        """The bootstrap's own role changes the stack; the pipeline may only ask for that."""
        account = self._deployment.account
        role = iam.Role.from_role_arn(
            self, f"{stage}Role", f"arn:aws:iam::{account}:role/cdk-hnb659fds-cfn-exec-role-{account}-{REGION}", mutable=False
        )
        self.run(
            stage,
            *(
                steps.CloudFormationCreateUpdateStackAction(
                    action_name=stack,
                    stack_name=stack,
                    template_path=self._built.at_path(f"{stack}.template.json"),
                    parameter_overrides={"ImageTag": self.commit},
                    admin_permissions=False,
                    deployment_role=role,
                    cfn_capabilities=[CfnCapabilities.NAMED_IAM],
                )
                for stack in stacks
            ),
        )
