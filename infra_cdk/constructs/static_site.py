"""A React app: a bucket nobody reaches but CloudFront, and a rewrite that leaves the api's errors alone."""

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra_cdk.constructs.edge import HTTPS, to_balancer, uncached
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
POLICY = "; ".join(
    [
        "default-src 'self'",
        "img-src 'self' data: blob: https://*.amazonaws.com",
        "media-src 'self' blob: https://*.amazonaws.com",
        "connect-src 'self' https://*.amazoncognito.com https://*.amazonaws.com",
        "style-src 'self' 'unsafe-inline'",
        "object-src 'none'",
        "base-uri 'self'",
        "frame-ancestors 'none'",
    ]
)


class StaticSite(Construct):
    """`/api/*` and `/live` go where the app answers, everything else is a file."""

    def __init__(self, scope: Construct, name: str, host: str, ingress: Ingress, stores: Stores, *, gateway: bool) -> None:
        super().__init__(scope, name)
        self.bucket = s3.Bucket(
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
        self.distribution = cloudfront.Distribution(
            self,
            "Distribution",
            domain_names=[host],
            certificate=ingress.certificate,
            web_acl_id=ingress.edge.arn,
            minimum_protocol_version=cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
            http_version=cloudfront.HttpVersion.HTTP2_AND_3,
            price_class=cloudfront.PriceClass.PRICE_CLASS_200,
            default_root_object="index.html",
            log_bucket=stores.logs,
            log_file_prefix=f"{host}/edge/",
            default_behavior=self._files(),
            additional_behaviors=_calls(ingress, gateway=gateway),
        )

    def _files(self) -> cloudfront.BehaviorOptions:
        rewrite = cloudfront.Function(
            self,
            "Rewrite",
            code=cloudfront.FunctionCode.from_inline(REWRITE),
            runtime=cloudfront.FunctionRuntime.JS_2_0,
        )
        return cloudfront.BehaviorOptions(
            origin=origins.S3BucketOrigin.with_origin_access_control(self.bucket),
            cache_policy=cloudfront.CachePolicy.CACHING_OPTIMIZED,
            response_headers_policy=self._headers(),
            viewer_protocol_policy=HTTPS,
            function_associations=[
                cloudfront.FunctionAssociation(function=rewrite, event_type=cloudfront.FunctionEventType.VIEWER_REQUEST)
            ],
        )

    def _headers(self) -> cloudfront.ResponseHeadersPolicy:
        year, same = Duration.days(365), cloudfront.HeadersReferrerPolicy.STRICT_ORIGIN_WHEN_CROSS_ORIGIN
        return cloudfront.ResponseHeadersPolicy(
            self,
            "Headers",
            security_headers_behavior=cloudfront.ResponseSecurityHeadersBehavior(
                content_security_policy=cloudfront.ResponseHeadersContentSecurityPolicy(
                    content_security_policy=POLICY, override=True
                ),
                content_type_options=cloudfront.ResponseHeadersContentTypeOptions(override=True),
                frame_options=cloudfront.ResponseHeadersFrameOptions(
                    frame_option=cloudfront.HeadersFrameOption.DENY, override=True
                ),
                referrer_policy=cloudfront.ResponseHeadersReferrerPolicy(referrer_policy=same, override=True),
                strict_transport_security=cloudfront.ResponseHeadersStrictTransportSecurity(
                    access_control_max_age=year, include_subdomains=True, override=True
                ),
            ),
        )


def _calls(ingress: Ingress, *, gateway: bool) -> dict[str, cloudfront.BehaviorOptions]:
    """Sockets and streams go past API Gateway, which can carry neither."""
    balancer = uncached(to_balancer(ingress))
    calls = {"/live": balancer, "/health/*": balancer}
    if not gateway:
        return calls | {"/api/*": balancer}
    # The gateway answers only to its own host.
    only = cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER
    return {
        "/api/requests/*/events": balancer,
        **calls,
        "/api/*": uncached(origins.RestApiOrigin(ingress.api, origin_path=""), only),
    }
