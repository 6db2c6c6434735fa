/** A problem as a sentence, with a way on. */

import { useStanding } from "../kotonoha";
import { Problem, tellProblem } from "../problem";

export function Complaint({ problem, onAgain }: { problem: unknown; onAgain?: () => void }) {
  const standing = useStanding();
  // The bar at the top says what to do about it.
  if (standing === "ended" && problem instanceof Problem && problem.status === 401)
    return <p className="note">This waits until you have signed in again.</p>;
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
