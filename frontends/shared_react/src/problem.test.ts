import { expect, test, vi } from "vitest";
import { Problem, readProblem, tellProblem } from "./problem";

const DOCUMENT = {
  type: "urn:kotonoha:problem:too-many",
  title: "Too much at once",
  status: 429,
  detail: "30 submits a minute are enough.",
  instance: "/api/haiku",
  trace_id: "4bf92f",
};

function answered(status: number, retryAfter?: string): Response {
  return new Response(null, { status, headers: retryAfter ? { "Retry-After": retryAfter } : {} });
}

test("a problem document keeps its sentence and its time", () => {
  const problem = readProblem(DOCUMENT, answered(429, "42"));

  expect(problem).toMatchObject({ status: 429, retryAfterSeconds: 42 });
  expect(tellProblem(problem)).toBe("30 submits a minute are enough. Try again in 42 seconds.");
});

test("long waits are told in minutes and hours", () => {
  expect(tellProblem(readProblem(DOCUMENT, answered(429, "600")))).toContain("Try again in 10 minutes.");
  expect(tellProblem(readProblem(DOCUMENT, answered(429, "36000")))).toContain("Try again in 10 hours.");
});

test("what is wrong with a field is said once", () => {
  const flawed = {
    ...DOCUMENT,
    detail: "The text cannot be taken: it is empty.",
    errors: [{ pointer: "/topic", detail: "It is empty." }],
  };

  expect(tellProblem(readProblem(flawed, answered(400)))).toBe("The text cannot be taken: it is empty.");
});

test("no answer, a page of a proxy, and our own errors are told in words", () => {
  expect(readProblem(new TypeError("Failed to fetch"), undefined)).toMatchObject({
    status: 0,
    passes: true,
  });
  expect(readProblem("<html>502</html>", answered(502))).toMatchObject({ status: 502, passes: true });
  expect(readProblem(DOCUMENT, answered(409)).passes).toBe(false);
  expect(tellProblem(new Problem("Ours."))).toBe("Ours.");
});

test("what happened without a line is told apart from what nobody answered", () => {
  const line = vi.spyOn(navigator, "onLine", "get");

  expect(line.mockReturnValue(false) && new Problem("No.").isOffline).toBe(true);
  expect(line.mockReturnValue(false) && new Problem("No.", 503).isOffline).toBe(false);
  expect(line.mockReturnValue(true) && new Problem("No.").isOffline).toBe(false);
});

test.each([
  [400, true],
  [404, true],
  [413, true],
  [422, true],
  [401, false],
  [409, false],
  [429, false],
  [503, false],
  [0, false],
])("whether an answer %i stays the same however often one asks: %s", (status, isFinal) => {
  expect(new Problem("No.", status).isFinal).toBe(isFinal);
});

test("what went wrong on the page itself is not said of the connection", () => {
  expect(tellProblem(new TypeError("x is undefined"))).not.toContain("reached");
});
