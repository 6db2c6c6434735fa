/** What the learner should know about connection and session, at the top of every page and only when there is something to know. */

import { useEffect, useState } from "react";
import { useConnection, useKotonoha, useStanding } from "../kotonoha";
import { useOnline } from "../use_online";

const CONNECTING_FOR_MS = 2_000;

export function StandingBar() {
  const { session } = useKotonoha();
  const standing = useStanding();
  if (standing === "ended") {
    return (
      <Bar>
        <span>Your session has ended. What you have typed is kept.</span>
        <button
          type="button"
          className="button small"
          onClick={() => session.signIn(location.pathname + location.search)}
        >
          Sign in again
        </button>
      </Bar>
    );
  }
  return <ConnectionBar />;
}

function ConnectionBar() {
  const connection = useConnection();
  const online = useOnline();
  const [patient, setPatient] = useState(true);
  useEffect(() => {
    setPatient(true);
    if (connection !== "connecting") return;
    const timer = setTimeout(() => setPatient(false), CONNECTING_FOR_MS);
    return () => clearTimeout(timer);
  }, [connection]);
  if (!online)
    return <Bar>You are offline. What you have typed is kept; this page goes on when you are back.</Bar>;
  if (connection === "connecting" && !patient) return <Bar>Reconnecting. Nothing is lost meanwhile.</Bar>;
  return null;
}

function Bar({ children }: { children: React.ReactNode }) {
  return (
    <div className="bar" role="status">
      {children}
    </div>
  );
}
