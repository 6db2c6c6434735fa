"""What the poet may claim of a poem, and what it must not."""

import re

import pytest

from workers.providers.local.minilm.embed import MiniLM
from workers.providers.local.poet.anthology import Anthology, Verse
from workers.providers.local.poet.hours import implied_hour
from workers.providers.local.poet.match import Match, match
from workers.providers.local.poet.subject import Subjects
from workers.providers.local.poet.wishes import Wish


@pytest.fixture(scope="module")
def anthology() -> Anthology:
    return Anthology.of_all(MiniLM())


def verse_of(anthology: Anthology, poem: str) -> Verse:
    slots = anthology.bank.slots
    one, two, three = (
        next(f for f in slot if f.japanese == text) for slot, text in zip(slots, re.split("／", poem), strict=True)
    )
    return one, two, three


def matched(anthology: Anthology, poem: str, topic: str) -> Match:
    return match(anthology, verse_of(anthology, poem), Subjects(anthology.vocabulary).phrases(topic), topic)


@pytest.mark.parametrize(
    ("topic", "poem", "said"),
    [
        ("猫の昼寝", "満月や／あくびをしたる／黒き猫", ("cat",)),
        ("海の音", "枯葉舞う／寄せては返す／白き波", ()),
        ("the smell of bread", "秋晴れに／行列できる／パン屋かな", ()),
        ("lost umbrella", "春雨に／本読みふける／喫茶店", ()),
        ("an old man", "古き靴／あしたへつづく／冬の空", ()),
        ("梅干し", "梅ひらく／鳥の鳴きかう／並木道", ()),
        ("a dark street", "秋深し／自転車のゆく／石だたみ", ()),
        ("moonlight on the water", "十六夜や／水面にゆれる／橋の影", ("moon", "water")),
        ("homework", "赤とんぼ／手をつなぎゆく／帰り道", ()),
        ("working late", "秋深し／仕事終えれば／遠あかり", ("working",)),
        ("a single star", "虫の声／川面に映る／星ひとつ", ("single", "star")),
        ("falling asleep", "秋深し／母と眺めし／細雪", ()),
        ("the ocean", "冬の海／潮の香のする／港町", ("ocean",)),
        ("the river at dusk", "夕紅葉／影の伸びゆく／川辺道", ("river", "dusk")),
        ("夕立", "夕しぐれ／冷めしコーヒー／飲み干せり", ()),
        ("子犬", "雲の峰／庭を横切る／老犬よ", ()),
        ("夕立", "夕立や／傘を分けあう／橋の上", ("summer evening shower",)),
        ("桜と雨", "桜咲く／雲の影ゆく／野球場", ("cherry blossom",)),
        ("川", "たんぽぽや／雲の影ゆく／川辺道", ("river",)),
        ("水", "水仙や／昔と同じ／海の色", ()),
    ],
)
def test_only_words_that_stand_in_a_line_are_claimed(anthology: Anthology, topic: str, poem: str, said: tuple[str, ...]) -> None:
    assert matched(anthology, poem, topic).said == said


@pytest.mark.parametrize(
    ("topic", "poem"), [("夜道", "春の夜に／灯のともりゆく／坂の道"), ("雪道", "雪解けや／犬と駆けゆく／里の道")]
)
def test_a_topic_whose_parts_all_stand_there_is_met_whole(anthology: Anthology, topic: str, poem: str) -> None:
    assert matched(anthology, poem, topic).written
    assert not matched(anthology, "秋深し／昔と同じ／海の色", topic).written


def test_music_is_near_to_jazz(anthology: Anthology) -> None:
    near = matched(anthology, "流れ星／眠りを誘う／ピアノの音", "jazz")

    assert near.said == ()
    assert near.near in ("jazz", "music", "piano")
    assert near.nearness >= 0.6


@pytest.mark.parametrize(
    ("topic", "phrases", "hour"),
    [
        ("猫の昼寝", ["cat nap"], "day"),
        ("朝ごはん", ["breakfast"], "dawn"),
        ("夜食", ["food"], "night"),
        ("an afternoon nap", ["afternoon nap"], "day"),
        ("supper with grandma", ["supper with grandma"], "dusk"),
    ],
)
def test_an_hour_inside_a_word_is_heard(topic: str, phrases: list[str], hour: str) -> None:
    assert implied_hour(topic, phrases) == (Wish("time", hour),)
    assert implied_hour("autumn rain", ["autumn rain"]) == ()


@pytest.mark.parametrize(
    ("topic", "whole"),
    [
        ("a cold", "flu"),
        ("I caught a cold again", "flu again"),
        ("in bed with a cold", "in bed with flu"),
        ("a cold morning", "cold morning"),
        ("a cold, cold night", "cold cold night"),
        ("the cold", "cold"),
    ],
)
def test_a_cold_is_an_illness_unless_something_is_cold(anthology: Anthology, topic: str, whole: str) -> None:
    assert Subjects(anthology.vocabulary).phrases(topic)[0] == whole


@pytest.mark.parametrize(
    ("topic", "phrases"),
    [
        ("走り出す", ("run",)),
        ("食べすぎた", ("eat",)),
        ("帰りたくない", ("not go back",)),
        ("忘れられない", ("not forget",)),
        ("雨が降らない", ("rain not fall", "rain", "not fall")),
        ("満員電車", ("crowded train",)),
        ("花粉症", ("hay fever",)),
    ],
)
def test_a_compound_is_one_thing_and_what_is_denied_is_not_said(
    anthology: Anthology, topic: str, phrases: tuple[str, ...]
) -> None:
    assert Subjects(anthology.vocabulary).phrases(topic) == phrases
