/** One line of the poem with all that belongs to it: picture, voice, morae, romaji, English. Each part waits, fails and comes by itself. */

import { cutMorae, type LineView, Patience, type Player, type RequestView } from "@kotonoha/shared";
import { Again, Play, Stop } from "./icons";
import { type PartStanding, pictureStanding, voiceStanding } from "./standing";

type Props = {
  line: LineView;
  request: RequestView | undefined;
  player: Player;
  onAgain(): void;
  isAgain: boolean;
  onBroken(): void;
};

export function Leaf({ line, request, player, onAgain, isAgain, onBroken }: Props) {
  const place = line.number - 1;
  const picture = pictureStanding(line, request);
  const voice = voiceStanding(line, request);
  return (
    <li className="leaf" data-heard={player.playing === place || undefined}>
      <div className="leaf-picture">
        {line.picture ? (
          <img
            src={line.picture.url}
            alt={line.picture.alt}
            width={line.picture.width}
            height={line.picture.height}
            onError={onBroken}
          />
        ) : (
          <Missing
            standing={picture}
            what="picture"
            doing={`Painting line ${line.number} …`}
            onAgain={onAgain}
            isAgain={isAgain}
          />
        )}
      </div>
      <div className="leaf-words">
        <ol className="kana" lang="ja" aria-label={line.reading ?? ""}>
          {cutMorae(line.reading ?? "").map((mora, at) => (
            <li key={at} aria-hidden="true">
              {mora}
            </li>
          ))}
        </ol>
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
            standing={voice}
            what="voice"
            doing={`Recording line ${line.number} …`}
            onAgain={onAgain}
            isAgain={isAgain}
          />
        )}
        {player.failed === place && <p role="alert">This recording cannot be played just now.</p>}
      </div>
    </li>
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

type MissingProps = {
  standing: PartStanding;
  what: string;
  doing: string;
  onAgain(): void;
  isAgain: boolean;
};

function Missing({ standing, what, doing, onAgain, isAgain }: MissingProps) {
  switch (standing.is) {
    case "coming":
      return (
        <div className="missing coming" data-what={what}>
          <Patience words={standing.words ?? doing} />
        </div>
      );
    case "failed":
      return (
        <div className="missing failed" data-what={what} role="group" aria-label={`The ${what} failed`}>
          <p>
            The {what} did not work out. <span className="reason">{standing.reason}</span>
          </p>
          <button type="button" className="button small" onClick={onAgain} aria-busy={isAgain}>
            <Again /> {isAgain ? "Asking again …" : what === "picture" ? "Paint it again" : "Record it again"}
          </button>
        </div>
      );
    default:
      return (
        <div className="missing" data-what={what}>
          <p>No {what} yet.</p>
        </div>
      );
  }
}
