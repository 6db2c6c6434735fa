"""The ways in: the balancer and its rules, API Gateway, certificates and firewalls."""

import json
from dataclasses import replace
from typing import Any

import pytest
from aws_cdk import App, Stack
from aws_cdk.assertions import Template
from aws_cdk.aws_apigateway import RestApi

from infra_cdk.apps import APPS, STREAMLITS
from infra_cdk.config import PROD
from infra_cdk.constructs.edge import word_of
from infra_cdk.constructs.web_acl import EDGE_HEADER, WebAcl, only_from_the_edge
from infra_cdk.stacks.ingress import lead_through
from tests.infra_cdk.assembly import Assembly, Properties, Resource, flat, joined
from tests.infra_cdk.firewall import passes
from tests.infra_cdk.requirement import requirement
from tests.infra_cdk.test_tasks import main_of

RULE = "AWS::ElasticLoadBalancingV2::ListenerRule"
FIELDS = ("host-header", "path-pattern", "http-request-method")
TARGET = "AWS::ElasticLoadBalancingV2::TargetGroup"


def condition(rule: Resource, field: str) -> list[str]:
    return [
        value
        for each in rule["Conditions"]
        if each["Field"] == field
        for config in each.values()
        if isinstance(config, dict)
        for value in config["Values"]
    ]


@requirement("S188", "S086", "S120", "S139")
def test_one_balancer_that_has_no_address_on_the_internet(prod: Assembly) -> None:
    balancer = prod.one("AWS::ElasticLoadBalancingV2::LoadBalancer")

    assert balancer["Type"] == "application"
    assert balancer["Scheme"] == "internal"
    assert len(balancer["Subnets"]) == 3


@requirement("S189", "S087", "A005", "A031", "A048", "A054", "A060", "A065", "A087-A088")
def test_each_service_that_answers_has_a_target_group_of_its_own(prod: Assembly) -> None:
    targets = prod.all(TARGET)
    served = [service for service in prod.all("AWS::ECS::Service") if service.properties.get("LoadBalancers")]

    assert sorted(target.stack for target in targets) == sorted(
        [*(f"App-{app.slug}" for app in APPS), *(f"Pages-{app.slug}" for app in STREAMLITS)]
    )
    assert sorted(service.stack for service in served) == sorted(target.stack for target in targets)
    for service in served:
        (balanced,) = service["LoadBalancers"]
        target = prod.follow(service.stack, balanced["TargetGroupArn"])
        forwarded = [rule for rule in prod.all(RULE, service.stack) if flat({"Ref": target.name}) in flat(rule["Actions"])]
        assert target["TargetType"] == "ip"
        assert forwarded


@requirement("S190", "S088", "S104", "S141")
def test_every_target_is_asked_how_it_is(prod: Assembly) -> None:
    for target in prod.all(TARGET):
        # Not whether it is ready: while Postgres is away nobody is, and every api would be killed for it.
        assert target["HealthCheckPath"] == ("/health/live" if target.stack.startswith("App-") else "/_stcore/health")
        assert target["Matcher"] == {"HttpCode": "200"}
    for task in prod.all("AWS::ECS::TaskDefinition"):
        main = main_of(task)
        asked = " ".join(main["HealthCheck"]["Command"])
        assert bool(main.get("PortMappings")) != (task.stack == "Workers")
        assert ("workers.pulse" in asked) == (task.stack == "Workers")
        assert main["HealthCheck"]["StartPeriod"] == 30


@requirement("S122", "S145")
def test_tls_ends_at_the_balancer_and_plain_http_is_for_our_own_tasks(prod: Assembly) -> None:
    listeners = {listener["Port"]: listener for listener in prod.all("AWS::ElasticLoadBalancingV2::Listener")}

    assert set(listeners) == {80, 443}
    assert listeners[443]["Protocol"] == "HTTPS"
    assert "TLS13" in listeners[443]["SslPolicy"]
    assert all(listener["DefaultActions"][0]["Type"] == "fixed-response" for listener in listeners.values())
    assert prod.one("AWS::CertificateManager::Certificate")["DomainName"] == "*.app-dw.net"
    plain = [rule for rule in prod.all(RULE) if "Internal" in flat(rule["ListenerArn"])]
    assert {host for rule in plain for host in condition(rule, "host-header")} == {f"{app.label}.app-dw.internal" for app in APPS}


@requirement("S121", "S140", "A004", "A075")
def test_paths_lead_to_the_api_and_the_rest_to_pages(prod: Assembly) -> None:
    for app in APPS:
        rules = [rule for rule in prod.all(RULE) if condition(rule, "host-header") == [f"{app.label}.app-dw.net"]]
        rules.sort(key=lambda rule: rule["Priority"])
        paths = [condition(rule, "path-pattern") for rule in rules]

        assert paths[:3] == [["/live", "/health/*", "/schema*", "/version"], ["/api/*"], ["/api/*"]]
        # A rule holds five values, hosts and methods among them.
        assert all(sum(len(condition(rule, field)) for field in FIELDS) <= 5 for rule in rules)
        assert paths[3:] == ([[]] if app.page == "streamlit" else [])
    priorities = [(flat(rule["ListenerArn"]), rule["Priority"]) for rule in prod.all(RULE)]
    assert len(set(priorities)) == len(priorities)


@requirement("A071")
def test_a_token_is_checked_before_an_api_is_asked(prod: Assembly) -> None:
    for app in APPS:
        (checked,) = [rule for rule in prod.all(RULE, f"App-{app.slug}") if rule.name.startswith("ApiRule")]
        (preflight,) = [rule for rule in prod.all(RULE, f"App-{app.slug}") if rule.name.startswith("Preflight")]

        assert [action["Type"] for action in checked["Actions"]] == ["jwt-validation", "forward"]
        assert "cognito-idp" in flat(checked["Actions"][0]["JwtValidationConfig"]["Issuer"])
        assert condition(preflight, "http-request-method") == ["OPTIONS"]
        assert preflight["Priority"] < checked["Priority"]


@requirement("S034-S036", "A070")
def test_api_gateway_stands_before_the_portals_api(prod: Assembly) -> None:
    method = prod.one("AWS::ApiGateway::Method")
    stage, resource = prod.one("AWS::ApiGateway::Stage"), prod.one("AWS::ApiGateway::Resource")
    authorizer = prod.follow("Ingress", method["AuthorizerId"])
    integration = method["Integration"]

    assert stage["StageName"] == "api"
    assert resource["PathPart"] == "{proxy+}"
    assert method["HttpMethod"] == "ANY"
    assert authorizer
    assert authorizer["Type"] == "COGNITO_USER_POOLS"
    assert method["AuthorizationScopes"] == ["kotonoha/learner"]
    assert integration["ConnectionType"] == "VPC_LINK"
    assert integration["Uri"] == "https://lang-portal.app-dw.net/api/{proxy}"
    assert prod.follow("Ingress", integration["IntegrationTarget"]) == prod.one("AWS::ElasticLoadBalancingV2::LoadBalancer")
    assert prod.follow("Ingress", integration["ConnectionId"]) == prod.one("AWS::ApiGatewayV2::VpcLink")


def test_another_way_to_the_balancer_is_another_deployment_of_the_gateway() -> None:
    """Under the same name CloudFormation would leave the copy that is deployed as it was."""
    one, same, other = (deployed(way) for way in ("one", "one", "other"))

    assert one == same != other


def deployed(link: str) -> str:
    """The name of the deployment of a gateway whose one method leads through this link."""
    stack = Stack(App())
    api = RestApi(stack, "Api")
    lead_through(api, api.root.add_method("ANY"), {"ConnectionId": link})
    (name,) = Template.from_stack(stack).find_resources("AWS::ApiGateway::Deployment")
    return str(name)


def test_api_gateway_may_write_who_asked(prod: Assembly) -> None:
    account = prod.one("AWS::ApiGateway::Account")
    role = prod.follow("Ingress", account["CloudWatchRoleArn"])
    stage = prod.one("AWS::ApiGateway::Stage")

    assert "AmazonAPIGatewayPushToCloudWatchLogs" in flat(role["ManagedPolicyArns"])
    assert stage["AccessLogSetting"]["DestinationArn"]
    assert account.name in stage.body["DependsOn"]
    # Another deployment of the account writes by it as well.
    assert account.body["DeletionPolicy"] == role.body["DeletionPolicy"] == "Retain"


@requirement("S011", "S047", "S143", "A012-A013")
def test_a_firewall_stands_before_every_way_in(prod: Assembly) -> None:
    acls = {acl["Scope"]: acl for acl in prod.all("AWS::WAFv2::WebACL")}
    protected = [flat(one["ResourceArn"]) for one in prod.all("AWS::WAFv2::WebACLAssociation")]
    sites = prod.all("AWS::CloudFront::Distribution")

    assert set(acls) == {"CLOUDFRONT", "REGIONAL"}
    assert len(protected) == 2
    assert any("Balancer" in arn for arn in protected)
    assert any("/stages/" in arn for arn in protected)
    assert len(sites) == 4
    assert all(prod.follow(site.stack, site["DistributionConfig"]["WebACLId"]) == acls["CLOUDFRONT"] for site in sites)
    for acl in acls.values():
        names = {rule["Name"] for rule in acl["Rules"]}
        assert {"AWSManagedRulesCommonRuleSet", "AWSManagedRulesKnownBadInputsRuleSet"} <= names
        # A rule that only counts lets everybody in.
        assert [rule["Action"] for rule in acl["Rules"] if "Action" in rule] == [{"Block": {}}]
        assert all(rule["OverrideAction"] == {"None": {}} for rule in acl["Rules"] if "Action" not in rule)


@requirement("S011", "S047")
def test_one_address_is_limited_where_addresses_are_learners_and_a_whole_school_may_have_it(prod: Assembly) -> None:
    limits = {
        acl["Scope"]: [
            each["Statement"]["RateBasedStatement"] for each in acl["Rules"] if "RateBasedStatement" in each["Statement"]
        ]
        for acl in prod.all("AWS::WAFv2::WebACL")
    }

    # Behind the edge all requests come from CloudFront's few addresses.
    assert limits["REGIONAL"] == []
    # 300 learners behind one address, each with pages and polls for five minutes.
    assert limits["CLOUDFRONT"] == [{"AggregateKeyType": "IP", "EvaluationWindowSec": 300, "Limit": 300 * 100}]


WORD = "{{resolve:secretsmanager:<Word1>:SecretString:::}}"
"""Of which CloudFormation makes what the secret holds."""


def regional(assembly: Assembly) -> list[Properties]:
    """The rules of the firewall behind the edge, with the word by its secret."""
    (acl,) = [each for each in assembly.all("AWS::WAFv2::WebACL") if each["Scope"] == "REGIONAL"]
    rules: list[Properties] = json.loads(json.dumps(acl["Rules"]), object_hook=_spelled)
    return rules


def _spelled(value: Properties) -> Any:
    if "Fn::Join" not in value:
        return value
    return "".join(part if isinstance(part, str) else f"<{part['Ref'].rstrip('0123456789ABCDEF')}1>" for part in joined(value))


@requirement("S143", "A013")
@pytest.mark.parametrize(
    ("headers", "comes_in"),
    [
        ({"host": "haiku.app-dw.net", EDGE_HEADER: WORD}, True),
        # As the gateway sees CloudFront, which may not tell it the learner's host.
        ({"host": "abc.execute-api.us-east-1.amazonaws.com", EDGE_HEADER: WORD}, True),
        ({"host": "abc.execute-api.us-east-1.amazonaws.com"}, False),
        ({"host": "internal-balancer.us-east-1.elb.amazonaws.com"}, False),
        ({"host": "haiku.app-dw.net"}, False),
        ({"host": "haiku.app-dw.net", EDGE_HEADER: "guessed"}, False),
        ({"host": "haiku.app-dw.net", EDGE_HEADER: WORD + "x"}, False),
        ({EDGE_HEADER: ""}, False),
        # Apps that call each other: by names only the plain listener knows, which lets in tasks alone.
        ({"host": "Haiku.app-dw.internal"}, True),
        ({"host": "app-dw.internal.example.org"}, False),
    ],
    ids=str,
)
def test_who_does_not_come_through_the_edge_is_refused(prod: Assembly, headers: dict[str, str], comes_in: bool) -> None:
    rules = regional(prod)

    assert rules[0]["Priority"] < min(rule["Priority"] for rule in rules[1:])
    assert passes(rules[:1], headers) is comes_in


def test_cloudfront_says_the_word_to_whom_it_calls_and_to_no_bucket(prod: Assembly) -> None:
    secret = prod.one("AWS::SecretsManager::Secret", "Ingress")
    origins = [each for one in prod.all("AWS::CloudFront::Distribution") for each in one["DistributionConfig"]["Origins"]]
    said = {"HeaderName": EDGE_HEADER, "HeaderValue": f"{{{{resolve:secretsmanager:{secret['Name']}:SecretString:::}}}}"}

    assert secret["GenerateSecretString"] == {"ExcludePunctuation": True, "PasswordLength": 40}
    assert any("CustomOriginConfig" in each for each in origins)
    for each in origins:
        assert each.get("OriginCustomHeaders", []) == ([] if "S3OriginConfig" in each else [said])


def test_a_word_is_exchanged_while_both_are_known_and_by_no_export() -> None:
    """The firewall learns the new one first; then the edge says it; then the firewall forgets the old one."""
    stack = Stack(App())
    WebAcl(stack, "Both", "REGIONAL", only_from_the_edge(["old", "new"], "app-dw.internal"))
    (acl,) = Template.from_stack(stack).find_resources("AWS::WAFv2::WebACL").values()

    assert [passes(acl["Properties"]["Rules"][:1], {EDGE_HEADER: word}) for word in ("old", "new", "other")] == [
        True,
        True,
        False,
    ]
    says = stack.resolve(word_of(replace(PROD, edge_words=(1, 2))))[EDGE_HEADER]
    assert says == "{{resolve:secretsmanager:kotonoha-prod/edge-2:SecretString:::}}"


@requirement("A078")
def test_the_balancer_writes_down_who_asked(prod: Assembly) -> None:
    attributes = {
        each["Key"]: each["Value"] for each in prod.one("AWS::ElasticLoadBalancingV2::LoadBalancer")["LoadBalancerAttributes"]
    }

    assert attributes["access_logs.s3.enabled"] == "true"
    assert attributes["access_logs.s3.prefix"] == "balancer"
    assert attributes["routing.http.drop_invalid_header_fields.enabled"] == "true"
