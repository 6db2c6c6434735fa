"""Every row of the specification has a test, and the table says which."""

from tests.infra_cdk.requirement import INSTEAD, NOT_THERE_YET, TABLE, proofs, read_not_yet, read_rows, table


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


def test_the_table_is_up_to_date() -> None:
    assert TABLE.read_text() == table()
