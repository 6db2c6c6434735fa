"""A firewall in front of everything public: Amazon's rules for common attacks, and a limit on one address."""

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
REQUESTS_IN_FIVE_MINUTES = 3000


class WebAcl(Construct):
    """`scope_name` is CLOUDFRONT or REGIONAL."""

    def __init__(self, scope: Construct, name: str, scope_name: str) -> None:
        super().__init__(scope, name)
        managed = [_managed(rank, rule) for rank, rule in enumerate(RULES, start=1)]
        self.acl = wafv2.CfnWebACL(
            self,
            "Acl",
            scope=scope_name,
            default_action=wafv2.CfnWebACL.DefaultActionProperty(allow={}),
            rules=[_limit(), *managed],
            visibility_config=_visible(f"{scope_name.lower()}-all"),
        )
        self.arn = self.acl.attr_arn

    def protect(self, name: str, resource_arn: str) -> wafv2.CfnWebACLAssociation:
        return wafv2.CfnWebACLAssociation(self, name, resource_arn=resource_arn, web_acl_arn=self.arn)


def _limit() -> wafv2.CfnWebACL.RuleProperty:
    rate = wafv2.CfnWebACL.RateBasedStatementProperty(limit=REQUESTS_IN_FIVE_MINUTES, aggregate_key_type="IP")
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
