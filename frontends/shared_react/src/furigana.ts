/** Which kana belong over which kanji: a line and its reading, cut into pieces of which some carry a reading. */

export type Piece = { text: string; reading?: string };

const KANA = /[\u3041-\u309f\u30a0-\u30ff]/;

export function alignFurigana(japanese: string, reading: string): Piece[] {
  const parts = japanese.match(/[\u3041-\u309f\u30a0-\u30ff]+|[^\u3041-\u309f\u30a0-\u30ff]+/g) ?? [];
  const pattern = parts.map((part) => (KANA.test(part) ? `(${hiragana(part)})` : "(.+?)")).join("");
  const match = new RegExp(`^${pattern}$`).exec(hiragana(reading));
  // What does not fit together is shown as one piece rather than wrongly.
  if (!match) return [{ text: japanese, reading }];
  return parts.map((text, place) => (KANA.test(text) ? { text } : { text, reading: match[place + 1] }));
}

/** Small kana belong to the mora before them; ー, っ and ん are morae of their own. */
export function cutMorae(reading: string): string[] {
  return reading.replace(/\s/g, "").match(/.[ゃゅょぁぃぅぇぉャュョァィゥェォ]?/gu) ?? [];
}

function hiragana(text: string): string {
  return text.replace(/[\u30a1-\u30f6]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) - 0x60));
}
