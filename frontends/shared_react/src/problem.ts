/** Everything that can go wrong between page and api, as one kind of error that reads as a sentence (RFC 9457). */

import type { ProblemDocument } from "./api";

/** Who is signed in, how fast they were, and what else is under way may be different next time. */
const OF_THE_MOMENT = new Set([401, 408, 409]);

export class Problem extends Error {
  /** There was no line: it passes when there is one again. */
  readonly isOffline: boolean;

  /** `status` is 0 when nobody answered. */
  constructor(
    message: string,
    readonly status = 0,
    readonly retryAfterSeconds: number | null = null,
  ) {
    super(message);
    this.isOffline = status === 0 && !navigator.onLine;
  }

  /** Whether asking again unchanged may help. */
  get passes(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }

  /** Whether asking again unchanged never helps: the answer is about what was asked, not about the moment. */
  get isFinal(): boolean {
    return !this.passes && !OF_THE_MOMENT.has(this.status);
  }
}

export function readProblem(error: unknown, response: Response | undefined): Problem {
  if (error instanceof Problem) return error;
  if (!response) return new Problem("Kotonoha cannot be reached. Check your connection.");
  const seconds = Number(response.headers.get("Retry-After")) || null;
  // It says all that is wrong; `errors` beside it is for programs that mark fields.
  const words = isDocument(error)
    ? error.detail
    : "Kotonoha gave an answer that makes no sense. Try again in a moment.";
  return new Problem(words, response.status, seconds);
}

/** One or two sentences for people: what is wrong, and when it is worth another try. */
export function tellProblem(error: unknown): string {
  const problem =
    error instanceof Problem
      ? error
      : new Problem("That did not work here. Load the page anew and try again.");
  return [problem.message, tellWait(problem.retryAfterSeconds)].filter(Boolean).join(" ");
}

function tellWait(seconds: number | null): string {
  if (!seconds || seconds <= 1) return "";
  if (seconds < 100) return `Try again in ${seconds} seconds.`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 100
    ? `Try again in ${minutes} minutes.`
    : `Try again in ${Math.ceil(minutes / 60)} hours.`;
}

function isDocument(error: unknown): error is ProblemDocument {
  return typeof error === "object" && error !== null && "type" in error && "detail" in error;
}
