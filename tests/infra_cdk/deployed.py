"""What an emulator holds after a deployment, asked for by the names the templates have."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from infra_cdk.config import PROD
from tests.infra_cdk.access import Ask
from tests.infra_cdk.assembly import Assembly, Resource
from tests.infra_cdk.emulator import REFUSED, Emulator, in_order, taken
from tests.infra_cdk.permissions import Statement, listed, plain_name

ARNS = {
    "AWS::S3::Bucket": "arn:aws:s3:::{}",
    "AWS::ECR::Repository": f"arn:aws:ecr:us-east-1:{PROD.account}:repository/{{}}",
    "AWS::Logs::LogGroup": f"arn:aws:logs:us-east-1:{PROD.account}:log-group:{{}}:*",
    "AWS::CodeBuild::Project": f"arn:aws:codebuild:us-east-1:{PROD.account}:project/{{}}",
    # What a policy names is the secret RDS keeps for it, which the emulator does not make.
    "AWS::RDS::DBCluster": "left-out",
}
"""Where an ARN is more than the name; `{}` stands for that."""


class Account:
    """Roles, services and resources of an assembly in an emulator; `statuses` says how each stack's deployment went."""

    def __init__(self, emulator: Emulator, assembly: Assembly, statuses: Mapping[str, str]) -> None:
        self.emulator, self.statuses = emulator, statuses
        self._iam, self._cloud, self._ecs = (emulator.client(name) for name in ("iam", "cloudformation", "ecs"))
        self._logical = {f"{each.stack}/{plain_name(each)}": each for each in assembly.resources()}
        self._names = cache(self._read_names)

    def statements(self, role: Resource) -> list[Statement]:
        """Every inline policy of a role, as IAM gives it back."""
        name = self._name(role)
        policies = self._iam.list_role_policies(RoleName=name)["PolicyNames"]
        documents = [self._iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"] for policy in policies]
        return [statement for document in documents for statement in listed(document["Statement"])]

    def simulate(self, role: Resource, asked: Mapping[str, Ask]) -> set[str]:
        """What IAM allows of what it is asked. One resource a call is all the emulator looks at."""
        together: dict[str, dict[str, str]] = defaultdict(dict)
        for name, ask in asked.items():
            together[self.arn(ask.resource)][name] = ask.action
        return {name for arn, asks in together.items() for name in self._allowed(role, arn, asks)}

    def arn(self, text: str) -> str:
        """With each `<stack/logical id>` as what it became."""
        return re.sub(r"<([^>]+)>", lambda found: self._arn(self._logical[found[1]]), text)

    def runs(self, service: Resource) -> tuple[str, set[str]]:
        """The task definition of a service as it is now, and the images in it."""
        asked = {"cluster": f"kotonoha-{PROD.name}", "services": [self._name(service)]}
        (running,) = self._ecs.describe_services(**asked)["services"]
        task = self._ecs.describe_task_definition(taskDefinition=running["taskDefinition"])["taskDefinition"]
        return running["taskDefinition"], {container["image"] for container in task["containerDefinitions"]}

    def happened(self, stack: str) -> list[tuple[str, str]]:
        """Which resource of a stack came to which state, the newest first."""
        pages = self._cloud.get_paginator("describe_stack_events").paginate(StackName=stack)
        return [(event["LogicalResourceId"], event["ResourceStatus"]) for page in pages for event in page["StackEvents"]]

    def _allowed(self, role: Resource, arn: str, asks: Mapping[str, str]) -> Iterable[str]:
        told = self._iam.simulate_principal_policy(
            PolicySourceArn=f"arn:aws:iam::{PROD.account}:role/{self._name(role)}",
            ActionNames=sorted(set(asks.values())),
            ResourceArns=[arn],
        )
        decided = {each["EvalActionName"]: each["EvalDecision"] for each in told["EvaluationResults"]}
        return (name for name, action in asks.items() if decided[action] == "allowed")

    def _arn(self, resource: Resource) -> str:
        if resource.type in REFUSED:
            return "left-out"
        return ARNS.get(resource.type, "{}").format(self._name(resource))

    def _name(self, resource: Resource) -> str:
        return self._names(resource.stack)[resource.name]

    def _read_names(self, stack: str) -> dict[str, str]:
        found: list[dict[str, Any]] = self._cloud.describe_stack_resources(StackName=stack)["StackResources"]
        return {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in found}


def deploy(emulator: Emulator, assembly: Assembly) -> Account:
    """Every stack after those it needs, without what the emulator does not take."""
    statuses = {stack: emulator.deploy(stack, taken(assembly.templates[stack])) for stack in in_order(assembly)}
    return Account(emulator, assembly, statuses)
