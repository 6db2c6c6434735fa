/** What every app stands on: session, live connection, queries. `start` is the whole of an app's beginning. */

import { focusManager, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import {
  createContext,
  type ReactNode,
  StrictMode,
  useContext,
  useEffect,
  useState,
  useSyncExternalStore,
} from "react";
import { createRoot } from "react-dom/client";
import { onComingBack } from "./coming_back";
import { connectApi } from "./connect";
import { type Connection, Live } from "./live/live";
import { openPolls } from "./live/polls";
import { openSocket } from "./live/socket";
import { streamsOf } from "./live/streams";
import { SignedOut } from "./parts/signed_out";
import { Unreached } from "./parts/unreached";
import { Problem } from "./problem";
import { readConfig, Session, type Standing } from "./session";

type Kotonoha = { session: Session; live: Live };

const Context = createContext<Kotonoha | null>(null);

export function useKotonoha(): Kotonoha {
  const kotonoha = useContext(Context);
  if (!kotonoha) throw new Error("Outside of start().");
  return kotonoha;
}

export function useStanding(): Standing {
  const { session } = useKotonoha();
  return useSyncExternalStore(session.subscribe, () => session.standing);
}

export function useConnection(): Connection {
  const { live } = useKotonoha();
  return useSyncExternalStore(live.subscribe, () => live.connection);
}

/** Renders `app` once the session is known: into the sign-in when there is none, back to where the learner was going after it. */
export async function start(app: ReactNode): Promise<void> {
  const element = document.getElementById("root");
  if (!element) return;
  const root = createRoot(element);
  try {
    const session = new Session(await readConfig());
    connectApi(session);
    if (await arrive(session)) root.render(<Everything session={session}>{app}</Everything>);
  } catch (error) {
    document.body.dataset.broken = String(error);
    root.render(<Unreached />);
  }
}

/** False when the browser is on its way to the issuer. */
async function arrive(session: Session): Promise<boolean> {
  if (location.pathname === "/signed-in") {
    history.replaceState(null, "", await session.finishSignIn().catch(() => "/"));
  }
  await session.restore();
  if (session.standing === "signed-in" || location.pathname === "/signed-out") return true;
  await session.signIn(location.pathname + location.search);
  return false;
}

function Everything({ session, children }: { session: Session; children: ReactNode }) {
  const learner = useSyncExternalStore(session.subscribe, () => session.learner);
  return (
    <StrictMode>
      <Context value={{ session, live: theLive(session) }}>
        <Desk key={learner}>{children}</Desk>
      </Context>
    </StrictMode>
  );
}

/** What one learner has open. The next, who may have signed in in another tab, finds nothing of it. */
function Desk({ children }: { children: ReactNode }) {
  const { live } = useKotonoha();
  const [queries] = useState(makeQueries);
  useEffect(() => () => live.startAfresh(), [live]);
  if (useStanding() === "signed-out") return <SignedOut />;
  return <QueryClientProvider client={queries}>{children}</QueryClientProvider>;
}

let live: Live | undefined;

function theLive(session: Session): Live {
  live ??= new Live([openSocket, streamsOf(session), openPolls]);
  return live;
}

focusManager.setEventListener((comeBack) => onComingBack(() => comeBack()));

function makeQueries(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        // Another tab may have asked for something a moment ago.
        refetchOnWindowFocus: "always",
        retry: (failures, error) => failures < 3 && error instanceof Problem && error.passes,
        retryDelay: (failures, error) =>
          error instanceof Problem && error.retryAfterSeconds
            ? error.retryAfterSeconds * 1000
            : Math.min(1000 * 2 ** failures, 8000),
      },
      // Whoever pressed the button decides whether to press it again. Sent also offline: it fails at once, and waits for the line.
      mutations: { retry: false, networkMode: "always" },
    },
  });
}
