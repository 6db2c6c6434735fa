"""A React app: a bucket nobody reaches but CloudFront, and a rewrite that leaves the api's errors alone."""

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra_cdk.config import REGION, Deployment
from infra_cdk.constructs.edge import HTTPS, distribute, to_balancer, uncached, word_of
from infra_cdk.stacks.ingress import Ingress
from infra_cdk.stacks.stores import Stores

# Only what has no extension is a page of the app; a missing file stays a 404.
REWRITE = """
function handler(event) {
  var request = event.request;
  if (!request.uri.split('/').pop().includes('.')) request.uri = '/index.html';
  return request;
}
"""
ISSUERS = f"https://cognito-idp.{REGION}.amazonaws.com"
TOLD = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
FOR_EVER, ASK_AGAIN, NEVER = "public, max-age=31536000, immutable", "no-cache", "no-store"
"""What browsers keep: files below assets/, whose names change with what is in them; pages; where to sign in."""


class StaticSite(Construct):
    """`/api/*` and `/live` go where the app answers, everything else is a file."""

    def __init__(
        self, scope: Construct, name: str, deployment: Deployment, host: str, ingress: Ingress, stores: Stores, *, gateway: bool
    ) -> None:
        super().__init__(scope, name)
        self._policy = _policy(deployment, host, f"https://{stores.media.bucket_regional_domain_name}")
        self.bucket = self._make_bucket(host, stores)
        self._origin = self._make_origin()
        others = {
            **_calls(ingress, gateway=gateway),
            "/assets/*": self._files("Assets", FOR_EVER, rewrite=False),
            "/config.json": self._files("Config", NEVER, rewrite=False),
        }
        pages = self._files("Pages", ASK_AGAIN, rewrite=True)
        self.distribution = distribute(self, host, ingress, stores, pages, others, default_root_object="index.html")

    def _make_bucket(self, host: str, stores: Stores) -> s3.Bucket:
        return s3.Bucket(
            self,
            "Files",
            encryption=s3.BucketEncryption.S3_MANAGED,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=True,
            versioned=True,
            server_access_logs_bucket=stores.logs,
            server_access_logs_prefix=f"{host}/files/",
            # Built again in a minute from the commit.
            removal_policy=RemovalPolicy.DESTROY,
            lifecycle_rules=[s3.LifecycleRule(id="old-versions", noncurrent_version_expiration=Duration.days(30))],
        )

    def _make_origin(self) -> cloudfront.IOrigin:
        """May list as well as read: to whoever may not, S3 says that what is missing is forbidden."""
        levels = [cloudfront.AccessLevel.READ, cloudfront.AccessLevel.LIST]
        return origins.S3BucketOrigin.with_origin_access_control(self.bucket, origin_access_levels=levels)

    def _files(self, name: str, keep: str, *, rewrite: bool) -> cloudfront.BehaviorOptions:
        return cloudfront.BehaviorOptions(
            origin=self._origin,
            cache_policy=cloudfront.CachePolicy.CACHING_OPTIMIZED,
            response_headers_policy=self._tell(name, keep),
            viewer_protocol_policy=HTTPS,
            function_associations=[self._rewrite()] if rewrite else None,
        )

    def _rewrite(self) -> cloudfront.FunctionAssociation:
        function = cloudfront.Function(
            self, "Rewrite", code=cloudfront.FunctionCode.from_inline(REWRITE), runtime=cloudfront.FunctionRuntime.JS_2_0
        )
        return cloudfront.FunctionAssociation(function=function, event_type=cloudfront.FunctionEventType.VIEWER_REQUEST)

    def _tell(self, name: str, keep: str) -> cloudfront.ResponseHeadersPolicy:
        headers = {**TOLD, "Cache-Control": keep}
        return cloudfront.ResponseHeadersPolicy(
            self,
            name,
            custom_headers_behavior=cloudfront.ResponseCustomHeadersBehavior(
                custom_headers=[
                    cloudfront.ResponseCustomHeader(header=header, value=value, override=True)
                    for header, value in headers.items()
                ]
            ),
            security_headers_behavior=_secure(self._policy),
        )


def _calls(ingress: Ingress, *, gateway: bool) -> dict[str, cloudfront.BehaviorOptions]:
    """Sockets and streams go past API Gateway, which can carry neither."""
    balancer = uncached(to_balancer(ingress))
    calls = dict.fromkeys(("/live", "/health/*", "/version", "/schema", "/schema/*"), balancer)
    if not gateway:
        return calls | {"/api/*": balancer}
    # The gateway answers only to its own host.
    only = cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER
    return {
        "/api/requests/*/events": balancer,
        **calls,
        "/api/*": uncached(_gateway(ingress), only),
    }


def _gateway(ingress: Ingress) -> cloudfront.IOrigin:
    return origins.RestApiOrigin(ingress.api, origin_path="", custom_headers=word_of(ingress.deployment))


def _policy(deployment: Deployment, host: str, media: str) -> str:
    """As on one machine: no inline script or style, nobody spoken to but ourselves, the files and who signs learners in."""
    rules = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "font-src": "'self'",
        "img-src": f"'self' blob: {media}",
        "media-src": f"'self' blob: {media}",
        "manifest-src": "'self'",
        "connect-src": f"'self' wss://{host} {media} {ISSUERS} https://{deployment.login_host}",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _secure(policy: str) -> cloudfront.ResponseSecurityHeadersBehavior:
    year, nothing = Duration.days(365), cloudfront.HeadersReferrerPolicy.NO_REFERRER
    return cloudfront.ResponseSecurityHeadersBehavior(
        content_security_policy=cloudfront.ResponseHeadersContentSecurityPolicy(content_security_policy=policy, override=True),
        content_type_options=cloudfront.ResponseHeadersContentTypeOptions(override=True),
        frame_options=cloudfront.ResponseHeadersFrameOptions(frame_option=cloudfront.HeadersFrameOption.DENY, override=True),
        referrer_policy=cloudfront.ResponseHeadersReferrerPolicy(referrer_policy=nothing, override=True),
        strict_transport_security=cloudfront.ResponseHeadersStrictTransportSecurity(
            access_control_max_age=year, include_subdomains=True, override=True
        ),
    )
