/** A problem as a sentence, with a way on. */

import { useEffect, useRef } from "react";
import { useStanding } from "../kotonoha";
import { Problem, tellProblem } from "../problem";
import { useOnline } from "../use_online";

export function Complaint({ problem, onAgain }: { problem: unknown; onAgain?: () => void }) {
  const standing = useStanding();
  // The bar at the top says what to do about it.
  if (standing === "ended" && problem instanceof Problem && problem.status === 401)
    return <p className="note">This waits until you have signed in again.</p>;
  if (problem instanceof Problem && problem.isOffline) return <Offline onAgain={onAgain} />;
  return (
    <div role="alert" className="complaint">
      <p>{tellProblem(problem)}</p>
      {onAgain && !(problem instanceof Problem && problem.isFinal) && (
        <button type="button" className="button small" onClick={onAgain}>
          Try again
        </button>
      )}
    </div>
  );
}

/** The bar at the top says that there is no line. What was asked for without one is asked for again when it is back. */
function Offline({ onAgain }: { onAgain: (() => void) | undefined }) {
  const online = useOnline();
  const again = useRef(onAgain);
  again.current = onAgain;
  useEffect(() => {
    if (online) again.current?.();
  }, [online]);
  if (online) return null;
  return <p className="note">{onAgain ? "This waits until you are back." : "This needs a connection."}</p>;
}
