import { afterEach, expect, test, vi } from "vitest";
import { connectApi } from "../connect";
import type { Session } from "../session";
import { openPolls } from "./polls";

afterEach(() => {
  vi.unstubAllGlobals();
});

test("a request that is not there any more is told to be over, and disturbs no other", async () => {
  const open = { id: "open", status: "running", jobs: [], finished_at: null };
  const gone = { type: "urn:kotonoha:problem:not-found", detail: "There is no such request." };
  vi.stubGlobal("fetch", async (request: Request) =>
    request.url.endsWith("/open") ? Response.json(open) : Response.json(gone, { status: 404 }),
  );
  connectApi({ token: async () => "a token" } as Session);
  const told: string[] = [];
  const way = openPolls({
    opened: () => void told.push("opened"),
    event: (event) => void told.push(`${event.request_id} changed`),
    ended: (id) => void told.push(`${id} ended`),
    failed: (reason) => void told.push(reason),
  });
  way.follow("open", 0);
  way.follow("gone", 0);

  await vi.waitFor(
    () => expect(new Set(told)).toEqual(new Set(["gone ended", "open changed", "opened"])),
    10_000,
  );
  way.close();
});
