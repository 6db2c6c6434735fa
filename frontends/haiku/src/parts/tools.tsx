/** What can be done with a poem: hear it, at a speed; share it as one picture; keep it as files; delete it. */

import { Complaint, type HaikuView, type Player, readProblem, SPEEDS } from "@kotonoha/shared";
import { useMutation } from "@tanstack/react-query";
import { useDeleting } from "../deleting";
import { Play, Save, Share, Stop, Trash } from "./icons";
import type { Retry } from "./missing";
import { Illustrate } from "./rest";

type Props = {
  haiku: HaikuView;
  player: Player;
  isRunning: boolean;
  retry: Retry;
};

export function Tools({ haiku, player, isRunning, retry }: Props) {
  const { ask } = useDeleting();
  const voices = haiku.lines.flatMap((line) => (line.voice ? [line.number - 1] : []));
  // Read when asked for: who only looks at a poem loads neither.
  const share = useMutation({
    mutationFn: async () => (await import("../share").catch(unreached)).shareCard(haiku),
  });
  const save = useMutation({
    mutationFn: async () => (await import("../save").catch(unreached)).saveFiles(haiku),
  });
  // What is told is of the last that was asked for.
  const shareIt = () => {
    save.reset();
    share.mutate();
  };
  const saveIt = () => {
    share.reset();
    save.mutate();
  };
  const isPlaying = player.playing !== null;
  return (
    <div className="tools" role="group" aria-label="This haiku">
      {voices.length > 0 && (
        <>
          <button
            type="button"
            className="button primary"
            onClick={() => (isPlaying ? player.stop() : player.play(voices))}
          >
            {isPlaying ? <Stop /> : <Play />} {isPlaying ? "Stop" : "Play all"}
          </button>
          <label className="chip">
            <span className="sr-only">Speed</span>
            <select value={player.speed} onChange={(event) => player.setSpeed(Number(event.target.value))}>
              {SPEEDS.map((speed) => (
                <option key={speed} value={speed}>
                  {speed}×
                </option>
              ))}
            </select>
          </label>
        </>
      )}
      {!isRunning && <Illustrate haiku={haiku} retry={retry} />}
      <span className="grow" />
      {!isRunning && (
        <>
          <button type="button" className="button" onClick={shareIt} aria-busy={share.isPending}>
            <Share /> {share.isPending ? "Drawing …" : "Share as picture"}
          </button>
          <button type="button" className="button" onClick={saveIt} aria-busy={save.isPending}>
            <Save /> {save.isPending ? "Packing …" : "Download"}
          </button>
        </>
      )}
      <button type="button" className="icon-button" aria-label="Delete this haiku" onClick={() => ask(haiku)}>
        <Trash />
      </button>
      {(share.error ?? save.error) && <Complaint problem={share.error ?? save.error} />}
    </div>
  );
}

function unreached(error: unknown): never {
  throw readProblem(error, undefined);
}
