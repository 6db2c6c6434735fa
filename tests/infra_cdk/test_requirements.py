"""Every row of the specification has a test, and the table says which."""

from infra_cdk.apps import APPS, RELEASED
from tests.infra_cdk.requirement import (
    APPS_BY_SECTION,
    INSTEAD,
    NOT_THERE_YET,
    SEEN_IN_AN_ACCOUNT,
    SHARED,
    TABLE,
    proofs,
    read_not_yet,
    read_rows,
    state,
    table,
)


def test_every_row_is_proven_or_said_not_to_be() -> None:
    rows, found, waiting = {row.id for row in read_rows()}, set(proofs()), set(read_not_yet())

    assert len(rows) == 172 + 99
    assert rows - found - waiting == set()
    assert found - rows == set()
    assert waiting & found == set()


def test_what_stands_in_the_place_of_a_row_is_proven_and_a_row_is_resolved_once() -> None:
    resolved = [one for ids in INSTEAD.values() for one in ids.split()]
    found = proofs()

    assert len(resolved) == len(set(resolved))
    assert all(one in found for one in resolved)
    assert NOT_THERE_YET.keys() <= found.keys()


def test_a_row_of_an_app_that_no_release_starts_is_not_called_proven() -> None:
    rows = {row.id: row for row in read_rows()}
    states = {one: state(row) for one, row in rows.items()}

    # What is deployed by itself, what grows, what listens: of each app that is not built yet.
    waiting = {one for one, told in states.items() if told.startswith("template; ")}
    assert waiting >= {"S096", "S126", "S149", "S009", "S016", "S036", "S081", "S099", "S137", "A029", "A053", "A066"}
    # Of the app that is released, of all, and of what an app shares with it.
    assert {states[one] for one in ("S045", "S079", "S175", "S189", "S024", "S107", "S117", "A043")} == {"proven"}
    unreleased = {app.slug for app in APPS if app not in RELEASED}
    assert {told.partition("`")[2].partition("`")[0] for told in states.values() if "`" in told} == unreleased
    assert rows.keys() >= SEEN_IN_AN_ACCOUNT
    # A row that was renamed would fall out of what it is counted as.
    assert all(any(row.text.startswith(each) for row in rows.values()) for each in SHARED)
    assert {row.section.partition(" / ")[0] for row in rows.values() if " Stack" in row.section} == APPS_BY_SECTION.keys()


def test_the_table_is_up_to_date() -> None:
    assert TABLE.read_text() == table()
