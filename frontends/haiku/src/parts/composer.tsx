/** One sentence and one button: what should the haiku be about? */

import { Complaint, composeHaiku, type Problem, useDraft, useKey, Words } from "@kotonoha/shared";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { FormEvent, KeyboardEvent } from "react";
import { idOf, LIST } from "../queries";

const TOPIC_MAX_CHARS = 200;
const IDEAS = ["autumn rain", "蛍", "snow on the last train", "my grandmother’s kitchen"];

export function Composer() {
  const [topic, setTopic] = useDraft("topic");
  const keyFor = useKey();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const compose = useMutation({
    mutationFn: async (asked: string) =>
      (await composeHaiku({ body: { topic: asked }, headers: { "Idempotency-Key": keyFor(asked) } })).data,
    onSuccess: async (request) => {
      setTopic("");
      queries.setQueryData(["request", request.id], request);
      void queries.invalidateQueries({ queryKey: LIST });
      await navigate({ to: "/haiku/$id", params: { id: String(idOf(request.resource)) } });
    },
  });
  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    if (topic.trim() && !compose.isPending) compose.mutate(topic.trim());
  };
  return (
    <form className="composer" onSubmit={submit}>
      <h1>
        <label htmlFor="topic">What shall your haiku be about?</label>
      </h1>
      <div className="field">
        <textarea
          id="topic"
          rows={2}
          value={topic}
          maxLength={TOPIC_MAX_CHARS}
          placeholder="A moment, a season, a memory. In any language."
          onChange={(event) => setTopic(event.target.value)}
          onKeyDown={(event) => isEnter(event) && submit(event)}
        />
        <button
          type="submit"
          className="button primary"
          disabled={!topic.trim()}
          aria-busy={compose.isPending}
        >
          {compose.isPending ? "Asking the poet …" : "Compose"}
        </button>
      </div>
      {compose.error ? (
        <Complaint problem={compose.error as Problem} onAgain={() => submit()} />
      ) : (
        <p className="ideas">
          <span>Perhaps</span>
          {IDEAS.map((idea) => (
            <button key={idea} type="button" className="idea" onClick={() => setTopic(idea)}>
              <Words>{idea}</Words>
            </button>
          ))}
        </p>
      )}
    </form>
  );
}

/** Enter that ends a word of an input method sends nothing. */
export function isEnter(event: KeyboardEvent): boolean {
  return event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing;
}
