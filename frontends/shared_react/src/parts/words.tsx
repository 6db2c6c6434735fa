/** Somebody's words, in which what is Japanese is said to be so: for its font, and for whoever listens. */

const JAPANESE = /([\u3000-\u30ff\u3400-\u9fff\uff01-\uff9f]+)/;

export function isJapanese(text: string): boolean {
  return JAPANESE.test(text);
}

export function Words({ children }: { children: string }) {
  return children.split(JAPANESE).map((part, place) =>
    // A split by a group gives what matched it at every second place.
    place % 2 === 1 ? (
      <span key={place} lang="ja">
        {part}
      </span>
    ) : (
      part
    ),
  );
}
