import type { HaikuView, RequestView } from "@kotonoha/shared";
import { afterEach, expect, test, vi } from "vitest";
import { connectApi } from "../../shared_react/src/connect";
import type { Session } from "../../shared_react/src/session";
import { askAgain, whatAgain } from "./again";

const HAIKU = { id: "haiku", request: "/api/requests/newest" } as HaikuView;

afterEach(() => {
  vi.unstubAllGlobals();
});

test.each([
  ["failed", ["succeeded", "failed"], "/api/requests/newest/retry"],
  ["canceled", ["canceled", "failed"], "/api/haiku/haiku/illustrations"],
  ["canceled", ["succeeded", "canceled"], "/api/haiku/haiku/illustrations"],
  ["succeeded", ["succeeded"], "/api/haiku/haiku/illustrations"],
])("of a request that is %s, with jobs that are %j, %s is asked for", async (status, jobs, path) => {
  const sent = listen();
  const request = { id: "newest", status, jobs: jobs.map((one) => ({ status: one })) } as RequestView;
  await askAgain(whatAgain(HAIKU, request, () => "a key"));

  expect(sent.map(({ url }) => new URL(url).pathname)).toEqual([path]);
});

test("what is missing is asked for with a key of what was seen to be missing", async () => {
  const sent = listen();
  await askAgain(whatAgain(HAIKU, undefined, (meaning) => `key of ${meaning}`));

  expect(sent.map(({ headers }) => headers.get("Idempotency-Key"))).toEqual(["key of /api/requests/newest"]);
});

function listen(): Request[] {
  const sent: Request[] = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    sent.push(request);
    return Response.json({}, { status: 202 });
  });
  connectApi({ token: async () => "a token" } as Session);
  return sent;
}
