/** How a request was made: its jobs as a small waterfall, with seconds and cost. */

import { useEffect, useState } from "react";
import type { JobView, RequestView } from "../api";

type Props = { request: RequestView; title(job: JobView, place: number): string };

export function Timeline({ request, title }: Props) {
  const now = useNow(request.finished_at === null);
  const began = Date.parse(request.created_at);
  const ended = Math.max(...request.jobs.map((job) => endOf(job, now)), began + 100);
  const counts = new Map<string, number>();
  return (
    <ol className="timeline" aria-label="Steps">
      {request.jobs.map((job) => {
        const place = (counts.get(job.kind) ?? 0) + 1;
        counts.set(job.kind, place);
        return (
          <Row key={job.id} job={job} name={title(job, place)} began={began} span={ended - began} now={now} />
        );
      })}
    </ol>
  );
}

function Row({
  job,
  name,
  began,
  span,
  now,
}: {
  job: JobView;
  name: string;
  began: number;
  span: number;
  now: number;
}) {
  const start = Date.parse(job.started_at ?? job.created_at) - began;
  const width = Math.max(0, endOf(job, now) - began - start);
  return (
    <li data-status={job.status}>
      <span className="name">{name}</span>
      <span className="track" aria-hidden="true">
        <span
          style={{
            marginInlineStart: `${(start / span) * 100}%`,
            width: `max(4px, ${(width / span) * 100}%)`,
          }}
        />
      </span>
      <span className="time">{tellTime(job, now)}</span>
      <span className="cost">{tellCost(job.cost_microusd, job.finished_at !== null)}</span>
      {job.provider && <span className="by">{[job.provider, job.model].filter(Boolean).join(" · ")}</span>}
    </li>
  );
}

function tellTime(job: JobView, now: number): string {
  if (job.status === "queued") return "waiting";
  if (job.status === "canceled") return "canceled";
  if (job.status === "retrying") return `trying again (${job.attempt})`;
  if (!job.started_at) return job.status;
  const seconds = tellSeconds((endOf(job, now) - Date.parse(job.started_at)) / 1000);
  return job.status === "failed" ? `failed after ${seconds}` : seconds;
}

function tellSeconds(seconds: number): string {
  return seconds < 0.05 ? "under 0.1 s" : `${seconds.toFixed(1)} s`;
}

/** A price nobody knows is told as such, never as nothing. */
export function tellCost(microusd: number | null, known = true): string {
  if (microusd === null) return known ? "price unknown" : "";
  if (microusd === 0) return known ? "free" : "";
  return `$${(microusd / 1e6).toFixed(microusd < 1e4 ? 4 : 2)}`;
}

function endOf(job: JobView, now: number): number {
  if (job.finished_at) return Date.parse(job.finished_at);
  return job.started_at ? now : Date.parse(job.created_at);
}

function useNow(running: boolean): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(() => setNow(Date.now()), 200);
    return () => clearInterval(timer);
  }, [running]);
  return now;
}
