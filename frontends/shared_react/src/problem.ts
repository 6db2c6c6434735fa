/** Everything that can go wrong between page and api, as one kind of error that reads as a sentence (RFC 9457). */

import type { ProblemDocument } from "./api";

const FAMILY = "urn:kotonoha:problem:";

export class Problem extends Error {
  constructor(
    /** The last part of the problem's type, such as `not-found`; `offline` when nobody answered. */
    readonly code: string,
    message: string,
    readonly status = 0,
    readonly retryAfterSeconds: number | null = null,
    /** What is wrong with single fields, by JSON pointer. */
    readonly flaws: ReadonlyMap<string, string> = new Map(),
    readonly traceId: string | null = null,
  ) {
    super(message);
  }

  /** Whether asking again unchanged may help. */
  get passes(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

export function readProblem(error: unknown, response: Response | undefined): Problem {
  if (error instanceof Problem) return error;
  if (!response) return new Problem("offline", "Kotonoha cannot be reached. Check your connection.");
  const seconds = Number(response.headers.get("Retry-After")) || null;
  if (!isDocument(error)) {
    return new Problem(
      "unreadable",
      "Kotonoha gave an answer that makes no sense. Try again in a moment.",
      response.status,
      seconds,
    );
  }
  const flaws = new Map((error.errors ?? []).map((flaw) => [flaw.pointer, flaw.detail]));
  const code = error.type.startsWith(FAMILY) ? error.type.slice(FAMILY.length) : error.type;
  return new Problem(code, error.detail, response.status, seconds, flaws, error.trace_id);
}

/** One or two sentences for people: what is wrong, and when it is worth another try. */
export function tellProblem(error: unknown): string {
  const problem = error instanceof Problem ? error : readProblem(error, undefined);
  const flaws = [...problem.flaws.values()].filter((flaw) => !problem.message.includes(flaw));
  return [problem.message, ...flaws.map(asSentence), tellWait(problem.retryAfterSeconds)]
    .filter(Boolean)
    .join(" ");
}

function tellWait(seconds: number | null): string {
  if (!seconds || seconds <= 1) return "";
  if (seconds < 100) return `Try again in ${seconds} seconds.`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 100
    ? `Try again in ${minutes} minutes.`
    : `Try again in ${Math.ceil(minutes / 60)} hours.`;
}

function asSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function isDocument(error: unknown): error is ProblemDocument {
  return typeof error === "object" && error !== null && "type" in error && "detail" in error;
}
