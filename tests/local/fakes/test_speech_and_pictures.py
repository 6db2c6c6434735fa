"""Polly's voice and Bedrock's painter, asked by real clients."""

import base64
import io
import json
from typing import Any

import pytest
import soundfile
from botocore.exceptions import ClientError
from PIL import Image

from tests.fakes import FakeAws, Json
from tests.local.fakes.asks import PAINTER

SSML = (
    '<speak><prosody rate="85%"><phoneme alphabet="x-amz-yomigana" ph="あきのあめ">秋の雨</phoneme>。'
    "傘をかたむけ &amp; ふりむけり</prosody></speak>"
)
ASK = {"Engine": "neural", "VoiceId": "Takumi", "TextType": "ssml", "Text": SSML}


async def spoken(polly: Any, **more: Any) -> tuple[Json, bytes]:
    answer = await polly.synthesize_speech(**{**ASK, "OutputFormat": "mp3", **more})
    return answer, await answer["AudioStream"].read()


async def painted(studio: Any, **more: Any) -> Json:
    body = {"prompt": "Sumi-e ink painting, autumn, rain: an umbrella", "seed": 7, **more}
    answer = await studio.invoke_model(modelId=PAINTER, body=json.dumps(body))
    told: Json = json.loads(await answer["body"].read())
    return told


async def test_a_recording_is_speech_of_the_rate_polly_has(polly: Any) -> None:
    answer, mp3 = await spoken(polly)
    samples, rate = soundfile.read(io.BytesIO(mp3))

    assert (answer["ContentType"], answer["RequestCharacters"]) == ("audio/mpeg", 18)
    assert rate == 24000
    assert 1.5 < samples.size / rate < 6
    assert 0.02 < (samples**2).mean() ** 0.5 < 0.5


async def test_marks_name_each_word_its_moment_and_its_bytes(polly: Any) -> None:
    answer, lines = await spoken(polly, OutputFormat="json", SpeechMarkTypes=["word"])
    marks = [json.loads(line) for line in lines.splitlines()]
    sent = SSML.encode()

    assert answer["ContentType"] == "application/x-json-stream"
    assert [mark["value"] for mark in marks] == ["秋の雨", "傘", "を", "かたむけ", "&", "ふりむけり"]
    assert [mark["time"] for mark in marks] == sorted({mark["time"] for mark in marks})
    assert sent[marks[0]["start"] : marks[0]["end"]].decode() == "秋の雨"
    assert sent[marks[5]["start"] : marks[5]["end"]].decode() == "ふりむけり"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"VoiceId": "Mizuki"}, "EngineNotSupportedException"),
        ({"VoiceId": "Joanna"}, "LanguageNotSupportedException"),
        ({"Text": "<speak>秋"}, "InvalidSsmlException"),
        ({"Text": '<!DOCTYPE speak [<!ENTITY a "b">]><speak>&a;</speak>'}, "InvalidSsmlException"),
        ({"Text": '<speak><prosody pitch="high">秋</prosody></speak>'}, "InvalidSsmlException"),
        ({"SpeechMarkTypes": ["word"]}, "MarksNotSupportedForFormatException"),
        ({"SampleRate": "44100"}, "InvalidSampleRateException"),
        ({"Text": f"<speak>{'あ' * 3001}</speak>"}, "TextLengthExceededException"),
    ],
)
async def test_polly_refuses_what_it_cannot_speak(polly: Any, wrong: Json, code: str) -> None:
    with pytest.raises(ClientError) as caught:
        await spoken(polly, **wrong)

    assert caught.value.response["Error"]["Code"] == code


async def test_the_voices_are_those_of_the_engine(polly: Any) -> None:
    answer = await polly.describe_voices(LanguageCode="ja-JP", Engine="neural")

    assert [voice["Id"] for voice in answer["Voices"]] == ["Kazuha", "Takumi", "Tomoko"]


async def test_a_recording_may_be_empty(polly: Any, fake_aws: FakeAws) -> None:
    await fake_aws.fault("polly", "empty_audio")

    assert (await spoken(polly))[1] == b""


async def test_a_picture_is_painted_at_the_size_of_its_shape(studio: Any) -> None:
    told = await painted(studio, aspect_ratio="2:3", negative_prompt="letters", output_format="png")
    picture = Image.open(io.BytesIO(base64.b64decode(told["images"][0])))

    assert (told["seeds"], told["finish_reasons"]) == ([7], [None])
    assert (picture.format, picture.size) == ("PNG", (832, 1216))
    assert len(picture.convert("L").getcolors(256) or ()) > 100


@pytest.mark.parametrize(
    "wrong", [{"prompt": ""}, {"width": 512}, {"seed": -1}, {"aspect_ratio": "7:3"}, {"prompt": 3}, {"output_format": "gif"}]
)
async def test_a_body_the_painter_does_not_take_is_refused(studio: Any, wrong: Json) -> None:
    with pytest.raises(ClientError, match="Malformed input request"):
        await painted(studio, **wrong)


async def test_a_filter_leaves_a_reason_and_no_picture(studio: Any, fake_aws: FakeAws) -> None:
    by_prompt = await painted(studio, prompt="a scene full of gore")
    await fake_aws.fault("bedrock-runtime", "content_filter")
    by_script = await painted(studio)

    assert (by_prompt["finish_reasons"], by_prompt["images"]) == (["Filter reason: prompt"], [])
    assert (by_script["finish_reasons"], by_script["images"]) == (["Filter reason: output image"], [])


async def test_what_comes_for_a_picture_may_be_none(studio: Any, fake_aws: FakeAws) -> None:
    await fake_aws.fault("bedrock-runtime", "wrong_png", operation="InvokeModel")
    told = await painted(studio)

    assert base64.b64decode(told["images"][0]).startswith(b"<html>")
