"""Public names: files and calls under one of them, what is cached and what never is."""

from infra_cdk.apps import SITES, STREAMLITS
from local.pages.front import API, FOR_EVER, page_headers
from tests.infra_cdk.assembly import Assembly, Properties, flat, joined
from tests.infra_cdk.requirement import requirement

CACHED, NEVER_CACHED = "658327ea-f89d-4fab-a63d-7e88639e58f6", "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
"""Managed-CachingOptimized and Managed-CachingDisabled, by the ids CloudFront gives them everywhere."""


def site(assembly: Assembly, stack: str) -> Properties:
    return assembly.one("AWS::CloudFront::Distribution", stack)["DistributionConfig"]


def origin(config: Properties, behavior: Properties) -> str:
    (found,) = [each for each in config["Origins"] if each["Id"] == behavior["TargetOriginId"]]
    return next(name for name in ("VpcOriginConfig", "CustomOriginConfig", "S3OriginConfig") if name in found)


@requirement("S004-S007", "S040-S043", "A002-A003", "A024-A025", "A037-A038")
def test_files_come_from_a_bucket_that_only_cloudfront_reads(prod: Assembly) -> None:
    for app in SITES:
        stack = f"Site-{app.slug}"
        config, policy = site(prod, stack), prod.one("AWS::S3::BucketPolicy", stack)
        allowed = [each for each in policy["PolicyDocument"]["Statement"] if each["Effect"] == "Allow"]

        assert config["Aliases"] == [f"{app.label}.app-dw.net"]
        assert config["DefaultCacheBehavior"]["ViewerProtocolPolicy"] == "redirect-to-https"
        assert config["ViewerCertificate"]["MinimumProtocolVersion"] == "TLSv1.2_2021"
        assert "Certificate" in flat(config["ViewerCertificate"]["AcmCertificateArn"])
        assert origin(config, config["DefaultCacheBehavior"]) == "S3OriginConfig"
        # Listing, or S3 would call a missing file forbidden.
        assert [each["Action"] for each in allowed] == [["s3:GetObject", "s3:ListBucket"]]
        assert [each["Principal"] for each in allowed] == [{"Service": "cloudfront.amazonaws.com"}]
        distribution = prod.one("AWS::CloudFront::Distribution", stack)
        assert distribution.name in [each["Ref"] for each in joined(only_for(allowed[0])) if isinstance(each, dict)]
        assert "A" in {record["Type"] for record in prod.all("AWS::Route53::RecordSet", stack)}


def only_for(statement: Properties) -> Properties:
    """Whoever it allows something must come from here."""
    arn: Properties = statement["Condition"]["StringEquals"]["AWS:SourceArn"]
    return arn


@requirement("A023", "A036")
def test_a_public_name_is_its_distribution(prod: Assembly) -> None:
    for stack in (f"Site-{app.slug}" for app in SITES):
        distribution = prod.one("AWS::CloudFront::Distribution", stack)
        for record in prod.all("AWS::Route53::RecordSet", stack):
            assert record["AliasTarget"]["DNSName"] == {"Fn::GetAtt": [distribution.name, "DomainName"]}


@requirement("S010", "S046")
def test_files_are_cached_and_calls_never_are(prod: Assembly) -> None:
    for app in SITES:
        config = site(prod, f"Site-{app.slug}")

        assert config["DefaultCacheBehavior"]["CachePolicyId"] == CACHED
        for each in config["CacheBehaviors"]:
            calls = origin(config, each) != "S3OriginConfig"
            assert each["CachePolicyId"] == (NEVER_CACHED if calls else CACHED), each["PathPattern"]


@requirement("S009", "S045")
def test_a_page_of_the_app_is_its_index_and_an_error_of_the_api_stays_one(prod: Assembly) -> None:
    for app in SITES:
        stack = f"Site-{app.slug}"
        config = site(prod, stack)
        code = prod.one("AWS::CloudFront::Function", stack)["FunctionCode"]

        assert "CustomErrorResponses" not in config
        assert "'/index.html'" in code
        assert len(config["DefaultCacheBehavior"]["FunctionAssociations"]) == 1
        # Nothing that the api answers may fall to the page.
        paths = {each["PathPattern"].split("/")[1] for each in config["CacheBehaviors"]}
        assert paths - {"assets", "config.json"} == API - {"media"}
        assert not any(each.get("FunctionAssociations") for each in config["CacheBehaviors"])


@requirement("S074-S075")
def test_calls_of_haiku_go_to_the_balancer_under_its_own_name(prod: Assembly) -> None:
    config = site(prod, "Site-haiku")
    calls = {each["PathPattern"]: each for each in config["CacheBehaviors"]}

    assert config["Aliases"] == ["haiku.app-dw.net"]
    assert {"/api/*", "/live"} <= set(calls)
    files = {"/assets/*", "/config.json"}
    assert {origin(config, each) for path, each in calls.items() if path not in files} == {"VpcOriginConfig"}
    assert {origin(config, calls[path]) for path in files} == {"S3OriginConfig"}
    assert set(calls["/api/*"]["AllowedMethods"]) >= {"POST", "DELETE", "OPTIONS"}


def test_streams_and_sockets_of_the_portal_go_past_api_gateway(prod: Assembly) -> None:
    config = site(prod, "Site-lang-portal")
    order = [each["PathPattern"] for each in config["CacheBehaviors"]]
    calls = {
        each["PathPattern"]: found for each in config["CacheBehaviors"] if (found := origin(config, each)) != "S3OriginConfig"
    }

    assert order.index("/api/requests/*/events") < order.index("/api/*")
    assert calls == {
        "/api/requests/*/events": "VpcOriginConfig",
        "/live": "VpcOriginConfig",
        "/health/*": "VpcOriginConfig",
        "/version": "VpcOriginConfig",
        "/schema": "VpcOriginConfig",
        "/schema/*": "VpcOriginConfig",
        "/api/*": "CustomOriginConfig",
    }


@requirement("S084", "S137")
def test_streamlit_apps_have_a_public_name_and_nothing_of_them_is_cached(prod: Assembly) -> None:
    for app in STREAMLITS:
        config = site(prod, f"Public-{app.slug}")

        assert config["Aliases"] == [f"{app.label}.app-dw.net"]
        assert config["DefaultCacheBehavior"]["CachePolicyId"] == NEVER_CACHED
        assert origin(config, config["DefaultCacheBehavior"]) == "VpcOriginConfig"
        assert "CacheBehaviors" not in config


def headers(assembly: Assembly, stack: str, behavior: Properties) -> dict[str, str]:
    """What a browser is told with a file, where what a stack made is `<its name>`."""
    policy = assembly.follow(stack, behavior["ResponseHeadersPolicyId"])
    config = policy["ResponseHeadersPolicyConfig"]
    secure, custom = config["SecurityHeadersConfig"], config["CustomHeadersConfig"]["Items"]
    policy_parts = joined(secure["ContentSecurityPolicy"]["ContentSecurityPolicy"])
    media = {assembly.follow(stack, each).name for each in policy_parts if isinstance(each, dict)}
    assert {name.rstrip("0123456789ABCDEF") for name in media} == {"Media"}
    return {
        "Content-Security-Policy": "".join(each if isinstance(each, str) else "<media>" for each in policy_parts),
        "Referrer-Policy": secure["ReferrerPolicy"]["ReferrerPolicy"],
        "X-Content-Type-Options": "nosniff" if "ContentTypeOptions" in secure else "",
        "Strict-Transport-Security": str(secure["StrictTransportSecurity"]["AccessControlMaxAgeSec"]),
        **{each["Header"]: each["Value"] for each in custom},
    }


def test_pages_have_the_headers_they_have_on_one_machine(prod: Assembly) -> None:
    issuers = "https://cognito-idp.us-east-1.amazonaws.com https://kotonoha-prod-111122223333.auth.us-east-1.amazoncognito.com"
    for app in SITES:
        stack, host = f"Site-{app.slug}", f"{app.label}.app-dw.net"
        told = headers(prod, stack, site(prod, stack)["DefaultCacheBehavior"])
        # There, media are our own.
        wanted = page_headers(f"https://{host}", f"https://<media> {issuers}", "https://<media>")

        assert {name: told[name] for name in wanted} == wanted
        assert int(told["Strict-Transport-Security"]) >= 31_536_000
        assert "*" not in told["Content-Security-Policy"]


def test_browsers_keep_what_never_changes_and_ask_for_the_rest(prod: Assembly) -> None:
    for app in SITES:
        stack = f"Site-{app.slug}"
        config = site(prod, stack)
        files = {each["PathPattern"]: each for each in config["CacheBehaviors"] if "ResponseHeadersPolicyId" in each}
        kept = {path: headers(prod, stack, each)["Cache-Control"] for path, each in files.items()}

        assert kept == {"/assets/*": FOR_EVER, "/config.json": "no-store"}
        assert headers(prod, stack, config["DefaultCacheBehavior"])["Cache-Control"] == "no-cache"
