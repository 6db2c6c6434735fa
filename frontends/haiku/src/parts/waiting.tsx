/** What stands below the sheet while there is no poem: who is before you, or why none came. */

import type { RequestView } from "@kotonoha/shared";

export function Waiting({ request }: { request: RequestView }) {
  const { status, queue_position: position, eta_seconds: eta } = request;
  if (status !== "queued" || !position || position < 2) return null;
  return (
    <p className="note" role="status">
      {position - 1} before you{eta ? `, about ${eta} seconds` : ""}.
    </p>
  );
}

type NoPoemProps = { request: RequestView; onAgain(): void; isAsking: boolean };

export function NoPoem({ request, onAgain, isAsking }: NoPoemProps) {
  const failed = request.jobs.find((job) => job.status === "failed");
  if (!failed)
    return <p className="note">This was stopped before there was a poem. Say what you would like instead.</p>;
  return (
    <div className="complaint" role="alert">
      <p>The poet found no words. {failed.error?.detail}</p>
      <button type="button" className="button small" onClick={onAgain} aria-busy={isAsking}>
        {isAsking ? "Asking again …" : "Try again"}
      </button>
    </div>
  );
}
