/** Three lines by brush, vertical, from right to left: with readings over the kanji and a dot for each mora. */

import { Furigana, type LineView } from "@kotonoha/shared";

const FORM = [5, 7, 5] as const;

export type Written = Pick<LineView, "japanese" | "reading" | "morae">;

type Props = {
  lines: readonly Written[];
  /** Lines that are being written right now; they stand in for all others. */
  wet?: readonly string[];
  isWriting?: boolean;
  /** Which line is heard now. */
  heard?: number | null;
};

export function Verse({ lines, wet = [], isWriting = false, heard = null }: Props) {
  return (
    <div className="poem" data-writing={isWriting || undefined}>
      {FORM.map((morae, place) => (
        <div key={place} className="poem-line" data-heard={heard === place || undefined}>
          <Brush wet={wet.length > 0 ? (wet[place] ?? "") : null} line={lines[place]} />
          <Morae count={wet.length > 0 ? null : (lines[place]?.morae ?? null)} form={morae} />
        </div>
      ))}
    </div>
  );
}

/** `wet` is what is being written of the line right now, and null when nothing is. Written, it comes up like ink, as one. */
function Brush({ wet, line }: { wet: string | null; line: Written | undefined }) {
  const ink = wet !== null ? "wet" : line?.japanese ? "dry" : "none";
  return (
    <p key={ink} className="brush" data-ink={ink} lang="ja">
      {wet !== null ? <span className="wet">{wet}</span> : <Dry line={line} />}
    </p>
  );
}

function Dry({ line }: { line: Written | undefined }) {
  if (!line?.japanese || !line.reading) return <span className="blank" aria-hidden="true" />;
  return <Furigana japanese={line.japanese} reading={line.reading} />;
}

function Morae({ count, form }: { count: number | null; form: number }) {
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

/** What the poem says, and the word that tells its season. */
export function Meaning({ english, season }: { english: readonly LineView["english"][]; season: Season }) {
  return (
    <>
      <p className="verse">
        {english.map((line, place) => (
          <span key={place}>{line}</span>
        ))}
      </p>
      <p className="seal-row">
        <span className="seal" lang="ja">
          {season.word}
        </span>
        <span>
          Season word (<span lang="ja">季語</span>): {season.english}, {season.name}
        </span>
      </p>
    </>
  );
}

export type Season = { word: string; english: string | null; name: string | null };
