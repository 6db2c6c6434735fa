import { afterEach, expect, test, vi } from "vitest";
import { connectApi } from "../../shared_react/src/connect";
import type { Session } from "../../shared_react/src/session";
import { deleteOnce } from "./deleting";

afterEach(() => {
  vi.unstubAllGlobals();
});

test("what is gone already is deleted", async () => {
  answer(404);

  await expect(deleteOnce("moths")).resolves.toBeUndefined();
});

test("what cannot be deleted is told", async () => {
  answer(503);

  await expect(deleteOnce("moths")).rejects.toMatchObject({ status: 503 });
});

function answer(status: number): void {
  const problem = { type: "urn:kotonoha:problem", detail: "So it is." };
  vi.stubGlobal("fetch", async () => Response.json(problem, { status }));
  connectApi({ token: async () => "a token" } as Session);
}
