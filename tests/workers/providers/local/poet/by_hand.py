"""What a reader checks in a poem, from its words alone: the count, the season words, the hour, the weather, what is said twice.

Shares no code and no tags with the poet: the season words are those of a saijiki, the rest is what the words say by themselves.
"""

import re
import tomllib
from collections.abc import Mapping
from itertools import combinations
from pathlib import Path

from core.contracts.haiku import Poem

_GLIDES = "ゃゅょぁぃぅぇぉゎ"

_SEASON_WORDS: dict[str, str] = tomllib.loads(Path(__file__).with_name("season_words.toml").read_text(encoding="utf-8"))
_SEASON_OF = {word: season for season, words in _SEASON_WORDS.items() for word in words.split()}

_ENGLISH_SEASONS = {
    "spring": r"(?<!waiting for )(?<!hot-)\bspring\b",
    "summer": r"\bsummer\b|\bfirefl|\bcicada",
    "autumn": r"\bautumn\b|\bBon dance",
    "winter": r"\bwinter\b|\bwaiting for spring\b|\bChristmas\b|\bkotatsu\b",
    "new year": r"New Year(?!'s Eve)|first .*of the year—",
}

_MOON = r"(?<![一二三四五六七八九十])月(?!日|曜)"
"""No month, and no day of the week."""

_HOURS: Mapping[str, set[str]] = {
    r"(?<!短)夜(?!明|勤明)|終電|終列車|(?<!short )\bnight\b(?! shift—)|midnight": {"night"},
    rf"花火|銀河|オリオン|蛍|星|{_MOON}|\bstars?\b|\bmoon|firefl|fireworks": {"night", "dusk", "dawn"},
    r"朝(?!顔)|始発|\bdawn\b|\bmorning\b(?!.glor)|sunrise|初明り|初日": {"dawn"},
    r"夕(?!立)|\bdusk\b|\bevening\b|sunset|supper|茜雲|影の伸び": {"dusk", "night"},
    r"昼|炎天|虹|青|日向|rainbow|\bnoon\b|daylight|blazing sky": {"day"},
}
_SKIES: Mapping[str, set[str]] = {
    r"雨|傘|梅雨|(?<!蝉)しぐれ|\brain(?!bow| of cicada)|umbrella": {"rain", "cloud"},
    r"(?<!花吹)雪(?!解|だるま|かき|つぶて)"
    r"|(?<!melting )(?<!shoveling )\bsnow(?!man|ball| melts| lies| figure| mountain)": {"snow"},
    r"霧|おぼろ|\bmist\b|\bhaz[ey]": {"mist"},
    r"晴|星|青(?!田)|日向|虹|銀河|炎天|\bclear\b|\bstars?\b|rainbow|blazing": {"clear"},
    rf"{_MOON}|\bmoon": {"clear", "mist", "cloud"},
}
_COMPANY = r"ふたり|みな|\btwo of us|\bfriends\b|whole family|laughing|children|crowd|cheer|greetings"
_NOISE = r"歓声|太鼓|\bcheer|drums|雀|(?<!ひな)祭|rugby|night baseball|蝉|cicada|roar"
_AT_REST = r"日向ぼこ|昼寝覚|風邪の床|病室|眠れぬ夜|膝にまるまる"
_AT_TABLE = r"鍋囲む|煮る|焼く|むく|汲む|飲む|ごはん|冷奴|雑煮|みそ汁|お茶を"
_ON_THE_WAY = r"歩き|帰り|家路|駆けゆく|つなぎゆく|背を追う|終電車|終列車|バス|夜汽車|もたれる|切符|待ちいる|旅に出る"
_CANNOT_MEET = (
    (f"{_AT_REST}|{_AT_TABLE}|弾く|抱く", _ON_THE_WAY),
    (r"日向ぼこ|昼寝覚|風邪の床|病室|眠れぬ夜", f"{_AT_TABLE}|コード書き|キーボード|ボールかかえて|歓声"),
    (r"卒業|入学", r"宿題|試験を終えて"),
    (r"ひとり|\balone\b|人影のない|not a soul", _COMPANY),
    (r"しんと|gone still|声をひそめ", _NOISE),
    (r"亡き|墓|流灯|\blate father|\bgrave\b|memorial", r"(?<!ひな)祭|初笑い|踊|party|snowman|laugh"),
    (r"sickroom|in bed with", r"ramen|restaurant|stadium|ballpark|journey|walk on"),
    (r"\bski slopes|\bskating|\brugby", r"ballpark|restaurant|library|classroom"),
    (r"smoke|steam|coffee|\btea\b|ramen|soup|stew|tofu|\brice\b", r"tangerine|lemonade|shaved ice|sweet potato"),
)
_GROUNDS = {
    r"田んぼ|野道|青田|稲(?!妻)|かかし|田植": "field",
    r"(?<!野)(?<!蟻の)道$|道かな|裏通り|路地|家路|停留所|交差点|歩道橋": "road",
    r"海(?!苔)|浜|渚|港|波|砂|漁師|防波堤": "sea",
    r"駅|改札": "station",
    r"寺|祠": "temple",
    r"野球場|競技場|グラウンド": "stadium",
    r"校舎|教室": "school",
    r"会議室|事務所": "office",
    r"森|竹林": "forest",
}
"""What a line sets its scene on, by its own words."""
_SMALL = """
    a all an and are as at be beside by down for from i in into is it its just me my no not of off old on once one only or our
    out over so that the their there this through to under up us was we were when where with you your
"""
_SMALL_WORDS = frozenset(_SMALL.split())


def morae(reading: str) -> int:
    """Counted in kana: a small ゃ or ぁ belongs to the kana before it, everything else is one mora."""
    assert re.fullmatch(r"[ぁ-ゖー]+", reading), reading
    return sum(kana not in _GLIDES for kana in reading)


def season_words(poem: Poem) -> list[str]:
    """Every season word of the saijiki in the poem, the longest first, so that 冬の虹 is not 虹 as well."""
    return [word for line in poem.lines for word in season_words_in(line.japanese)]


def season_words_in(text: str) -> list[str]:
    found: list[str] = []
    for word in sorted(_SEASON_OF, key=len, reverse=True):
        if word in text:
            found.append(word)
            text = text.replace(word, "＿")
    return found


def faults(poem: Poem, scenes: tuple[str, ...] = ()) -> list[str]:
    """What a strict reader objects to; nothing in a sound poem."""
    japanese = "／".join(line.japanese for line in poem.lines)
    english = " / ".join(line.english for line in poem.lines)
    everything = " ".join((japanese, english, *scenes))
    return [
        *_season_faults(poem, english),
        *_no_common("hours", _HOURS, everything),
        *_no_common("skies", _SKIES, everything),
        *_two_grounds(poem),
        *(f"{one} beside {other}" for one, other in _CANNOT_MEET if _clash(poem, one, other)),
        *_twice(poem),
    ]


def _season_faults(poem: Poem, english: str) -> list[str]:
    words = season_words(poem)
    seasons = {_SEASON_OF[word] for word in words}
    told = {season for season, pattern in _ENGLISH_SEASONS.items() if re.search(pattern, english)}
    return [
        *([f"season words {words}"] if len(words) != 1 else []),
        *([f"{words} in a poem of {poem.season}"] if seasons != {poem.season} else []),
        *([f"English says {told} in a poem of {poem.season}"] if told - {poem.season} else []),
    ]


def _no_common(what: str, table: Mapping[str, set[str]], text: str) -> list[str]:
    said = [(match[0], allowed) for pattern, allowed in table.items() if (match := re.search(pattern, text))]
    apart = [f"{one} and {other}" for (one, a), (other, b) in combinations(said, 2) if not a & b]
    return [f"{what}: {pair}" for pair in apart]


def _two_grounds(poem: Poem) -> list[str]:
    """The opening's ground and that of the other two lines, which are one phrase."""
    opening, *others = (line.japanese for line in poem.lines)
    here, there = (
        {ground for pattern, ground in _GROUNDS.items() if re.search(pattern, text)} for text in (opening, "／".join(others))
    )
    return [f"grounds: {here} and {there}"] if here and there and not here & there else []


def _clash(poem: Poem, one: str, other: str) -> bool:
    lines = [f"{line.japanese} {line.english}" for line in poem.lines]
    return any(re.search(one, a) and re.search(other, b) for a in lines for b in lines if a != b)


def _twice(poem: Poem) -> list[str]:
    kanji = [set(re.findall(r"[一-鿿]", line.japanese)) for line in poem.lines]
    words = [set(re.findall(r"[a-z]+", line.english.lower())) - _SMALL_WORDS for line in poem.lines]
    return [f"twice: {a & b}" for said in (kanji, words) for a, b in combinations(said, 2) if a & b]
