/** What a click on "again", or on "make the rest", asks for. Sent a second time it is the same, whatever was read since. */

import { type HaikuView, illustrateHaiku, type RequestView, retryRequest } from "@kotonoha/shared";

export type Again = { is: "retry"; request: string } | { is: "rest"; haiku: string; key: string };

/** A request that failed is tried again. Any other keeps what failed in it (one that was stopped does): then what is missing. */
export function whatAgain(
  haiku: HaikuView,
  request: RequestView | undefined,
  keyFor: (meaning: string) => string,
): Again {
  if (request?.status === "failed") return { is: "retry", request: request.id };
  return { is: "rest", haiku: haiku.id, key: keyFor(String(haiku.request)) };
}

/** A retry needs no key: a request that runs again has nothing that failed. */
export function askAgain(again: Again) {
  if (again.is === "retry") return retryRequest({ path: { request_id: again.request } });
  return illustrateHaiku({ path: { haiku_id: again.haiku }, headers: { "Idempotency-Key": again.key } });
}
