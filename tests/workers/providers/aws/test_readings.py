"""A line is taken only when it is Japanese and the dictionary has the reading that was claimed."""

import re

import pytest

from core.kana import count_morae
from workers.providers.aws.flaws import Unusable
from workers.providers.aws.readings import Readings
from workers.providers.local.poet.fragments import read_bank


@pytest.fixture(scope="module")
def readings() -> Readings:
    return Readings()


@pytest.mark.parametrize(
    ("line", "reading", "pronunciation"),
    [
        ("古池や", "ふるいけや", "ふるいけ や"),
        ("蛙飛びこむ", "かわずとびこむ", "かわず とびこむ"),
        ("蛙飛びこむ", "かえるとびこむ", "かえる とびこむ"),
        ("私は歩いている", "わたしはあるいている", "わたし わ あるいて いる"),
        ("傘を忘れた", "かさをわすれた", "かさ お わすれた"),
        ("町へ出る", "まちへでる", "まち え でる"),
        ("兵どもが", "つわものどもが", "つわものども が"),
        ("コーヒーの香", "コーヒーのか", "こーひー の か"),
        ("雨、止まず", "あめやまず", "あめ やまず"),
        ("初電車", "はつでんしゃ", "はつ でんしゃ"),
        ("四畳半", "よじょうはん", "よ じょう はん"),
    ],
)
def test_a_reading_the_dictionary_has_becomes_kana_as_spoken(
    readings: Readings, line: str, reading: str, pronunciation: str
) -> None:
    assert readings.pronounce(line, reading) == pronunciation


@pytest.mark.parametrize(
    ("line", "reading", "why"),
    [
        ("autumn rain", "あきのあめ", "not Japanese"),
        ("秋の rain", "あきのあめ", "not Japanese"),
        ("ㄱㄴㄷ", "あき", "not Japanese"),
        ("秋の雨", "akinoame", "must be hiragana"),
        ("秋の雨", "", "must be hiragana"),
        ("秋の雨", "あきのゆき", r"あきのあめ \(5 morae\), not as あきのゆき"),
        ("秋の雨", "あきのあめや", "not as あきのあめや"),
        ("秋の雨", "あきの", "not as あきの"),
        ("水の音", "みずのねいろ", "not as みずのねいろ"),
    ],
)
def test_what_the_dictionary_does_not_read_so_is_refused_with_why(readings: Readings, line: str, reading: str, why: str) -> None:
    with pytest.raises(Unusable) as refused:
        readings.pronounce(line, reading)

    assert re.search(why, refused.value.to_model)


def test_hand_written_lines_are_known_to_the_dictionary(readings: Readings) -> None:
    bank = read_bank()
    lines = [fragment.line for slot in (bank.openings, bank.middles, bank.closings) for fragment in slot]
    unknown = []
    for line in lines:
        try:
            assert count_morae(readings.pronounce(line.japanese, line.reading)) == count_morae(line.reading)
        except Unusable:
            unknown.append(line.japanese)

    assert len(lines) > 500
    assert len(unknown) <= 3, unknown


def test_a_line_made_to_be_hard_to_part_is_judged_at_once(readings: Readings) -> None:
    with pytest.raises(Unusable):
        readings.pronounce("生" * 24, "なま" * 11 + "あ")
