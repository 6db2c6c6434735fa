"""What all tasks share: the cluster, the guardrail every model answers behind, and the topic operators listen to."""

import hashlib
import json

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_bedrock as bedrock
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from infra_cdk.config import Deployment
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


def guardrail_parameter(deployment: Deployment) -> str:
    return f"/kotonoha/{deployment.name}/guardrail-version"


class Platform(Stack):
    """Alarms publish through a key of our own, for the key Amazon manages lets CloudWatch publish nothing."""

    def __init__(self, scope: Construct, name: str, deployment: Deployment, network: Network, **options: object) -> None:
        super().__init__(scope, name, **options)
        self.cluster_name = f"kotonoha-{deployment.name}"
        self.cluster = ecs.Cluster(
            self,
            "Cluster",
            cluster_name=self.cluster_name,
            vpc=network.vpc,
            container_insights_v2=ecs.ContainerInsights.ENABLED,
            enable_fargate_capacity_providers=True,
        )
        self.guardrail = self._make_guardrail(deployment)
        self._keep_version(deployment)
        self.namespace, self.numbers_name = deployment.namespace, f"/kotonoha/{deployment.name}/metrics"
        self.numbers = logs.LogGroup(
            self,
            "Numbers",
            log_group_name=self.numbers_name,
            retention=logs.RetentionDays.ONE_WEEK,
            removal_policy=RemovalPolicy.DESTROY,
        )
        self.topic = self._make_topic(deployment)

    def _make_guardrail(self, deployment: Deployment) -> bedrock.CfnGuardrail:
        return bedrock.CfnGuardrail(self, "Guardrail", name=f"kotonoha-{deployment.name}", **GUARDED)

    def _keep_version(self, deployment: Deployment) -> None:
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
        parameter = guardrail_parameter(deployment)
        ssm.StringParameter(self, "GuardrailNumber", parameter_name=parameter, string_value=version.attr_version)

    def _make_topic(self, deployment: Deployment) -> sns.Topic:
        key = kms.Key(
            self,
            "AlarmKey",
            enable_key_rotation=True,
            description="Alarms on their way to operators",
            removal_policy=RemovalPolicy.RETAIN if deployment.keeps_everything else RemovalPolicy.DESTROY,
        )
        for who in ("cloudwatch", "budgets", "costalerts"):
            key.add_to_resource_policy(
                iam.PolicyStatement(
                    principals=[iam.ServicePrincipal(f"{who}.amazonaws.com")],
                    actions=["kms:Decrypt", "kms:GenerateDataKey"],
                    resources=["*"],
                    conditions={"StringEquals": {"aws:SourceAccount": deployment.account}},
                )
            )
        topic = sns.Topic(self, "Alarms", topic_name=f"kotonoha-{deployment.name}-alarms", master_key=key, enforce_ssl=True)
        topic.add_subscription(subscriptions.EmailSubscription(deployment.alarm_email))
        for who in ("cloudwatch", "budgets", "costalerts"):
            topic.add_to_resource_policy(
                iam.PolicyStatement(
                    sid=who,
                    principals=[iam.ServicePrincipal(f"{who}.amazonaws.com")],
                    actions=["sns:Publish"],
                    resources=[topic.topic_arn],
                    conditions={"StringEquals": {"aws:SourceAccount": deployment.account}},
                )
            )
        return topic
