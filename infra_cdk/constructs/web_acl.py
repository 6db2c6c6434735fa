"""A firewall in front of everything public: Amazon's rules for common attacks and, at the edge, a limit on one address."""

from aws_cdk import aws_wafv2 as wafv2
from constructs import Construct

RULES = (
    "AWSManagedRulesAmazonIpReputationList",
    "AWSManagedRulesCommonRuleSet",
    "AWSManagedRulesKnownBadInputsRuleSet",
    "AWSManagedRulesSQLiRuleSet",
)
# Bodies may be 64 KiB here; the rule's own limit of 8 KiB would refuse them before we could.
ONLY_COUNTED = {"AWSManagedRulesCommonRuleSet": ("SizeRestrictions_BODY",)}
LEARNERS_BEHIND_ONE_ADDRESS, REQUESTS_OF_ONE = 300, 100
"""A school speaks with one address. In five minutes each may open pages (some 25 requests with an empty cache) and, where no
socket gets through, poll every four seconds (75 more). What one learner may ask is the api's own limit."""


class WebAcl(Construct):
    """`scope_name` is CLOUDFRONT or REGIONAL. Only the edge sees learners' addresses: behind it every request comes from a few of
    CloudFront's, so a limit on one address would shut out everybody together. Nor is `X-Forwarded-For` one to count by: its first
    address is whatever the caller wrote there."""

    def __init__(self, scope: Construct, name: str, scope_name: str) -> None:
        super().__init__(scope, name)
        managed = [_managed(rank, rule) for rank, rule in enumerate(RULES, start=1)]
        self.acl = wafv2.CfnWebACL(
            self,
            "Acl",
            scope=scope_name,
            default_action=wafv2.CfnWebACL.DefaultActionProperty(allow={}),
            rules=[*([_limit()] if scope_name == "CLOUDFRONT" else []), *managed],
            visibility_config=_visible(f"{scope_name.lower()}-all"),
        )
        self.arn = self.acl.attr_arn

    def protect(self, name: str, resource_arn: str) -> wafv2.CfnWebACLAssociation:
        return wafv2.CfnWebACLAssociation(self, name, resource_arn=resource_arn, web_acl_arn=self.arn)


def _limit() -> wafv2.CfnWebACL.RuleProperty:
    rate = wafv2.CfnWebACL.RateBasedStatementProperty(
        limit=LEARNERS_BEHIND_ONE_ADDRESS * REQUESTS_OF_ONE, evaluation_window_sec=300, aggregate_key_type="IP"
    )
    return wafv2.CfnWebACL.RuleProperty(
        name="one-address",
        priority=0,
        action=wafv2.CfnWebACL.RuleActionProperty(block={}),
        statement=wafv2.CfnWebACL.StatementProperty(rate_based_statement=rate),
        visibility_config=_visible("one-address"),
    )


def _managed(rank: int, rule: str) -> wafv2.CfnWebACL.RuleProperty:
    counted = [
        wafv2.CfnWebACL.RuleActionOverrideProperty(name=name, action_to_use=wafv2.CfnWebACL.RuleActionProperty(count={}))
        for name in ONLY_COUNTED.get(rule, ())
    ]
    group = wafv2.CfnWebACL.ManagedRuleGroupStatementProperty(vendor_name="AWS", name=rule, rule_action_overrides=counted or None)
    return wafv2.CfnWebACL.RuleProperty(
        name=rule,
        priority=rank,
        override_action=wafv2.CfnWebACL.OverrideActionProperty(none={}),
        statement=wafv2.CfnWebACL.StatementProperty(managed_rule_group_statement=group),
        visibility_config=_visible(rule),
    )


def _visible(name: str) -> wafv2.CfnWebACL.VisibilityConfigProperty:
    return wafv2.CfnWebACL.VisibilityConfigProperty(
        cloud_watch_metrics_enabled=True, metric_name=name, sampled_requests_enabled=True
    )
