/** Make the generated client speak for the session: its token on every call, one renewal after a 401, problems for errors. */

import { client } from "./api/client.gen";
import { readProblem } from "./problem";
import type { Session } from "./session";

/** No answer after this long is no answer. */
const PATIENCE_MS = 30_000;

export function connectApi(session: Session): void {
  client.setConfig({
    baseUrl: location.origin,
    auth: () => session.token(),
    fetch: (input: RequestInfo | URL) => fetchRenewed(session, new Request(input)),
  });
  client.interceptors.error.use((error, response) => readProblem(error, response));
}

/** `patienceMs` is null for streams, which are meant to last. */
export async function fetchRenewed(
  session: Session,
  request: Request,
  patienceMs: number | null = PATIENCE_MS,
): Promise<Response> {
  const again = request.clone();
  const answer = await fetch(request, { signal: patient(request, patienceMs) });
  if (answer.status !== 401 || !(await session.renew())) return answer;
  again.headers.set("Authorization", `Bearer ${await session.token()}`);
  return fetch(again, { signal: patient(again, patienceMs) });
}

function patient(request: Request, ms: number | null): AbortSignal {
  return ms === null ? request.signal : AbortSignal.any([request.signal, AbortSignal.timeout(ms)]);
}
