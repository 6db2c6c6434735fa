/** What learner and poet said to each other, and the next wish. */

import {
  Complaint,
  Field,
  type HaikuView,
  Patience,
  sendHaikuMessage,
  useDraft,
  useKey,
  useOneAtATime,
  Words,
} from "@kotonoha/shared";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { oneHaiku } from "../queries";
import { rewrite } from "../rewrite";

const MESSAGE_MAX_CHARS = 1000;
const WISHES = ["Make it a little sadder", "Something with a cat"];

export function Conversation({ haiku }: { haiku: HaikuView }) {
  const [text, setText] = useDraft(`message:${haiku.id}`);
  const keyFor = useKey();
  const queries = useQueryClient();
  const isBusy = haiku.status === "composing";
  const say = useOneAtATime({
    mutationFn: async (said: string) =>
      (
        await sendHaikuMessage({
          path: { haiku_id: haiku.id },
          body: { text: said },
          headers: { "Idempotency-Key": keyFor(`${haiku.messages.length} ${said}`) },
        })
      ).data,
    onSuccess: async (request) => {
      setText("");
      queries.setQueryData(["request", request.id], request);
      await queries.invalidateQueries({ queryKey: oneHaiku(haiku.id).queryKey });
    },
  });
  const send = (said: string) => say.mutate(said);
  return (
    <section className="conversation" aria-label="Conversation">
      <Messages haiku={haiku} isBusy={isBusy} unsent={say.isPending ? say.variables : null} />
      {say.error && <Complaint problem={say.error} onAgain={() => send(text.trim())} />}
      <label htmlFor="message" className="sr-only">
        Say something to the poet
      </label>
      <Field
        id="message"
        text={text}
        onText={rewrite(setText, say)}
        onSend={send}
        mostChars={MESSAGE_MAX_CHARS}
        placeholder={isBusy ? "The poet is writing …" : "What should change?"}
        isSending={say.isPending}
        isBusy={isBusy}
      >
        Send
      </Field>
      {!text && !isBusy && (
        <p className="ideas">
          {[`${haiku.season === "winter" ? "Spring" : "Winter"} instead, please`, ...WISHES].map((wish) => (
            <button key={wish} type="button" className="idea" onClick={() => setText(wish)}>
              {wish}
            </button>
          ))}
        </p>
      )}
    </section>
  );
}

function Messages({ haiku, isBusy, unsent }: { haiku: HaikuView; isBusy: boolean; unsent: string | null }) {
  const list = useRef<HTMLOListElement>(null);
  const count = haiku.messages.length + Number(isBusy) + Number(unsent !== null);
  useEffect(() => {
    if (count) list.current?.scrollTo({ top: list.current.scrollHeight });
  }, [count]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <ol className="messages" ref={list} tabIndex={0} aria-label="What was said">
      {haiku.messages.map((message) => (
        <li key={message.at + message.role} data-role={message.role}>
          <span className="sr-only">{message.role === "poet" ? "The poet: " : "You: "}</span>
          <Words>{message.text}</Words>
        </li>
      ))}
      {unsent !== null && (
        <li data-role="learner" data-unsent>
          <Words>{unsent}</Words>
        </li>
      )}
      {isBusy && (
        <li data-role="poet">
          <Patience words="The poet is writing …" />
        </li>
      )}
    </ol>
  );
}
