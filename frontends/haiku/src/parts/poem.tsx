/** The poem on its sheet: vertical, by brush, three lines from right to left, with readings, morae and the season's seal. */

import { Furigana, type HaikuView, Patience } from "@kotonoha/shared";

const FORM = [5, 7, 5] as const;

type Props = { haiku: HaikuView; words: string; heard: number | null };

export function Poem({ haiku, words, heard }: Props) {
  const isComposing = haiku.status === "composing";
  const hasPoem = Boolean(haiku.lines[0].japanese);
  const written = isComposing ? words.split("\n").filter(Boolean) : [];
  return (
    <figure className="sheet" aria-busy={isComposing}>
      <div className="poem" data-writing={isComposing || undefined}>
        {FORM.map((morae, place) => {
          const line = haiku.lines[place];
          return (
            <div key={morae + place} className="poem-line" data-heard={heard === place || undefined}>
              <p className="brush" lang="ja">
                {written.length > 0 ? (
                  <span className="wet">{written[place]}</span>
                ) : line?.japanese && line.reading ? (
                  <Furigana japanese={line.japanese} reading={line.reading} />
                ) : (
                  <span className="blank" aria-hidden="true" />
                )}
              </p>
              <Morae count={written.length > 0 ? null : line?.morae} form={morae} />
            </div>
          );
        })}
      </div>
      {haiku.season_word && !written.length && <Seal haiku={haiku} />}
      {isComposing && !written.length && !hasPoem && <Patience words="The poet is looking for words …" />}
    </figure>
  );
}

function Morae({ count, form }: { count: number | null | undefined; form: number }) {
  return (
    <span
      className="morae"
      role="img"
      aria-label={count ? `${count} morae` : `${form} morae to come`}
      data-empty={!count || undefined}
    >
      {Array.from({ length: count ?? form }, (_, place) => (
        <i key={place} />
      ))}
    </span>
  );
}

function Seal({ haiku }: { haiku: HaikuView }) {
  return (
    <figcaption className="seal-row">
      <span className="seal" lang="ja">
        {haiku.season_word}
      </span>
      <span>
        Season word (<span lang="ja">季語</span>): {haiku.season_word_english}, {haiku.season}
      </span>
    </figcaption>
  );
}
