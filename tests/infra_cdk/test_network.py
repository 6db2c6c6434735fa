"""The VPC, its ways out, who may speak to whom, and names."""

import re
from typing import Any

from infra_cdk.config import PROD
from tests.infra_cdk.assembly import Assembly, Resource, flat
from tests.infra_cdk.permissions import grants, statements
from tests.infra_cdk.requirement import requirement


def routes(assembly: Assembly) -> dict[str, str]:
    """Where each subnet sends what is for everybody: the type of the gateway."""
    tables = {route["RouteTableId"]["Ref"]: route for route in assembly.all("AWS::EC2::Route", "Network")}
    leads = {}
    for link in assembly.all("AWS::EC2::SubnetRouteTableAssociation", "Network"):
        route = tables[link["RouteTableId"]["Ref"]]
        assert route["DestinationCidrBlock"] == "0.0.0.0/0"
        gateway = route.properties.get("NatGatewayId") or route["GatewayId"]
        leads[link["SubnetId"]["Ref"]] = assembly.follow("Network", gateway).type
    return leads


@requirement("S192", "S196", "S197", "S115", "A093-A095")
def test_three_public_subnets_lead_to_the_internet_gateway_and_three_private_ones_do_not(prod: Assembly) -> None:
    leads = routes(prod)
    subnets = {subnet.name: subnet for subnet in prod.all("AWS::EC2::Subnet", "Network")}

    assert len(subnets) == len(leads) == 6
    assert sorted(leads.values()) == ["AWS::EC2::InternetGateway"] * 3 + ["AWS::EC2::NatGateway"] * 3
    assert {subnet["AvailabilityZone"] for subnet in subnets.values()} == {"us-east-1a", "us-east-1b", "us-east-1c"}
    assert not any(subnet["MapPublicIpOnLaunch"] for subnet in subnets.values())
    attached = prod.one("AWS::EC2::VPCGatewayAttachment")
    assert prod.follow("Network", attached["InternetGatewayId"]) == prod.one("AWS::EC2::InternetGateway")
    assert prod.follow("Network", attached["VpcId"]) == prod.one("AWS::EC2::VPC")
    assert all(prod.follow("Network", subnet["VpcId"]) == prod.one("AWS::EC2::VPC") for subnet in subnets.values())


@requirement("S193", "A096-A099")
def test_private_subnets_reach_out_through_nat_in_a_public_one(prod: Assembly) -> None:
    gateways = prod.all("AWS::EC2::NatGateway")
    leads = routes(prod)

    assert len(gateways) == PROD.nat_gateways
    assert all(leads[gateway["SubnetId"]["Ref"]] == "AWS::EC2::InternetGateway" for gateway in gateways)
    assert sum(kind == "AWS::EC2::NatGateway" for kind in leads.values()) == 3


@requirement("S194")
def test_endpoints_are_those_of_the_deployment_and_answer_tasks_alone(prod: Assembly, dev: Assembly) -> None:
    endpoints = prod.all("AWS::EC2::VPCEndpoint")
    interfaces = [endpoint for endpoint in endpoints if endpoint["VpcEndpointType"] == "Interface"]
    rules = [rule for rule in rules_of(prod) if rule[1] == "Endpoints"]

    assert {endpoint["ServiceName"].removeprefix("com.amazonaws.us-east-1.") for endpoint in interfaces} == set(PROD.endpoints)
    assert all(len(endpoint["SubnetIds"]) == 3 for endpoint in interfaces)
    assert [endpoint["VpcEndpointType"] for endpoint in dev.all("AWS::EC2::VPCEndpoint")] == ["Gateway"]
    assert rules == [
        ("Builds", "Endpoints", 443),
        ("Tasks", "Endpoints", 443),
    ]


def test_every_endpoint_that_is_paid_for_leads_to_what_some_task_may_ask(prod: Assembly) -> None:
    roles = [
        prod.follow(task.stack, task[name])
        for task in prod.all("AWS::ECS::TaskDefinition")
        for name in ("TaskRoleArn", "ExecutionRoleArn")
    ]
    actions = {
        "ecr.api": "ecr:GetAuthorizationToken",
        "ecr.dkr": "ecr:BatchGetImage",
        "logs": "logs:PutLogEvents",
        "secretsmanager": "secretsmanager:GetSecretValue",
        "bedrock-runtime": "bedrock:InvokeModel",
        "polly": "polly:SynthesizeSpeech",
        "xray": "xray:PutTraceSegments",
    }

    assert set(PROD.endpoints) == actions.keys()
    for action in actions.values():
        assert any(grants(statements(prod, role), action) for role in roles), action


def rules_of(assembly: Assembly) -> list[tuple[str, str, Any]]:
    """Every rule that lets something in: from whom, to whom, which port."""
    rules = []
    for rule in assembly.all("AWS::EC2::SecurityGroupIngress"):
        source = rule.properties.get("SourcePrefixListId") or spoken(assembly, rule, "SourceSecurityGroupId")
        rules.append((source, spoken(assembly, rule, "GroupId"), rule["FromPort"]))
    return sorted(rules, key=str)


def spoken(assembly: Assembly, rule: Resource, field: str) -> str:
    return assembly.follow(rule.stack, rule[field]).name.rstrip("0123456789ABCDEF").removesuffix("Group")


def port_of(assembly: Assembly, port: dict[str, list[str]]) -> int:
    """A cluster's, as its rule refers to it; PostgreSQL's own where the cluster says none."""
    cluster = assembly.follow("Stores", port)
    assert (cluster.type, port["Fn::GetAtt"][1]) == ("AWS::RDS::DBCluster", "Endpoint.Port")
    return int(cluster.properties.get("Port", 5432))


@requirement("S198", "S144", "A089-A092")
def test_nobody_speaks_to_anybody_else_than_these(prod: Assembly) -> None:
    rules = [(source, target, port if isinstance(port, int) else port_of(prod, port)) for source, target, port in rules_of(prod)]
    inline = [group.name for group in prod.all("AWS::EC2::SecurityGroup") if "SecurityGroupIngress" in group.properties]

    assert set(rules) == {
        (PROD.cloudfront_prefix_list, "Balancer", 443),
        ("Link", "Balancer", 443),
        ("Tasks", "Balancer", 80),
        ("Balancer", "Tasks", 8000),
        ("Balancer", "Tasks", 8501),
        ("Tasks", "Endpoints", 443),
        # A migration logs and reads its password by names that lead to the endpoints.
        ("Builds", "Endpoints", 443),
        ("Tasks", "Proxy", 5432),
        ("Proxy", "Database", 5432),
        ("Builds", "Database", 5432),
        ("Tasks", "Cache", 6379),
    }
    assert inline == []


def test_the_balancer_reaches_its_targets_and_the_keys_of_tokens(prod: Assembly) -> None:
    (balancer,) = [each for each in prod.all("AWS::EC2::SecurityGroup", "Network") if each.name.startswith("Balancer")]
    inline = [(rule["CidrIp"], rule["FromPort"]) for rule in balancer["SecurityGroupEgress"]]
    inside = [
        (spoken(prod, rule, "DestinationSecurityGroupId"), rule["FromPort"])
        for rule in prod.all("AWS::EC2::SecurityGroupEgress", "Network")
        if prod.follow("Network", rule["GroupId"]) == balancer
    ]

    # Cognito has no endpoint in the VPC: its keys are fetched through NAT.
    assert inline == [("0.0.0.0/0", 443)]
    assert sorted(inside) == [("Tasks", 8000), ("Tasks", 8501)]


@requirement("S200", "S201", "S039", "S118")
def test_every_app_has_a_name_inside_and_one_outside(prod: Assembly) -> None:
    records = {(record["Name"], record["Type"]): record for record in prod.all("AWS::Route53::RecordSet")}
    zone = prod.one("AWS::Route53::HostedZone")
    apps = ("haiku", "lang-portal", "vocab", "writing")

    assert zone["Name"] == "app-dw.internal."
    assert len(zone["VPCs"]) == 1
    assert set(records) == {(f"{app}.app-dw.internal.", "A") for app in apps} | {
        (f"{app}.app-dw.net.", kind) for app in apps for kind in ("A", "AAAA")
    }
    assert all(records[f"{app}.app-dw.internal.", "A"]["AliasTarget"]["EvaluateTargetHealth"] for app in apps)
    assert all(records[f"{app}.app-dw.net.", "A"]["HostedZoneId"] == PROD.zone_id for app in apps)


@requirement("S202")
def test_every_public_name_is_called_from_outside(prod: Assembly) -> None:
    checks = {
        check["HealthCheckConfig"]["FullyQualifiedDomainName"]: check["HealthCheckConfig"]
        for check in prod.all("AWS::Route53::HealthCheck")
    }

    assert set(checks) == {f"{app}.app-dw.net" for app in ("haiku", "lang-portal", "vocab", "writing")}
    assert {check["Type"] for check in checks.values()} == {"HTTPS"}


@requirement("S002")
def test_everything_is_in_one_region_but_the_models(prod: Assembly) -> None:
    models = re.findall(r"arn:aws:bedrock:([\w-]+)::foundation-model/([\w.:-]+)", flat(prod.templates))

    stacks = [body for body in prod.manifest["artifacts"].values() if body["type"] == "aws:cloudformation:stack"]

    assert {body["environment"] for body in stacks} == {"aws://111122223333/us-east-1"}
    assert not prod.manifest.get("missing")
    assert sorted(set(models)) == [
        ("us-east-1", "anthropic.claude-haiku-4-5-20251001-v1:0"),
        ("us-east-2", "anthropic.claude-haiku-4-5-20251001-v1:0"),
        ("us-west-2", "anthropic.claude-haiku-4-5-20251001-v1:0"),
        ("us-west-2", "stability.sd3-5-large-v1:0"),
    ]
