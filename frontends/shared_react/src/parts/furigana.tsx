/** Japanese with its reading over the kanji, when the learner wants it. */

import { alignFurigana } from "../furigana";
import { usePreference } from "../preferences";

export function useFurigana(): [boolean, (shown: boolean) => void] {
  return usePreference<boolean>("furigana", true);
}

export function Furigana({ japanese, reading }: { japanese: string; reading: string }) {
  const [shown] = useFurigana();
  if (!shown) return <span lang="ja">{japanese}</span>;
  return (
    <span lang="ja">
      {alignFurigana(japanese, reading).map((piece, place) =>
        piece.reading ? (
          <ruby key={place}>
            {piece.text}
            <rp>（</rp>
            <rt>{piece.reading}</rt>
            <rp>）</rp>
          </ruby>
        ) : (
          piece.text
        ),
      )}
    </span>
  );
}
