"""How the poet behaves in company: it answers what it is asked, leaves a poem alone that is liked, and knows what hurts."""

import re

import pytest

from core.contracts.haiku import Compose, Draft, Line, Message, Poem
from tests.workers.providers.local.poet.conversation import Learner, english_of, text_of, unheard
from workers.tools import Poet

CAN_DO = r"season, a time of day or a mood, .* with or without, .* keep or change a line, .* another poem"
CAN_DO_JAPANESE = "季節、時間、気分、入れるもの、入れないもの、残す行、変える行"
JAPANESE = re.compile(r"(?:です|ます|ました|ません|ください|でした)。")


async def drafts_of(poet: Poet, *turns: str, seed: int = 1) -> list[Draft]:
    learner = Learner(poet, turns[0], seed)
    return [await learner.say(turn) for turn in turns]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("turns", "season", "there"),
    [
        (("the sea", "without rain", "autumn rain"), "autumn", r"雨|しぐれ"),
        (("the sea", "no rain", "a shower"), None, r"雨|夕立|しぐれ"),
        (("snow", "spring instead of winter", "winter instead"), "winter", None),
        (("the sea", "no winter please", "a snowman"), "winter", "雪だるま"),
        (("the moon", "not at night", "at night"), None, r"夜|月|星|オリオン|天の川|銀河"),
        (("海", "雨なしで", "秋の雨"), "autumn", r"雨|しぐれ"),
    ],
)
async def test_a_new_wish_lifts_an_older_ban(
    poet: Poet, turns: tuple[str, ...], season: str | None, there: str | None, seed: int
) -> None:
    *_, draft = await drafts_of(poet, *turns, seed=seed)

    assert season in (None, draft.poem.season)
    assert there is None or re.search(there, text_of(draft.poem))
    assert not re.search("could not|できません", draft.reply), draft.reply


@pytest.mark.parametrize(
    "turns",
    [
        ("the sea", "autumn rain", "without rain"),
        ("the sea", "with a snowman", "no winter"),
        ("the moon", "winter", "not winter"),
        ("the moon", "put a pink xylophone in it", "without a pink xylophone"),
    ],
)
async def test_a_new_ban_lifts_an_older_wish(poet: Poet, turns: tuple[str, ...]) -> None:
    *_, draft = await drafts_of(poet, *turns)

    assert re.match("There is no “", draft.reply)
    assert "could not" not in draft.reply


async def test_a_wish_beside_a_ban_leaves_the_ban_alone(poet: Poet) -> None:
    *_, draft = await drafts_of(poet, "the sea", "without snow", "winter", "happier")

    assert draft.poem.season == "winter"
    assert not re.search("雪|snow", text_of(draft.poem) + english_of(draft.poem))


@pytest.mark.parametrize(
    ("turn", "answer"),
    [
        ("who are you?", "composes? haiku from fragments.* without a language model"),
        ("are you an AI", "without a language model"),
        ("あなたは誰ですか", "言語モデルは使っていません"),
        ("how many morae?", "5, 7 and 5 morae"),
        ("make it shorter", "5, 7 and 5 morae"),
        ("もっと短くして", "五・七・五"),
        ("in English only", "Japanese with its English"),
        ("change the picture", "pictures and voices are made from it"),
        ("写真を変えて", "絵と声は句から"),
        ("what can you do?", CAN_DO),
        ("何ができますか", CAN_DO_JAPANESE),
        ("delete this", CAN_DO),
        ("hello", CAN_DO),
        ("why is the sky blue?", CAN_DO),
        ("こんにちは", CAN_DO_JAPANESE),
    ],
)
async def test_a_question_is_answered_and_the_poem_stays(poet: Poet, turn: str, answer: str) -> None:
    before, draft = await drafts_of(poet, "the sea", turn)

    assert draft.poem == before.poem
    assert re.search(answer, draft.reply), draft.reply


POND = Poem(
    (
        Line("古池や", "ふるいけや", "ふるいけ や", "an old pond—"),
        Line("蛙飛びこむ", "かわずとびこむ", "かわず とびこむ", "a frog jumps in,"),
        Line("水の音", "みずのおと", "みず の おと", "the sound of water"),
    ),
    "spring",
    "蛙",
    "a frog",
)


@pytest.mark.parametrize(
    ("turn", "lines"),
    [
        ("what does tobikomu mean?", [2]),
        ("what does 蛙 mean?", [2]),
        ("furuike?", [1]),
        ("水の音の意味は？", [3]),
        ("みずって何？", [3]),
        ("please explain the last line", [3]),
        ("一行目は何と読みますか", [1]),
        ("how do you say the second line?", [2]),
        ("what does it mean?", [1, 2, 3]),
        ("what does furimukeri mean?", [1, 2, 3]),
    ],
)
async def test_what_a_word_or_line_means_is_explained(poet: Poet, turn: str, lines: list[int]) -> None:
    said = (Message("learner", "frog"), Message("poet", "Here."), Message("learner", turn))

    draft = (await poet.converse(Compose("frog", said, POND, seed=1), unheard)).value

    assert draft.poem == POND
    assert [number for number, line in enumerate(POND.lines, 1) if line.reading in draft.reply] == lines
    assert all(POND.lines[number - 1].english.rstrip("—,") in draft.reply for number in lines)


@pytest.mark.parametrize(
    ("turn", "season"), [("could it be winter?", "winter"), ("why not winter?", "winter"), ("秋はどうですか", "autumn")]
)
async def test_a_wish_put_as_a_question_is_a_wish(poet: Poet, turn: str, season: str) -> None:
    *_, draft = await drafts_of(poet, "cherry blossoms", turn)

    assert draft.poem.season == season


async def test_an_answer_and_a_wish_can_go_together(poet: Poet) -> None:
    *_, draft = await drafts_of(poet, "cherry blossoms", "change the picture and make it winter")

    assert draft.poem.season == "winter"
    assert "pictures" in draft.reply


@pytest.mark.parametrize(
    ("turn", "reply"),
    [
        ("in winter", "It is winter already, so I left the poem as it is."),
        ("冬にして", "季節はもう冬です。だから、句はそのままにしました。"),
        ("at night", "It happens at night already, so I left the poem as it is."),
        ("without rain", "There is no “rain” in it anyway, so I left the poem as it is."),
        ("猫なしで", "「猫」はもともと入っていません。だから、句はそのままにしました。"),
        ("add a cat", "“cat” is in it already, so I left the poem as it is."),
        ("put a pink xylophone in it", "I could not bring in “pink xylophone”, so I left the poem as it is."),
    ],
)
async def test_what_is_true_already_or_out_of_reach_changes_nothing(poet: Poet, turn: str, reply: str) -> None:
    *_, before, draft = await drafts_of(poet, "the sea", turn, turn)

    assert draft.poem == before.poem
    assert draft.reply == reply


async def test_nothing_is_written_again_while_the_poem_stays(poet: Poet) -> None:
    before, _ = await drafts_of(poet, "snow", "thanks")
    pieces: list[str] = []

    async def heard(piece: str) -> None:
        pieces.append(piece)

    said = (Message("learner", "snow"), Message("poet", before.reply), Message("learner", "thanks"))
    await poet.converse(Compose("snow", said, before.poem, 1), heard)

    assert pieces == []


@pytest.mark.parametrize(
    ("topic", "there"),
    [
        ("ａｕｔｕｍｎ　ｒａｉｎ", r"秋"),
        ("ｱｷﾉｱﾒ", r"秋"),
        ("アキノアメ", r"秋"),
        ("🌸", r"桜"),
        ("🐸", r"かえる"),
        ("🌧️", r"雨|夕立|しぐれ"),
        ("❄", r"雪"),
        ("🍁", r"紅葉"),
        ("🐈", r"猫"),
    ],
)
async def test_a_topic_is_understood_however_it_is_spelled(poet: Poet, topic: str, there: str) -> None:
    (draft,) = await drafts_of(poet, topic)

    assert re.search(there, text_of(draft.poem))
    assert re.match(rf"Here is a haiku on “{topic}”|「{topic}」の俳句です", draft.reply)


@pytest.mark.parametrize(
    ("turn", "there"),
    [
        ("ﾕｷ", "雪"),
        ("ゆきをいれて", "雪"),
        ("ふゆにして", "季節は冬"),
        ("🐈を入れて", "猫"),
        ("ａｄｄ ｓｎｏｗ", "雪"),
        ("⛄", "雪だるま"),
    ],
)
async def test_a_wish_is_understood_however_it_is_spelled(poet: Poet, turn: str, there: str) -> None:
    before, draft = await drafts_of(poet, "cherry blossoms", turn)

    assert draft.poem != before.poem
    assert re.search(there, text_of(draft.poem) + draft.reply)


@pytest.mark.parametrize("turn", ["あきらめて", "ゆきたい", "そのときに", "かわいい"])
async def test_kana_within_another_word_name_nothing(poet: Poet, turn: str) -> None:
    before, draft = await drafts_of(poet, "cherry blossoms", turn)

    assert draft.poem == before.poem


@pytest.mark.parametrize(
    "turn",
    [
        "冬にして",
        "もっとあかるく",
        "猫を入れて",
        "雨なしで",
        "一行目はそのままで",
        "最後の行を変えて",
        "別のにして",
        "ありがとう",
        "夜にして",
    ],
)
async def test_japanese_is_answered_in_polite_japanese(poet: Poet, turn: str) -> None:
    first, draft = await drafts_of(poet, "海", turn)

    assert JAPANESE.search(first.reply)
    assert JAPANESE.search(draft.reply)
    assert not re.search("[a-z]", first.reply + draft.reply)


async def test_the_newest_message_chooses_the_language(poet: Poet) -> None:
    first, english, japanese = await drafts_of(poet, "海", "in winter", "夏にして")

    assert first.reply.startswith("「海」")
    assert english.reply.startswith("It is winter")
    assert japanese.reply.startswith("季節は夏です。")


LOUD = (
    r"battle|festival|drum|firework|cheer|party|Mother's Day|Christmas|New Year|wedding|laugh|game|sold|祭|戦|花火"
    r"|vocabulary|\bcards?\b"
)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    "topic",
    [
        "death of my mother",
        "my dog died",
        "funeral",
        "grief",
        "母が亡くなりました",
        "a death at war",
        "a card for a colleague who lost her husband",
    ],
)
async def test_grief_is_met_gently(poet: Poet, topic: str, seed: int) -> None:
    (draft,) = await drafts_of(poet, topic, seed=seed)

    assert not re.search(LOUD, text_of(draft.poem) + english_of(draft.poem))
    assert re.match("This is a heavy subject, so I chose quiet, gentle words|重いお題なので、静かでやさしい言葉", draft.reply)


async def test_grief_told_later_makes_the_poem_gentle(poet: Poet) -> None:
    before, draft = await drafts_of(poet, "summer festival", "my grandmother passed away")

    assert re.search("祭|festival|firework", text_of(before.poem) + english_of(before.poem))
    assert not re.search(LOUD, text_of(draft.poem) + english_of(draft.poem))
    assert draft.reply.startswith("I chose quiet, gentle words for you")


SUGGESTIVE = r"\bI\b|\bmy\b|\byou\b|mother|father|cat|night bus|bed|hand|love|bath|lap|grave|war|inn\b"


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    ("topic", "admission"), [("sex", "nothing I make"), ("how to kill someone", "nothing I make"), ("殺人", "俳句にしない")]
)
async def test_some_topics_get_a_calm_poem_of_nature(poet: Poet, topic: str, admission: str, seed: int) -> None:
    (draft,) = await drafts_of(poet, topic, seed=seed)

    assert not re.search(SUGGESTIVE, english_of(draft.poem))
    assert admission in draft.reply
    assert topic not in draft.reply


@pytest.mark.parametrize(
    ("topic", "care"), [("suicide", "talk to someone you trust"), ("死にたい", "信じられる人に話してください")]
)
async def test_despair_is_answered_with_care(poet: Poet, topic: str, care: str) -> None:
    (first,) = await drafts_of(poet, topic)
    before, later = await drafts_of(poet, "海" if "死" in topic else "sea", topic)

    assert not re.search(SUGGESTIVE, english_of(first.poem))
    assert care in first.reply
    assert later.poem == before.poem
    assert care in later.reply


@pytest.mark.parametrize("topic", ["dead leaves", "shooting star", "bamboo shoots", "Sussex", "必死"])
async def test_harmless_words_want_no_tact(poet: Poet, topic: str) -> None:
    (draft,) = await drafts_of(poet, topic)

    assert not re.search("heavy subject|nothing I make|重いお題|俳句にしない", draft.reply)
