"""From a commit to what learners see: one pipeline for what is released together."""

from collections.abc import Mapping, Sequence

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_s3 as s3

from infra_cdk.apps import RELEASED, SITES, STREAMLITS, AppSpec
from infra_cdk.constructs.image_pipeline import ImagePipeline
from infra_cdk.constructs.pipeline import Hold, Shut, never
from infra_cdk.constructs.site_pipeline import SitePipeline
from infra_cdk.stacks.deployed_stack import DeployedStack, Place
from infra_cdk.stacks.network import Network
from infra_cdk.stacks.registry import Registry
from infra_cdk.stacks.sign_in import SignIn
from infra_cdk.stacks.site import Site
from infra_cdk.stacks.stores import Stores

BACKEND = ("api/**", "core/**", "telemetry/**", "workers/**", "docker/**", "requirements/base.txt", "requirements/worker.txt")
PAGES = ("frontends/shared_streamlit/**", "requirements/streamlit.txt")
"""A change of the Dockerfile alone reaches the pages with their next release, or by starting their pipelines by hand."""


class Pipelines(DeployedStack):
    """Two sites, two Streamlit apps, and the backend in this order: migrate, the proxy, workers, apis. What is not built yet has
    its pipeline, which nothing opens, and no api of it is started."""

    def __init__(
        self, place: Place, network: Network, stores: Stores, sign_in: SignIn, registry: Registry, sites: Mapping[str, Site]
    ) -> None:
        super().__init__(place)
        self._registry, self._sign_in = registry, sign_in
        self._artifacts, self._hold = self._make_artifacts(stores), Hold(self)
        self._release_backend(network, stores)
        for app in STREAMLITS:
            self._release_pages(app)
        for app in SITES:
            self._release_site(app, sites[app.slug])

    def _make_artifacts(self, stores: Stores) -> s3.Bucket:
        return s3.Bucket(
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

    def _release_backend(self, network: Network, stores: Stores) -> None:
        backend = self._images("backend", BACKEND, ["api", "worker"], self._hold.until_opened)
        backend.migrate(network, stores)
        backend.deploy("Proxy", self._stack("Proxy"))
        backend.release("Workers", self._stack("Workers"))
        backend.release("Apis", *(self._stack(f"App-{app.slug}") for app in RELEASED))

    def _release_pages(self, app: AppSpec) -> None:
        """Both apps are in one image. What both share releases both, and whichever pipeline is first pushes the image."""
        pages = self._images(f"{app.slug}-pages", [f"{app.folder}/**", *PAGES], ["streamlit"], self._shut(app))
        pages.release("Pages", self._stack(f"Pages-{app.slug}"))

    def _release_site(self, app: AppSpec, site: Site) -> None:
        folders = [f"{app.folder}/**", "frontends/shared_react/**", "frontends/package-lock.json"]
        SitePipeline(self, self.deployment, app, site, self._sign_in, self._artifacts, self._shut(app), folders)

    def _images(self, name: str, folders: Sequence[str], targets: Sequence[str], shut: Shut) -> ImagePipeline:
        return ImagePipeline(self, name, self.deployment, self._registry, self._artifacts, shut, folders, targets)

    def _shut(self, app: AppSpec) -> Shut:
        return self._hold.until_opened if app in RELEASED else never

    def _stack(self, name: str) -> str:
        return f"Kotonoha-{self.deployment.name}-{name}"
