"""From a commit to what learners see: one pipeline for what is released together."""

from collections.abc import Mapping

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra_cdk.apps import APPS, SITES, STREAMLITS
from infra_cdk.config import Deployment
from infra_cdk.constructs.image_pipeline import ImagePipeline
from infra_cdk.constructs.site_pipeline import SitePipeline
from infra_cdk.stacks.network import Network
from infra_cdk.stacks.registry import Registry
from infra_cdk.stacks.sign_in import SignIn
from infra_cdk.stacks.site import Site
from infra_cdk.stacks.stores import Stores

BACKEND = ("api/**", "core/**", "telemetry/**", "workers/**", "docker/**", "requirements/**")


class Pipelines(Stack):
    """Two sites, two Streamlit apps, and the backend in this order: migrate, workers, apis."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        deployment: Deployment,
        network: Network,
        stores: Stores,
        sign_in: SignIn,
        registry: Registry,
        sites: Mapping[str, Site],
        **options: object,
    ) -> None:
        super().__init__(scope, name, **options)
        artifacts = s3.Bucket(
            self,
            "Artifacts",
            encryption=s3.BucketEncryption.S3_MANAGED,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=True,
            server_access_logs_bucket=stores.logs,
            server_access_logs_prefix="pipelines/",
            removal_policy=RemovalPolicy.DESTROY,
            lifecycle_rules=[s3.LifecycleRule(id="builds-leave", expiration=Duration.days(30))],
        )
        backend = ImagePipeline(self, "backend", deployment, registry, artifacts, BACKEND, ["api", "worker"])
        backend.migrate(network, stores)
        backend.deploy("Workers", f"Kotonoha-{deployment.name}-Workers")
        backend.deploy("Apis", *(f"Kotonoha-{deployment.name}-App-{app.slug}" for app in APPS))
        for app in STREAMLITS:
            folders = [f"{app.folder}/**", "frontends/shared_streamlit/**"]
            pages = ImagePipeline(self, f"{app.slug}-pages", deployment, registry, artifacts, folders, ["streamlit"])
            pages.deploy("Pages", f"Kotonoha-{deployment.name}-Pages-{app.slug}")
        for app in SITES:
            folders = [f"{app.folder}/**", "frontends/shared_react/**"]
            SitePipeline(self, deployment, app, sites[app.slug], sign_in, artifacts, folders)
