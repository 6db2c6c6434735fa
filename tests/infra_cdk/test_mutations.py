"""Break a template in one place and see the test that is for it turn red."""

import copy
import json
from pathlib import Path

import pytest

from tests.infra_cdk.assembly import Assembly
from tests.infra_cdk.slips import PAGE, SLIPS, Slip, page


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.name)
def test_a_slip_turns_its_test_red(prod: Assembly, slip: Slip, tmp_path: Path) -> None:
    # A property that is gone is noticed as well as one that is wrong.
    with pytest.raises((AssertionError, KeyError)):
        slip.tell(broken(prod, slip, tmp_path))


def test_the_page_of_slips_is_up_to_date() -> None:
    assert PAGE.read_text() == page(), "run: python -m tests.infra_cdk.slips"


def broken(assembly: Assembly, slip: Slip, folder: Path) -> Assembly:
    templates = copy.deepcopy(assembly.templates)
    resources = templates[slip.stack]["Resources"].items()
    first = next(body for name, body in resources if body["Type"] == slip.type and name.startswith(slip.resource))
    slip.change(first["Properties"])
    for name, template in templates.items():
        (folder / f"Kotonoha-prod-{name}.template.json").write_text(json.dumps(template))
    (folder / "manifest.json").write_text(json.dumps(assembly.manifest))
    return Assembly(folder)
