"""The states that are drawn are the states the database obeys."""

from core.db.pool import PlainConnection
from tests.house.between import written
from tests.house.draw_states import LABELS, PAGE, PART, draw


async def test_the_states_that_are_drawn_are_the_ones_in_the_database(connection: PlainConnection) -> None:
    assert written(PAGE, PART) == await draw(connection), "run: python -m tests.house.draw_states"


async def test_every_label_names_a_move(connection: PlainConnection) -> None:
    moves = await connection.fetch(
        "SELECT 'job', before, after FROM street.job_moves UNION ALL SELECT 'request', before, after FROM street.request_moves"
    )

    assert set(LABELS) == {tuple(move) for move in moves}
