"""Containers from their commit to their services: test, build, push under the commit's name, then change one parameter."""

from collections.abc import Mapping, Sequence

from aws_cdk import CfnCapabilities
from aws_cdk import aws_codebuild as codebuild
from aws_cdk import aws_codepipeline as codepipeline
from aws_cdk import aws_codepipeline_actions as steps
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra_cdk.config import REGION, Deployment
from infra_cdk.constructs.pipeline import Pipeline, Shut, images, inside, small, suite
from infra_cdk.stacks.network import Network
from infra_cdk.stacks.registry import Registry
from infra_cdk.stacks.stores import DATABASE, OWNER, Stores

SIGN_IN = 'aws ecr get-login-password | docker login --username AWS --password-stdin "$REGISTRY"'
LIBRARY = "public.ecr.aws/docker/library/"
"""Amazon's copy of Docker's own images: Docker's registry counts what the addresses of all builds in the region pull together."""
QUOTED = '$(python3 -c \'import os, urllib.parse as u; print(u.quote(os.environ["OWNER_PASSWORD"], safe=""))\')'
MIGRATE = (
    "make setup ARGS=--no-frontends",
    f'export KOTONOHA_DATABASE_URL="postgresql://{OWNER}:{QUOTED}@$HOST:5432/{DATABASE}?sslmode=require"',
    ".venv/bin/python -m core.db.migrate",
    ".venv/bin/python -m core.db.let_app_in",
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
        shut: Shut,
        folders: Sequence[str],
        targets: Sequence[str],
    ) -> None:
        super().__init__(scope, name, deployment, artifacts, shut, folders)
        self._deployment = deployment
        self._templates = codepipeline.Artifact()
        self._test()
        self._publish(registry, targets)

    def _test(self) -> None:
        project = self.build(
            "Test",
            ["make check test", f"make synth ARGS={self._deployment.name}"],
            {"base-directory": "build/cloud", "files": ["*.template.json"]},
            environment=suite(),
            minutes=60,
        )
        test = steps.CodeBuildAction(action_name="Test", project=project, input=self.source, outputs=[self._templates])
        self.run("Test", test)

    def _publish(self, registry: Registry, targets: Sequence[str]) -> None:
        variable = codebuild.BuildEnvironmentVariable
        host = f"{self._deployment.account}.dkr.ecr.{REGION}.amazonaws.com"
        names = {target: f'"$REGISTRY/kotonoha-{self._deployment.name}/{target}:$COMMIT"' for target in targets}
        project = self.build(
            "Build",
            [SIGN_IN, *(f"sh docker/publish.sh {target} {name}" for target, name in names.items())],
            environment=images(),
            environment_variables={"REGISTRY": variable(value=host), "LIBRARY": variable(value=LIBRARY)},
            minutes=30,
        )
        for target in targets:
            registry.repositories[target].grant_pull_push(project)
        # The very name that is deployed later, whatever the build would call it.
        told = {"COMMIT": variable(value=self.commit)}
        build = steps.CodeBuildAction(action_name="Build", project=project, input=self.source, environment_variables=told)
        self.run("Build", build)

    def migrate(self, network: Network, stores: Stores) -> None:
        """Expand only: what runs now must go on running beside what comes. One task, past the proxy."""
        secret, variable = stores.cluster.secret, codebuild.BuildEnvironmentVariable
        from_secret = codebuild.BuildEnvironmentVariableType.SECRETS_MANAGER
        project = self.build(
            "Migrate",
            MIGRATE,
            environment=small(),
            environment_variables={
                "HOST": variable(value=stores.cluster.cluster_endpoint.hostname),
                "OWNER_PASSWORD": variable(type=from_secret, value=f"{secret.secret_arn}:password"),
                "APP_PASSWORD": variable(type=from_secret, value=f"{stores.app_password.secret_arn}:password"),
            },
            minutes=30,
            **inside(network.vpc, network.builds),
        )
        self.run("Migrate", steps.CodeBuildAction(action_name="Migrate", project=project, input=self.source))

    def release(self, stage: str, *stacks: str) -> None:
        """Change the one parameter of each: the image it runs."""
        self._change(stage, stacks, {"ImageTag": self.commit})

    def deploy(self, stage: str, stack: str) -> None:
        """A stack that runs no image: made by the first release, and left alone by those that change nothing of it."""
        self._change(stage, [stack], None)

    def _change(self, stage: str, stacks: Sequence[str], told: Mapping[str, str] | None) -> None:
        """The bootstrap's own role changes a stack; the pipeline may only ask for that."""
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
                    template_path=self._templates.at_path(f"{stack}.template.json"),
                    parameter_overrides=told,
                    admin_permissions=False,
                    deployment_role=role,
                    cfn_capabilities=[CfnCapabilities.NAMED_IAM],
                )
                for stack in stacks
            ),
        )
