/** The poem on its sheet: what is written of it, what it means, and the seal of its season. */

import { type HaikuView, Patience } from "@kotonoha/shared";
import { Meaning, Verse } from "./verse";

type Props = { haiku: HaikuView; words: string; heard: number | null };

export function Poem({ haiku, words, heard }: Props) {
  const isComposing = haiku.status === "composing";
  const wet = isComposing ? words.split("\n").filter(Boolean) : [];
  const hasPoem = Boolean(haiku.lines[0].japanese);
  return (
    <figure className="sheet" aria-busy={isComposing}>
      <Verse lines={haiku.lines} wet={wet} isWriting={isComposing} heard={heard} />
      <figcaption>
        {haiku.season_word && !wet.length && (
          <Meaning
            english={haiku.lines.map((line) => line.english)}
            season={{ word: haiku.season_word, english: haiku.season_word_english, name: haiku.season }}
          />
        )}
        {isComposing && !wet.length && !hasPoem && <Patience words="The poet is looking for words …" />}
      </figcaption>
    </figure>
  );
}
