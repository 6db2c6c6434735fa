"""A firewall in front of everything public: Amazon's rules for common attacks; at the edge a limit on one address; and behind it
nobody who did not come through it."""

from collections.abc import Sequence

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


EDGE_HEADER = "x-kotonoha-edge"
"""In which CloudFront says a word that only it and the firewall behind it know; what a browser writes there it replaces."""


class WebAcl(Construct):
    """`scope_name` is CLOUDFRONT or REGIONAL, `first` the rule that is asked before Amazon's."""

    def __init__(self, scope: Construct, name: str, scope_name: str, first: wafv2.CfnWebACL.RuleProperty) -> None:
        super().__init__(scope, name)
        managed = [_managed(rank, rule) for rank, rule in enumerate(RULES, start=1)]
        self.acl = wafv2.CfnWebACL(
            self,
            "Acl",
            scope=scope_name,
            default_action=wafv2.CfnWebACL.DefaultActionProperty(allow={}),
            rules=[first, *managed],
            visibility_config=_visible(f"{scope_name.lower()}-all"),
        )
        self.arn = self.acl.attr_arn

    def protect(self, name: str, resource_arn: str) -> wafv2.CfnWebACLAssociation:
        return wafv2.CfnWebACLAssociation(self, name, resource_arn=resource_arn, web_acl_arn=self.arn)


def limit_one_address() -> wafv2.CfnWebACL.RuleProperty:
    """For the edge alone, which sees learners' addresses: behind it every request comes from a few of CloudFront's, and a limit
    would shut out everybody together. Nor is `X-Forwarded-For` one to count by: its first address is what the caller wrote."""
    rate = wafv2.CfnWebACL.RateBasedStatementProperty(
        limit=LEARNERS_BEHIND_ONE_ADDRESS * REQUESTS_OF_ONE, evaluation_window_sec=300, aggregate_key_type="IP"
    )
    return _refuse("one-address", wafv2.CfnWebACL.StatementProperty(rate_based_statement=rate))


def only_from_the_edge(words: Sequence[str], zone: str) -> wafv2.CfnWebACL.RuleProperty:
    """Whoever calls the execute-api host or the balancer itself knows none of `words`. Apps that call each other by a name of the
    private `zone` do not either: only the plain listener has rules for such names, and it lets in tasks alone."""
    known = [_header(EDGE_HEADER, word, "EXACTLY", "NONE") for word in words]
    inside = _header("host", f".{zone}", "ENDS_WITH", "LOWERCASE")
    strangers = [
        wafv2.CfnWebACL.StatementProperty(not_statement=wafv2.CfnWebACL.NotStatementProperty(statement=each))
        for each in (*known, inside)
    ]
    return _refuse(
        "past-the-edge",
        wafv2.CfnWebACL.StatementProperty(and_statement=wafv2.CfnWebACL.AndStatementProperty(statements=strangers)),
    )


def _header(name: str, value: str, how: str, seen_as: str) -> wafv2.CfnWebACL.StatementProperty:
    match = wafv2.CfnWebACL.ByteMatchStatementProperty(
        field_to_match=wafv2.CfnWebACL.FieldToMatchProperty(single_header={"Name": name}),
        positional_constraint=how,
        search_string=value,
        text_transformations=[wafv2.CfnWebACL.TextTransformationProperty(priority=0, type=seen_as)],
    )
    return wafv2.CfnWebACL.StatementProperty(byte_match_statement=match)


def _refuse(name: str, statement: wafv2.CfnWebACL.StatementProperty) -> wafv2.CfnWebACL.RuleProperty:
    return wafv2.CfnWebACL.RuleProperty(
        name=name,
        priority=0,
        action=wafv2.CfnWebACL.RuleActionProperty(block={}),
        statement=statement,
        visibility_config=_visible(name),
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
