/** How the picture and the voice of a line stand, told from the newest job for each and from the request that may still bring one. */

import type { HaikuView, JobStanding, LineView, RequestView } from "@kotonoha/shared";

export type Part = "picture" | "voice";

export type PartStanding =
  | { is: "here" }
  | { is: "coming"; words?: string }
  | { is: "failed"; reason: string }
  | { is: "absent" };

const OPEN = new Set(["queued", "running", "retrying"]);

export function pictureStanding(line: LineView, request: RequestView | undefined): PartStanding {
  if (line.picture) return { is: "here" };
  const scenes = request?.jobs.findLast((job) => job.kind === "haiku.scenes");
  if (!line.picture_job && scenes?.status === "failed") return failed(scenes);
  if (!line.picture_job && scenes && OPEN.has(scenes.status)) {
    return { is: "coming", words: "Choosing what to paint …" };
  }
  return standing(line.picture_job, request);
}

export function voiceStanding(line: LineView, request: RequestView | undefined): PartStanding {
  return line.voice ? { is: "here" } : standing(line.voice_job, request);
}

/** How many of each are not there: that failed, or all. */
export type Lack = { pictures: number; voices: number };

export function countMissing(haiku: HaikuView): Lack {
  return {
    pictures: haiku.lines.filter((line) => !line.picture).length,
    voices: haiku.lines.filter((line) => !line.voice).length,
  };
}

/** Pictures or voices are there: more than words. */
export function isBegun(haiku: HaikuView): boolean {
  return haiku.lines.some((line) => line.picture || line.voice);
}

export function countLack(haiku: HaikuView, request: RequestView | undefined): Lack {
  return {
    pictures: haiku.lines.filter((line) => pictureStanding(line, request).is === "failed").length,
    voices: haiku.lines.filter((line) => voiceStanding(line, request).is === "failed").length,
  };
}

function standing(job: JobStanding | null | undefined, request: RequestView | undefined): PartStanding {
  if (job?.status === "failed") return failed(job);
  if (job?.status === "retrying") return { is: "coming", words: "It did not work at once. Trying again …" };
  if (job && OPEN.has(job.status)) return { is: "coming" };
  const isComing = request?.finished_at === null && request.jobs.some((one) => one.kind !== "haiku.compose");
  return !job && isComing ? { is: "coming" } : { is: "absent" };
}

function failed(job: { error: { detail: string } | null }): PartStanding {
  return { is: "failed", reason: job.error?.detail ?? "" };
}
