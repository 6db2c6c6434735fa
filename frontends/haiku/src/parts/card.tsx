/** One haiku among all: its first picture, its words, how it stands. */

import { type HaikuView, useRequest, Words } from "@kotonoha/shared";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useDeleting } from "../deleting";
import { idOf, LIST } from "../queries";
import { Trash } from "./icons";
import { isOpen, Status } from "./status";

export function Card({ haiku }: { haiku: HaikuView }) {
  const goesOn = isOpen(haiku);
  useRequest(goesOn ? idOf(haiku.request) : undefined, LIST, goesOn);
  const { ask } = useDeleting();
  const [broken, setBroken] = useState("");
  const picture = haiku.lines.find((line) => line.picture)?.picture;
  const poem = haiku.lines.flatMap((line) => line.japanese ?? []);
  return (
    <li className="card">
      <Link to="/haiku/$id" params={{ id: haiku.id }} className="card-link">
        <div className="card-picture">
          {picture && picture.url !== broken ? (
            <img
              src={picture.url}
              alt=""
              loading="lazy"
              width={picture.width}
              height={picture.height}
              onError={() => setBroken(picture.url)}
            />
          ) : (
            <p className="card-blank" lang="ja" aria-hidden="true">
              {poem.map((line) => (
                <span key={line}>{line}</span>
              ))}
            </p>
          )}
        </div>
        <h3>
          <Words>{haiku.topic}</Words>
        </h3>
        {poem.length > 0 && (
          <p className="card-poem" lang="ja">
            {poem.join(" ")}
          </p>
        )}
        <p className="card-foot">
          <time dateTime={haiku.created_at}>
            {new Date(haiku.created_at).toLocaleDateString(undefined, { dateStyle: "medium" })}
          </time>
          <Status haiku={haiku} />
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
