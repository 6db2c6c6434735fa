"""Every row of the specification has a test, and the table says which."""

from tests.infra_cdk.requirement import TABLE, proofs, read_not_yet, read_rows, table


def test_every_row_is_proven_or_said_not_to_be() -> None:
    rows, found, waiting = {row.id for row in read_rows()}, set(proofs()), set(read_not_yet())

    assert len(rows) == 172 + 99
    assert rows - found - waiting == set()
    assert found - rows == set()
    assert waiting & found == set()


def test_the_table_is_up_to_date() -> None:
    assert TABLE.read_text() == table()
