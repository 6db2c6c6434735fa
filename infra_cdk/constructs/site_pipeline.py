"""A React app from its commit to the edge: build, copy, then forget what was cached."""

from collections.abc import Sequence

from aws_cdk import aws_codebuild as codebuild
from aws_cdk import aws_codepipeline as codepipeline
from aws_cdk import aws_codepipeline_actions as steps
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra_cdk.apps import AppSpec
from infra_cdk.config import Deployment
from infra_cdk.constructs.pipeline import Pipeline, Shut, small
from infra_cdk.stacks.sign_in import RESOURCE, SCOPE, SignIn
from infra_cdk.stacks.site import Site

BUILD = ("make setup", "make check")
CONFIG = '{"issuer": "%s", "client_id": "%s", "scope": "openid ' + f'{RESOURCE}/{SCOPE}"}}'
INVALIDATE = ('aws cloudfront create-invalidation --distribution-id "$DISTRIBUTION" --paths "/*"',)


class SitePipeline(Pipeline):
    """Everything is forgotten at once: hashed files are fetched once more, and none of the others is a day old."""

    def __init__(
        self,
        scope: Construct,
        deployment: Deployment,
        spec: AppSpec,
        site: Site,
        sign_in: SignIn,
        artifacts: s3.IBucket,
        shut: Shut,
        folders: Sequence[str],
    ) -> None:
        super().__init__(scope, f"{spec.slug}-site", deployment, artifacts, shut, folders)
        built = codepipeline.Artifact()
        dist = f"{spec.folder}/dist"
        tell = f'printf \'{CONFIG}\' "$ISSUER" "$CLIENT_ID" > {dist}/config.json'
        told = {"ISSUER": sign_in.issuer, "CLIENT_ID": sign_in.clients[spec.slug].user_pool_client_id}
        build = self.build(
            "Build",
            [*BUILD, tell],
            {"base-directory": dist, "files": ["**/*"]},
            environment=small(),
            minutes=30,
            environment_variables={name: codebuild.BuildEnvironmentVariable(value=value) for name, value in told.items()},
        )
        self.run("Build", steps.CodeBuildAction(action_name="Build", project=build, input=self.source, outputs=[built]))
        copy = steps.S3DeployAction(action_name="Copy", bucket=site.bucket, input=built, extract=True, run_order=1)
        forget = steps.CodeBuildAction(action_name="Invalidate", project=self._forget(site), input=self.source, run_order=2)
        self.run("Deploy", copy, forget)

    def _forget(self, site: Site) -> codebuild.PipelineProject:
        told = {"DISTRIBUTION": codebuild.BuildEnvironmentVariable(value=site.distribution.distribution_id)}
        project = self.build("Invalidate", INVALIDATE, environment=small(), environment_variables=told, minutes=10)
        arn = f"arn:aws:cloudfront::{site.account}:distribution/{site.distribution.distribution_id}"
        project.add_to_role_policy(iam.PolicyStatement(actions=["cloudfront:CreateInvalidation"], resources=[arn]))
        return project
