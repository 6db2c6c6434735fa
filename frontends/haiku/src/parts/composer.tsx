/** One sentence and one button: what should the haiku be about? */

import { Complaint, composeHaiku, Field, useDraft, useKey, useOneAtATime, Words } from "@kotonoha/shared";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { idOf, LIST } from "../queries";
import { rewrite } from "../rewrite";

const TOPIC_MAX_CHARS = 200;
const IDEAS = ["autumn rain", "蛍", "snow on the last train", "my grandmother’s kitchen"];

export function Composer() {
  const [topic, setTopic] = useDraft("topic");
  const keyFor = useKey();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const compose = useOneAtATime({
    mutationFn: async (asked: string) =>
      (await composeHaiku({ body: { topic: asked }, headers: { "Idempotency-Key": keyFor(asked) } })).data,
    onSuccess: async (request) => {
      setTopic("");
      queries.setQueryData(["request", request.id], request);
      void queries.invalidateQueries({ queryKey: LIST });
      await navigate({ to: "/haiku/$id", params: { id: String(idOf(request.resource)) } });
    },
  });
  const send = (text: string) => compose.mutate(text);
  return (
    <section className="composer">
      <h1>
        <label htmlFor="topic">What shall your haiku be about?</label>
      </h1>
      <Field
        id="topic"
        text={topic}
        onText={rewrite(setTopic, compose)}
        onSend={send}
        mostChars={TOPIC_MAX_CHARS}
        placeholder="A moment, a season, a memory. In any language."
        isSending={compose.isPending}
      >
        {compose.isPending ? "Asking the poet …" : "Compose"}
      </Field>
      {compose.error ? (
        <Complaint problem={compose.error} onAgain={() => send(topic.trim())} />
      ) : (
        // An idea takes the place of another idea, never of what somebody typed.
        <p className="ideas" data-away={(topic !== "" && !IDEAS.includes(topic)) || undefined}>
          <span>Perhaps</span>
          {IDEAS.map((idea) => (
            <button key={idea} type="button" className="idea" onClick={() => setTopic(idea)}>
              <Words>{idea}</Words>
            </button>
          ))}
        </p>
      )}
    </section>
  );
}
