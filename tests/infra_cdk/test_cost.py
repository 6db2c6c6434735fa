"""What it costs is counted from what is built."""

from infra_cdk.config import DEV, PROD, Deployment
from infra_cdk.cost import PAGE, idle_month, page, total
from tests.infra_cdk.assembly import Assembly
from tests.infra_cdk.requirement import requirement


def count(deployment: Deployment, name: str) -> float:
    (line,) = [line for line in idle_month(deployment) if line.name == name]
    return line.count


@requirement("S003")
def test_the_bill_counts_what_the_templates_hold(prod: Assembly) -> None:
    interfaces = [one for one in prod.all("AWS::EC2::VPCEndpoint") if one["VpcEndpointType"] == "Interface"]

    assert count(PROD, "interface endpoints") == sum(len(one["SubnetIds"]) for one in interfaces)
    assert count(PROD, "NAT gateways") == len(prod.all("AWS::EC2::NatGateway"))
    assert count(PROD, "Aurora") == len(prod.all("AWS::RDS::DBInstance"))
    assert count(PROD, "firewalls") == len(prod.all("AWS::WAFv2::WebACL"))
    assert count(PROD, "their rules") == sum(len(acl["Rules"]) for acl in prod.all("AWS::WAFv2::WebACL"))
    assert count(PROD, "pipelines") == len(prod.all("AWS::CodePipeline::Pipeline"))
    assert count(PROD, "health checks") == len(prod.all("AWS::Route53::HealthCheck"))
    # The owner's, which RDS keeps, is one as well.
    assert count(PROD, "secrets") == len(prod.all("AWS::SecretsManager::Secret")) + 1


@requirement("S003")
def test_idling_stays_within_the_budget_and_development_is_much_cheaper() -> None:
    assert total(PROD) < PROD.budget_usd
    assert total(DEV) < DEV.budget_usd
    assert total(DEV) < total(PROD) / 2


def test_the_page_of_costs_is_up_to_date() -> None:
    assert PAGE.read_text() == page()
