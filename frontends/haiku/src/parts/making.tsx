/** How it was made: by whom, in which steps, how long, for how much. */

import { type HaikuView, type JobView, type RequestView, Timeline, tellCost } from "@kotonoha/shared";

const TITLES: Record<string, string> = {
  "haiku.compose": "Poem",
  "haiku.scenes": "Scenes",
  "image.paint": "Picture",
  "speech.say": "Voice",
};

export function Making({ request }: { request: RequestView }) {
  return (
    <details className="making" open={request.finished_at === null ? true : undefined}>
      <summary>
        {request.finished_at ? "How it was made" : "How it is made"}{" "}
        <span className="making-sum">{sum(request)}</span>
      </summary>
      <Timeline request={request} title={title} />
    </details>
  );
}

function title(job: JobView, place: number): string {
  const name = TITLES[job.kind] ?? job.kind;
  return job.queue === "text" ? name : `${name} ${place}`;
}

function sum(request: RequestView): string {
  const { completed, total } = request.progress;
  const steps = `${completed} of ${total} ${total === 1 ? "step" : "steps"}`;
  if (!request.finished_at) return steps;
  const seconds = (Date.parse(request.finished_at) - Date.parse(request.created_at)) / 1000;
  return `${steps}, ${seconds.toFixed(1)} s, ${tellCost(request.cost_microusd)}`;
}

/** What no language model, painter or person made is said to be what it is. */
export function Makers({ haiku }: { haiku: HaikuView }) {
  const painters = new Set(haiku.lines.flatMap((line) => line.picture?.painted_by ?? []));
  const speakers = new Set(haiku.lines.flatMap((line) => line.voice?.spoken_by ?? []));
  return (
    <dl className="makers">
      {haiku.composed_by && <Maker of="Poem" by={[haiku.composed_by]} />}
      {painters.size > 0 && <Maker of="Pictures" by={[...painters]} />}
      {speakers.size > 0 && <Maker of="Voices" by={[...speakers]} />}
    </dl>
  );
}

function Maker({ of, by }: { of: string; by: string[] }) {
  return (
    <div>
      <dt>{of}</dt>
      <dd>{by.join(", ")}</dd>
    </div>
  );
}
