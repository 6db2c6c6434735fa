/** One haiku: the poem taking shape, each line's picture and voice as they come, and the conversation about it. */

import { Complaint, type HaikuView, Patience, Problem, Words } from "@kotonoha/shared";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useEffect } from "react";
import { Conversation } from "../parts/conversation";
import { Back } from "../parts/icons";
import { Leaf } from "../parts/leaf";
import { Makers, Making } from "../parts/making";
import { Poem } from "../parts/poem";
import { Rest } from "../parts/rest";
import { Status } from "../parts/status";
import { Tools } from "../parts/tools";
import { NoPoem, Waiting } from "../parts/waiting";
import { oneHaiku } from "../queries";
import { useTold } from "../told";
import { type Opened, useOpened } from "../use_opened";
import { NotFound } from "./not_found";

export function HaikuPage() {
  const { id } = useParams({ from: "/haiku/$id" });
  const { data: haiku, error, refetch } = useQuery(oneHaiku(id));
  if (error instanceof Problem && (error.status === 404 || error.status === 400)) return <NotFound />;
  if (haiku) return <OpenedHaiku key={haiku.id} haiku={haiku} readAgain={refetch} />;
  return error ? (
    <Complaint problem={error} onAgain={() => refetch()} />
  ) : (
    <Patience words="Fetching the haiku …" />
  );
}

function OpenedHaiku({ haiku, readAgain }: { haiku: HaikuView; readAgain(): Promise<unknown> }) {
  const opened = useOpened(haiku, readAgain);
  const { request, problem, stop, stopError } = opened;
  useTitle(haiku);
  useTold(haiku, request);
  return (
    <article className="haiku-page">
      <Head haiku={haiku}>{stop && <StopButton stop={stop} />}</Head>
      {problem && <Complaint problem={problem} />}
      {stopError && <Complaint problem={stopError} />}
      <div className="haiku-body">
        <Sheet haiku={haiku} opened={opened} />
        {hasPoem(haiku) && <Leaves haiku={haiku} opened={opened} />}
        <Conversation haiku={haiku} />
      </div>
      {request && <Making request={request} />}
      <Makers haiku={haiku} />
    </article>
  );
}

type Parts = { haiku: HaikuView; opened: Opened };

/** The poem, or why there is none, and what can be done with it. */
function Sheet({ haiku, opened }: Parts) {
  const { request, words, player, retry, unsent, stop } = opened;
  return (
    <div className="haiku-poem">
      <div className="sheet-room">
        <Poem haiku={haiku} words={words} heard={player.playing} />
      </div>
      {request && <Waiting request={request} />}
      {!hasPoem(haiku) && request?.finished_at && (
        <NoPoem request={request} onAgain={retry.ask} isAsking={retry.isAsking} />
      )}
      {unsent && <Complaint problem={unsent.error} onAgain={unsent.send} />}
      {hasPoem(haiku) && !stop && <Rest haiku={haiku} retry={retry} />}
      {hasPoem(haiku) && <Tools haiku={haiku} player={player} isRunning={stop !== null} retry={retry} />}
    </div>
  );
}

function Leaves({ haiku, opened: { request, player, retry, renew } }: Parts) {
  const isPainted = haiku.lines.some((line) => line.picture);
  return (
    <ol className="leaves">
      {haiku.lines.map((line) => (
        <Leaf
          key={line.number}
          line={line}
          isFramed={isPainted}
          request={request}
          player={player}
          retry={retry}
          renew={renew}
        />
      ))}
    </ol>
  );
}

function Head({ haiku, children }: { haiku: HaikuView; children: React.ReactNode }) {
  return (
    <>
      <Link to="/" className="back">
        <Back /> All haiku
      </Link>
      <header className="haiku-head">
        <h1>
          <Words>{haiku.topic}</Words>
        </h1>
        <Status haiku={haiku} />
        {children}
      </header>
    </>
  );
}

function StopButton({ stop }: { stop: NonNullable<Opened["stop"]> }) {
  return (
    <button type="button" className="button small" onClick={stop.ask} aria-busy={stop.isStopping}>
      {stop.isStopping ? "Stopping …" : "Stop"}
    </button>
  );
}

function hasPoem(haiku: HaikuView): boolean {
  return Boolean(haiku.lines[0].japanese);
}

function useTitle(haiku: HaikuView): void {
  useEffect(() => {
    document.title = `${haiku.topic} · Haiku · Kotonoha`;
  }, [haiku.topic]);
}
