import { describe, expect, test } from "vitest";
import { alignFurigana, cutMorae } from "./furigana";

function written(japanese: string, reading: string): string {
  return alignFurigana(japanese, reading)
    .map((piece) => (piece.reading ? `${piece.text}[${piece.reading}]` : piece.text))
    .join("");
}

describe("furigana", () => {
  test.each([
    ["秋雨に", "あきさめに", "秋雨[あきさめ]に"],
    ["傘ひとつゆく", "かさひとつゆく", "傘[かさ]ひとつゆく"],
    ["友を見送る", "ともをみおくる", "友[とも]を見送[みおく]る"],
    ["蛙飛びこむ", "かわずとびこむ", "蛙飛[かわずと]びこむ"],
    ["古池や", "ふるいけや", "古池[ふるいけ]や"],
    ["カフェの窓", "かふぇのまど", "カフェの窓[まど]"],
    ["ふりむけり", "ふりむけり", "ふりむけり"],
    ["時々の花", "ときどきのはな", "時々[ときどき]の花[はな]"],
    // The first の that fits is not the right one: the rest must fit, too.
    ["野の花の", "ののはなの", "野[の]の花[はな]の"],
  ])("%s", (japanese, reading, expected) => {
    expect(written(japanese, reading)).toBe(expected);
  });

  test("what does not fit together is one piece, not a wrong one", () => {
    expect(written("秋の雨", "はるがあめ")).toBe("秋の雨[はるがあめ]");
  });
});

test.each([
  ["きょうと", ["きょ", "う", "と"]],
  ["らっぱ", ["ら", "っ", "ぱ"]],
  ["スキー", ["ス", "キ", "ー"]],
  ["ほんや", ["ほ", "ん", "や"]],
])("the morae of %s", (reading, expected) => {
  expect(cutMorae(reading)).toEqual(expected);
});
