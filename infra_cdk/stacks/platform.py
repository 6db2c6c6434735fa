"""What all tasks share: the cluster, the guardrail every model answers behind, and the topic operators listen to."""

import hashlib
import json

from aws_cdk import RemovalPolicy
from aws_cdk import aws_bedrock as bedrock
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_ssm as ssm

from infra_cdk.stacks.deployed_stack import DeployedStack, Place
from infra_cdk.stacks.network import Network

HARMS = ("SEXUAL", "VIOLENCE", "HATE", "INSULTS", "MISCONDUCT")
GUARDED = {
    "blocked_input_messaging": "refused",
    "blocked_outputs_messaging": "refused",
    "content_policy_config": {
        "filtersConfig": [
            *({"type": harm, "inputStrength": "MEDIUM", "outputStrength": "HIGH"} for harm in HARMS),
            {"type": "PROMPT_ATTACK", "inputStrength": "HIGH", "outputStrength": "NONE"},
        ]
    },
}
"""What the guardrail refuses, and what it says then."""


class Platform(DeployedStack):
    """Alarms publish through a key of our own, for the key Amazon manages lets CloudWatch publish nothing."""

    holds = True

    def __init__(self, place: Place, network: Network) -> None:
        super().__init__(place)
        self.cluster_name = f"kotonoha-{self.deployment.name}"
        self.cluster = ecs.Cluster(
            self,
            "Cluster",
            cluster_name=self.cluster_name,
            vpc=network.vpc,
            container_insights_v2=ecs.ContainerInsights.ENABLED,
            enable_fargate_capacity_providers=True,
        )
        self.guardrail = self._make_guardrail()
        self.guardrail_parameter = f"/kotonoha/{self.deployment.name}/guardrail-version"
        self._keep_version()
        self.numbers_name = f"/kotonoha/{self.deployment.name}/metrics"
        self.numbers = logs.LogGroup(
            self,
            "Numbers",
            log_group_name=self.numbers_name,
            retention=logs.RetentionDays.ONE_WEEK,
            removal_policy=RemovalPolicy.DESTROY,
        )
        self.topic = self._make_topic()

    def _make_guardrail(self) -> bedrock.CfnGuardrail:
        return bedrock.CfnGuardrail(self, "Guardrail", name=f"kotonoha-{self.deployment.name}", **GUARDED)

    def _keep_version(self) -> None:
        """A version never changes: one is made for each content, and stays for the tasks that still run with it. The stacks above
        read its number where it is kept; a number that they imported could not change while they do."""
        content = hashlib.sha256(json.dumps(GUARDED, sort_keys=True).encode()).hexdigest()[:8]
        version = bedrock.CfnGuardrailVersion(
            self,
            f"GuardrailVersion{content}",
            guardrail_identifier=self.guardrail.attr_guardrail_id,
            description=f"Content {content}",
        )
        version.apply_removal_policy(RemovalPolicy.RETAIN)
        ssm.StringParameter(self, "GuardrailNumber", parameter_name=self.guardrail_parameter, string_value=version.attr_version)

    def _make_topic(self) -> sns.Topic:
        key = kms.Key(
            self,
            "AlarmKey",
            enable_key_rotation=True,
            description="Alarms on their way to operators",
            removal_policy=self.removal,
        )
        for who in ("cloudwatch", "budgets", "costalerts"):
            key.add_to_resource_policy(
                iam.PolicyStatement(
                    principals=[iam.ServicePrincipal(f"{who}.amazonaws.com")],
                    actions=["kms:Decrypt", "kms:GenerateDataKey"],
                    resources=["*"],
                    conditions={"StringEquals": {"aws:SourceAccount": self.deployment.account}},
                )
            )
        topic = sns.Topic(self, "Alarms", topic_name=f"kotonoha-{self.deployment.name}-alarms", master_key=key, enforce_ssl=True)
        topic.add_subscription(subscriptions.EmailSubscription(self.deployment.alarm_email))
        for who in ("cloudwatch", "budgets", "costalerts"):
            topic.add_to_resource_policy(
                iam.PolicyStatement(
                    sid=who,
                    principals=[iam.ServicePrincipal(f"{who}.amazonaws.com")],
                    actions=["sns:Publish"],
                    resources=[topic.topic_arn],
                    conditions={"StringEquals": {"aws:SourceAccount": self.deployment.account}},
                )
            )
        return topic
