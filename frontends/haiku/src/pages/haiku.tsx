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
import { countLack } from "../parts/standing";
import { Status } from "../parts/status";
import { Tools } from "../parts/tools";
import { NoPoem, Waiting } from "../parts/waiting";
import { oneHaiku } from "../queries";
import { useTold } from "../told";
import { useOpened } from "../use_opened";
import { NotFound } from "./not_found";

export function HaikuPage() {
  const { id } = useParams({ from: "/haiku/$id" });
  const { data: haiku, error, refetch } = useQuery(oneHaiku(id));
  if (error instanceof Problem && (error.status === 404 || error.status === 400)) return <NotFound />;
  if (haiku) return <Opened key={haiku.id} haiku={haiku} readAgain={refetch} />;
  return error ? (
    <Complaint problem={error} onAgain={() => refetch()} />
  ) : (
    <Patience words="Fetching the haiku …" />
  );
}

function Opened({ haiku, readAgain }: { haiku: HaikuView; readAgain(): Promise<unknown> }) {
  const { request, words, problem, player, renew, again, cancel } = useOpened(haiku, readAgain);
  useTitle(haiku);
  useTold(haiku, request);
  const hasPoem = Boolean(haiku.lines[0].japanese);
  const isRunning = request ? request.finished_at === null : false;
  // Also while what was begun comes to its end.
  const isStopping = cancel.isPending || (cancel.isSuccess && cancel.variables.id === request?.id);
  const retry = { ask: () => again.mutate(), isAsking: again.isPending, lack: countLack(haiku, request) };
  return (
    <article className="haiku-page">
      <Head haiku={haiku}>
        {isRunning && request && <StopButton onStop={() => cancel.mutate(request)} isStopping={isStopping} />}
      </Head>
      {problem && <Complaint problem={problem} />}
      {cancel.error && <Complaint problem={cancel.error} />}
      <div className="haiku-body">
        <div className="haiku-poem">
          <div className="sheet-room">
            <Poem haiku={haiku} words={words} heard={player.playing} />
          </div>
          {request && <Waiting request={request} />}
          {!hasPoem && request?.finished_at && (
            <NoPoem request={request} onAgain={retry.ask} isAsking={retry.isAsking} />
          )}
          {again.error && <Complaint problem={again.error} onAgain={retry.ask} />}
          {hasPoem && <Tools haiku={haiku} player={player} isRunning={isRunning} retry={retry} />}
        </div>
        {hasPoem && (
          <ol className="leaves">
            {haiku.lines.map((line) => (
              <Leaf
                key={line.number}
                line={line}
                request={request}
                player={player}
                retry={retry}
                onBroken={renew}
              />
            ))}
          </ol>
        )}
        <Conversation haiku={haiku} />
      </div>
      {request && <Making request={request} />}
      <Makers haiku={haiku} />
    </article>
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
        <Status status={haiku.status} />
        {children}
      </header>
    </>
  );
}

function StopButton({ onStop, isStopping }: { onStop(): void; isStopping: boolean }) {
  return (
    <button type="button" className="button small" onClick={onStop} aria-busy={isStopping}>
      {isStopping ? "Stopping …" : "Stop"}
    </button>
  );
}

function useTitle(haiku: HaikuView): void {
  useEffect(() => {
    document.title = `${haiku.topic} · Haiku · Kotonoha`;
  }, [haiku.topic]);
}
