/** One haiku: the conversation, the poem taking shape, and each line's picture and voice as they come. */

import {
  Complaint,
  cancelRequest,
  type HaikuView,
  illustrateHaiku,
  Patience,
  Problem,
  type RequestView,
  retryRequest,
  useAnnounce,
  useFreshLinks,
  usePlayer,
  useRequest,
} from "@kotonoha/shared";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useCallback, useEffect, useRef } from "react";
import { Conversation } from "../parts/conversation";
import { Leaf } from "../parts/leaf";
import { Makers, Making } from "../parts/making";
import { Poem } from "../parts/poem";
import { Status } from "../parts/status";
import { Tools } from "../parts/tools";
import { idOf, LIST, oneHaiku } from "../queries";
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
  const queries = useQueryClient();
  const { request, words, problem } = useRequest(idOf(haiku.request), oneHaiku(haiku.id).queryKey);
  const latest = useRef(haiku);
  latest.current = haiku;
  const renew = useCallback(async () => void (await readAgain()), [readAgain]);
  const find = useCallback(
    (place: number) =>
      queries.getQueryData(oneHaiku(latest.current.id).queryKey)?.lines[place]?.voice ?? undefined,
    [queries],
  );
  const player = usePlayer(find, renew);
  useFreshLinks(
    haiku.lines.flatMap((line) => [line.picture?.expires_at, line.voice?.expires_at]),
    renew,
  );
  useTitle(haiku);
  useTold(haiku, request);

  const settled = () => {
    void queries.invalidateQueries({ queryKey: ["request", request?.id] });
    void queries.invalidateQueries({ queryKey: LIST });
    return readAgain();
  };
  const again = useMutation({ mutationFn: () => tryAgain(haiku, request), onSettled: settled });
  const cancel = useMutation({
    mutationFn: (one: RequestView) => cancelRequest({ path: { request_id: one.id } }),
    onSettled: settled,
  });
  const hasPoem = Boolean(haiku.lines[0].japanese);
  const isRunning = request ? request.finished_at === null : false;

  return (
    <article className="haiku-page">
      <header className="haiku-head">
        <h1>{haiku.topic}</h1>
        <Status status={haiku.status} />
        {isRunning && request && (
          <button
            type="button"
            className="button small"
            onClick={() => cancel.mutate(request)}
            aria-busy={cancel.isPending}
          >
            {cancel.isPending ? "Stopping …" : "Stop"}
          </button>
        )}
      </header>
      {problem && <Complaint problem={problem} />}
      {cancel.error && <Complaint problem={cancel.error} />}
      <div className="haiku-body">
        <div className="haiku-poem">
          <Poem haiku={haiku} words={words} heard={player.playing} />
          {request && <Waiting request={request} />}
          {!hasPoem && request?.finished_at && (
            <NoPoem request={request} onAgain={() => again.mutate()} isAgain={again.isPending} />
          )}
          {again.error && <Complaint problem={again.error} onAgain={() => again.mutate()} />}
          {hasPoem && (
            <Tools
              haiku={haiku}
              player={player}
              isRunning={isRunning}
              onIllustrate={() => again.mutate()}
              isAsking={again.isPending}
            />
          )}
        </div>
        <Conversation haiku={haiku} />
        {hasPoem && (
          <ol className="leaves">
            {haiku.lines.map((line) => (
              <Leaf
                key={line.number}
                line={line}
                request={request}
                player={player}
                onAgain={() => again.mutate()}
                isAgain={again.isPending}
                onBroken={renew}
              />
            ))}
          </ol>
        )}
      </div>
      {request && <Making request={request} />}
      <Makers haiku={haiku} />
    </article>
  );
}

/** Only what failed, when this request has something that did; else pictures and voices anew. */
function tryAgain(haiku: HaikuView, request: RequestView | undefined) {
  if (request?.jobs.some((job) => job.status === "failed"))
    return retryRequest({ path: { request_id: request.id } });
  return illustrateHaiku({ path: { haiku_id: haiku.id } });
}

function Waiting({ request }: { request: RequestView }) {
  if (request.status !== "queued") return null;
  const { queue_position: position, eta_seconds: eta } = request;
  if (!position || position < 2) return null;
  return (
    <p className="note" role="status">
      {position - 1} before you{eta ? `, about ${eta} seconds` : ""}.
    </p>
  );
}

function NoPoem({ request, onAgain, isAgain }: { request: RequestView; onAgain(): void; isAgain: boolean }) {
  const failed = request.jobs.find((job) => job.status === "failed");
  if (!failed)
    return <p className="note">This was stopped before there was a poem. Say below what you would like.</p>;
  return (
    <div className="complaint" role="alert">
      <p>The poet found no words. {failed.error?.detail}</p>
      <button type="button" className="button small" onClick={onAgain} aria-busy={isAgain}>
        Try again
      </button>
    </div>
  );
}

function useTitle(haiku: HaikuView): void {
  useEffect(() => {
    document.title = `${haiku.topic} · Haiku · Kotonoha`;
  }, [haiku.topic]);
}

/** Progress in sentences, for people who listen to the page. */
function useTold(haiku: HaikuView, request: RequestView | undefined): void {
  const announce = useAnnounce();
  const poem = haiku.status === "composing" ? "" : haiku.lines.map((line) => line.english).join(" ");
  const pictures = haiku.lines.filter((line) => line.picture).length;
  const voices = haiku.lines.filter((line) => line.voice).length;
  const isOver = request?.finished_at != null;
  useEffect(() => {
    if (poem.trim()) announce(`The poem is there: ${poem}`);
  }, [poem, announce]);
  useEffect(() => {
    if (isOver) announce(`Done: ${pictures} of 3 pictures and ${voices} of 3 voices.`);
    else if (pictures + voices > 0) announce(`${pictures} of 3 pictures, ${voices} of 3 voices.`);
  }, [pictures, voices, isOver, announce]);
}
