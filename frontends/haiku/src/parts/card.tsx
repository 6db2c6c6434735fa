/** One haiku among all: its first picture, its words, how it stands. */

import { type HaikuView, useRequest } from "@kotonoha/shared";
import { Link } from "@tanstack/react-router";
import { useDeleting } from "../deleting";
import { idOf, LIST } from "../queries";
import { Trash } from "./icons";
import { isOpen, Status } from "./status";

export function Card({ haiku }: { haiku: HaikuView }) {
  useRequest(isOpen(haiku) ? idOf(haiku.request) : undefined, LIST);
  const { ask } = useDeleting();
  const picture = haiku.lines.find((line) => line.picture)?.picture;
  return (
    <li className="card" data-season={haiku.season ?? undefined}>
      <Link to="/haiku/$id" params={{ id: haiku.id }} className="card-link">
        <div className="card-picture">
          {picture ? (
            <img src={picture.url} alt="" loading="lazy" width={picture.width} height={picture.height} />
          ) : (
            <span className="card-blank" aria-hidden="true" />
          )}
          <p className="card-poem" lang="ja">
            {haiku.lines.map((line) => (
              <span key={line.number}>{line.japanese}</span>
            ))}
          </p>
        </div>
        <h3>{haiku.topic}</h3>
        <p className="card-foot">
          <time dateTime={haiku.created_at}>
            {new Date(haiku.created_at).toLocaleDateString(undefined, { dateStyle: "medium" })}
          </time>
          <Status status={haiku.status} />
        </p>
      </Link>
      <button
        type="button"
        className="icon-button card-delete"
        aria-label={`Delete “${haiku.topic}”`}
        onClick={() => ask(haiku)}
      >
        <Trash />
      </button>
    </li>
  );
}
