/** One line of the poem with all that belongs to it: picture, voice, morae, romaji, English. Each part waits, fails and comes by itself. */

import { cutMorae, type LineView, type Player, type RequestView } from "@kotonoha/shared";
import { Play, Stop } from "./icons";
import { Missing, type Retry } from "./missing";
import { Painting } from "./painting";
import { pictureStanding, voiceStanding } from "./standing";

type Props = {
  line: LineView;
  /** Keeps the place of a picture nobody makes, beside lines that have one. */
  isFramed: boolean;
  request: RequestView | undefined;
  player: Player;
  retry: Retry;
  renew(): Promise<void>;
};

export function Leaf({ line, isFramed, request, player, retry, renew }: Props) {
  const place = line.number - 1;
  return (
    <li className="leaf" data-heard={player.playing === place || undefined}>
      <Picture line={line} isFramed={isFramed} request={request} retry={retry} renew={renew} />
      <div className="leaf-words">
        <Kana reading={line.reading ?? ""} />
        <p className="romaji" lang="ja-Latn">
          {line.romaji}
        </p>
        <p className="english">{line.english}</p>
        {line.picture && (
          <p className="alt" lang="ja">
            {line.picture.alt_japanese}
          </p>
        )}
        {line.voice ? (
          <Listen place={place} player={player} />
        ) : (
          <Missing
            what="voice"
            standing={voiceStanding(line, request)}
            doing={`Recording line ${line.number} …`}
            retry={retry}
          />
        )}
        {player.failed === place && <p role="alert">This recording cannot be fetched and played.</p>}
      </div>
    </li>
  );
}

function Picture({ line, isFramed, request, retry, renew }: Omit<Props, "player">) {
  const standing = pictureStanding(line, request);
  if (standing.is === "absent") return isFramed ? <NoPicture /> : null;
  return (
    <div className="leaf-picture">
      {line.picture ? (
        <Painting picture={line.picture} renew={renew} />
      ) : (
        <Missing what="picture" standing={standing} doing={`Painting line ${line.number} …`} retry={retry} />
      )}
    </div>
  );
}

function NoPicture() {
  return (
    <div className="leaf-picture">
      <p className="missing">Not painted</p>
    </div>
  );
}

function Kana({ reading }: { reading: string }) {
  return (
    <ol className="kana" lang="ja" aria-label={reading}>
      {cutMorae(reading).map((mora, at) => (
        <li key={at} aria-hidden="true">
          {mora}
        </li>
      ))}
    </ol>
  );
}

function Listen({ place, player }: { place: number; player: Player }) {
  const isHeard = player.playing === place;
  return (
    <button
      type="button"
      className="button small"
      aria-label={isHeard ? `Stop line ${place + 1}` : `Listen to line ${place + 1}`}
      onClick={() => (isHeard ? player.stop() : player.play([place]))}
    >
      {isHeard ? <Stop /> : <Play />}
      {isHeard ? "Stop" : "Listen"}
    </button>
  );
}
