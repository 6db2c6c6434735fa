"""Which way a call goes, from a name to the api: what has to pass on it, and what goes round."""

import json
import subprocess
import sys
from pathlib import Path

from infra_cdk.apps import APPS, SITES
from tests.infra_cdk.assembly import Assembly, Properties, Resource, flat
from tests.infra_cdk.requirement import requirement
from tests.infra_cdk.test_ingress import RULE, condition
from tests.infra_cdk.test_network import rules_of
from tests.infra_cdk.test_pipelines import commands, pipelines, stages
from tests.infra_cdk.test_sites import origin, site

PAST_THE_GATEWAY = {"/api/requests/*/events", "/live"}
"""Streams and sockets, which a REST API cannot carry."""
NODE = Path(sys.executable).parent / "node"
"""The one the CDK itself runs on."""


@requirement("S034-S036")
def test_every_call_of_the_portal_is_below_api_and_passes_the_gateway_but_streams(prod: Assembly) -> None:
    config = site(prod, "Site-lang-portal")
    ways = {each["PathPattern"]: origin(config, each) for each in config["CacheBehaviors"]}
    gateway = {path for path, way in ways.items() if way == "CustomOriginConfig"}
    (server,) = [each for each in config["Origins"] if "CustomOriginConfig" in each]
    api, resource = prod.one("AWS::ApiGateway::RestApi"), prod.one("AWS::ApiGateway::Resource")

    assert config["Aliases"] == ["lang-portal.app-dw.net"]
    assert gateway == {"/api/*"}
    assert {
        path for path, way in ways.items() if path.startswith(("/api", "/live")) and way == "VpcOriginConfig"
    } == PAST_THE_GATEWAY
    # The path reaches the api as it was asked: its first part is the stage, the rest the one resource there is.
    assert "execute-api" in flat(server["DomainName"])
    assert server.get("OriginPath", "") == ""
    assert prod.one("AWS::ApiGateway::Stage")["StageName"] == "api"
    assert prod.follow("Ingress", resource["RestApiId"]) == api
    assert [method["ResourceId"] for method in prod.all("AWS::ApiGateway::Method")] == [{"Ref": resource.name}]
    # What is no call is a file.
    assert origin(config, config["DefaultCacheBehavior"]) == "S3OriginConfig"


@requirement("S075")
def test_every_call_of_haiku_is_below_api_or_a_socket(prod: Assembly) -> None:
    ways = site(prod, "Site-haiku")["CacheBehaviors"]

    open_to_all = ("/health", "/version", "/schema")
    assert {each["PathPattern"] for each in ways if not each["PathPattern"].startswith(open_to_all)} >= {"/api/*", "/live"}


@requirement("A070")
def test_a_token_of_any_client_is_held_against_the_pool_it_is_of(prod: Assembly) -> None:
    """The authorizer of a REST API is Cognito's: it takes an access token only where a scope is asked for."""
    pool, authorizer = prod.one("AWS::Cognito::UserPool"), prod.one("AWS::ApiGateway::Authorizer")
    method = prod.one("AWS::ApiGateway::Method")

    assert authorizer["IdentitySource"] == "method.request.header.Authorization"
    assert [prod.follow("Ingress", arn) for arn in authorizer["ProviderARNs"]] == [pool]
    assert (method["AuthorizationType"], method["AuthorizationScopes"]) == ("COGNITO_USER_POOLS", ["kotonoha/learner"])
    assert prod.follow("Ingress", method["AuthorizerId"]) == authorizer
    for client in prod.all("AWS::Cognito::UserPoolClient"):
        assert prod.follow("SignIn", client["UserPoolId"]) == pool


@requirement("S122", "S118")
def test_tls_of_vocab_ends_at_the_balancer_and_its_internal_name_is_for_our_own_tasks(prod: Assembly) -> None:
    certificate = prod.one("AWS::CertificateManager::Certificate")
    secure, plain = (listener(prod, port) for port in (443, 80))
    inside = [rule for rule in prod.all(RULE, "App-vocab") if listened(prod, rule) == plain]
    outside = [rule for rule in prod.all(RULE) if condition(rule, "host-header") == ["vocab.app-dw.net"]]

    assert secure["Protocol"] == "HTTPS"
    assert [prod.follow("Ingress", each["CertificateArn"]) for each in secure["Certificates"]] == [certificate]
    assert (certificate["DomainName"], certificate["ValidationMethod"]) == ("*.app-dw.net", "DNS")
    assert len(outside) >= 3
    assert all(listened(prod, rule) == secure for rule in outside)
    assert [condition(rule, "host-header") for rule in inside] == [["vocab.app-dw.internal"]]
    assert [source for source, target, port in rules_of(prod) if (target, port) == ("Balancer", 80)] == ["Tasks"]
    name = [each for each in prod.all("AWS::Route53::RecordSet") if each["Name"] == "vocab.app-dw.internal."]
    assert [prod.follow("Ingress", each["HostedZoneId"]) for each in name] == [prod.one("AWS::Route53::HostedZone")]


def listener(assembly: Assembly, port: int) -> Resource:
    (found,) = [each for each in assembly.all("AWS::ElasticLoadBalancingV2::Listener") if each["Port"] == port]
    return found


def listened(assembly: Assembly, rule: Resource) -> Resource:
    return assembly.follow(rule.stack, rule["ListenerArn"])


@requirement("S087-S088", "S190", "S104", "S141")
def test_a_target_is_asked_every_quarter_of_a_minute_and_given_time_to_finish(prod: Assembly) -> None:
    for target in prod.all("AWS::ElasticLoadBalancingV2::TargetGroup"):
        attributes = {each["Key"]: each["Value"] for each in target["TargetGroupAttributes"]}

        assert target["HealthCheckIntervalSeconds"] == 15
        # Twice in a row is well again, three times is not.
        assert (target["HealthyThresholdCount"], target["UnhealthyThresholdCount"], target["HealthCheckTimeoutSeconds"]) == (
            2,
            3,
            5,
        )
        assert (target["Protocol"], target["Port"]) == ("HTTP", 8000 if target.stack.startswith("App-") else 8501)
        assert attributes["deregistration_delay.timeout_seconds"] == "90"
        assert prod.follow(target.stack, target["VpcId"]) == prod.one("AWS::EC2::VPC")


@requirement("S115")
def test_what_is_refused_in_the_network_is_written_down_and_no_task_has_an_address_outside(prod: Assembly) -> None:
    flows, log = prod.one("AWS::EC2::FlowLog"), prod.one("AWS::Logs::LogGroup", "Network")

    assert (flows["ResourceType"], flows["TrafficType"]) == ("VPC", "REJECT")
    assert prod.follow("Network", flows["ResourceId"]) == prod.one("AWS::EC2::VPC")
    assert prod.follow("Network", flows["LogGroupName"]) == log
    for service in prod.all("AWS::ECS::Service"):
        network = service["NetworkConfiguration"]["AwsvpcConfiguration"]
        assert network["AssignPublicIp"] == "DISABLED"
        assert [prod.follow(service.stack, group) for group in network["SecurityGroups"]] == [tasks_group(prod)]
        subnets = [prod.follow(service.stack, subnet) for subnet in network["Subnets"]]
        assert all("private" in subnet.name for subnet in subnets)


def tasks_group(assembly: Assembly) -> Resource:
    (group,) = [each for each in assembly.all("AWS::EC2::SecurityGroup", "Network") if each.name.startswith("Tasks")]
    return group


@requirement("S009", "S045")
def test_every_page_of_a_react_app_is_its_index_and_every_file_is_itself(prod: Assembly) -> None:
    """The function at the edge, run."""
    asked = {
        "/": "/index.html",
        "/haiku/0199": "/index.html",
        "/signed-in": "/index.html",
        "/index.html": "/index.html",
        "/assets/main-1a2b.js": "/assets/main-1a2b.js",
        "/assets/gone.css": "/assets/gone.css",
        "/config.json": "/config.json",
    }
    for app in SITES:
        function = prod.one("AWS::CloudFront::Function", f"Site-{app.slug}")
        config = site(prod, f"Site-{app.slug}")

        assert config["DefaultRootObject"] == "index.html"
        assert app.page == "react"
        assert rewritten(function["FunctionCode"], list(asked)) == list(asked.values())
        (used,) = config["DefaultCacheBehavior"]["FunctionAssociations"]
        assert used["EventType"] == "viewer-request"
        assert prod.follow(function.stack, used["FunctionARN"]) == function


def rewritten(code: str, paths: list[str]) -> list[str]:
    ask = f"{code}; console.log(JSON.stringify({json.dumps(paths)}.map(uri => handler({{request: {{uri}}}}).uri)))"
    told = subprocess.run([NODE, "-e", ask], capture_output=True, text=True, check=True)
    found: list[str] = json.loads(told.stdout)
    return found


@requirement("S009", "S045", "A017", "A022", "A035")
def test_what_a_build_made_of_a_react_app_is_what_its_bucket_gets(prod: Assembly) -> None:
    for app in SITES:
        steps = stages(pipelines(prod)[f"{app.slug}-site"])
        ((build,), (copy,)) = steps["Build"], [each for each in steps["Deploy"] if each["ActionTypeId"]["Provider"] == "S3"]
        built = project(prod, build)
        bucket = prod.one("AWS::S3::Bucket", f"Site-{app.slug}")

        assert built["Artifacts"]["Type"] == "CODEPIPELINE"
        assert build["ActionTypeId"]["Provider"] == "CodeBuild"
        assert f'\\"base-directory\\": \\"{app.folder}/dist\\"' in commands(prod, build)
        assert copy["InputArtifacts"] == build["OutputArtifacts"]
        assert copy["Configuration"]["Extract"] == "true"
        assert prod.follow("Pipelines", copy["Configuration"]["BucketName"]) == bucket
        (source,) = [each for each in site(prod, f"Site-{app.slug}")["Origins"] if "S3OriginConfig" in each]
        assert bucket.name in flat(source["DomainName"])


def project(assembly: Assembly, action: Properties) -> Resource:
    return assembly.follow("Pipelines", action["Configuration"]["ProjectName"])


@requirement("S200-S202")
def test_a_public_name_leads_to_its_distribution_in_the_zone_and_is_called_every_half_minute(prod: Assembly) -> None:
    for app in APPS:
        stack = f"Site-{app.slug}" if app in SITES else f"Public-{app.slug}"
        check = prod.one("AWS::Route53::HealthCheck", stack)["HealthCheckConfig"]
        distribution = prod.one("AWS::CloudFront::Distribution", stack)

        assert (check["Type"], check["Port"], check["FullyQualifiedDomainName"]) == ("HTTPS", 443, f"{app.label}.app-dw.net")
        assert check["ResourcePath"] == ("/health/ready" if app in SITES else "/_stcore/health")
        assert (check["RequestInterval"], check["FailureThreshold"]) == (30, 3)
        for record in prod.all("AWS::Route53::RecordSet", stack):
            assert record["HostedZoneId"] == "Z00000000EXAMPLE"
            assert record["AliasTarget"]["DNSName"] == {"Fn::GetAtt": [distribution.name, "DomainName"]}
        assert distribution["DistributionConfig"]["Enabled"] is True
