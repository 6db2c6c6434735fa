"""What others' rules say of the templates, and the order stacks are deployed in."""

from infra_cdk.acknowledgements import ACKNOWLEDGED
from infra_cdk.judge import read_findings, unacknowledged, unused
from tests.house.tree import ROOT
from tests.infra_cdk.assembly import Assembly

GRAPH = ROOT / "infra_cdk" / "graph.txt"


def test_no_finding_is_left_without_a_reason_and_no_reason_without_a_finding(prod: Assembly) -> None:
    findings = read_findings(prod.folder)

    assert findings
    assert unacknowledged(findings) == []
    assert unused(findings) == []
    assert all(len(reason.split()) >= 5 for _, _, reason in ACKNOWLEDGED)


def test_stacks_need_each_other_as_written_down_and_never_in_a_circle(prod: Assembly) -> None:
    needs = {stack: prod.needs(stack) for stack in prod.templates}
    drawn = "".join(f"{stack}: {', '.join(sorted(needs[stack]))}".rstrip() + "\n" for stack in sorted(needs))

    assert GRAPH.read_text() == drawn
    deployed: set[str] = set()
    while ready := {stack for stack in needs.keys() - deployed if needs[stack] <= deployed}:
        deployed |= ready
    assert deployed == needs.keys()
