/** Where a picture or a voice belongs that is not there: it is coming, or it failed and can be asked for again. */

import { Patience } from "@kotonoha/shared";
import { Again } from "./icons";
import type { Lack, Part, PartStanding } from "./standing";

/** Asking again is for all that failed at once: whatever is there is kept, and not paid for again. */
export type Retry = { ask(): void; isAsking: boolean; lack: Lack };

type Props = { what: Part; standing: PartStanding; doing: string; retry: Retry };

export function Missing({ what, standing, doing, retry }: Props) {
  if (standing.is === "coming") {
    return (
      <div className="missing coming" data-what={what}>
        <Patience words={standing.words ?? doing} />
      </div>
    );
  }
  if (standing.is !== "failed") return null;
  return (
    <div className="missing failed" data-what={what} role="group" aria-label={`The ${what} failed`}>
      <p>
        The {what} did not work out. <span className="reason">{standing.reason}</span>
      </p>
      <button type="button" className="button small" onClick={retry.ask} aria-busy={retry.isAsking}>
        <Again /> {retry.isAsking ? "Asking again …" : tellRetry(retry.lack)}
      </button>
    </div>
  );
}

function tellRetry({ pictures, voices }: Lack): string {
  const verb = voices === 0 ? "Paint" : pictures === 0 ? "Record" : "Make";
  const count = pictures + voices;
  return `${verb} ${count === 1 ? "it" : count === 2 ? "both" : `all ${count}`} again`;
}
