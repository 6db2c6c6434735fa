/** Deleting: asked first, then hidden, and only after eight seconds in which it can be taken back really done. */

import {
  Complaint,
  Confirm,
  deleteHaiku,
  type HaikuView,
  Problem,
  Toast,
  Toasts,
  useAnnounce,
  useUndo,
  Words,
} from "@kotonoha/shared";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useState } from "react";
import { LIST } from "./queries";

type Deleting = { ask(haiku: HaikuView): void; isHidden(id: string): boolean };

const Context = createContext<Deleting>({ ask: () => {}, isHidden: () => false });

export function useDeleting(): Deleting {
  return useContext(Context);
}

export function DeletingRoom({ children, onDeleted }: { children: ReactNode; onDeleted(id: string): void }) {
  const queries = useQueryClient();
  const announce = useAnnounce();
  const [asked, setAsked] = useState<HaikuView | null>(null);
  const [sending, setSending] = useState<readonly string[]>([]);
  const remove = useMutation({
    mutationFn: deleteOnce,
    onMutate: (id) => setSending((before) => [...before, id]),
    onSettled: async (_, __, id) => {
      await queries.invalidateQueries({ queryKey: LIST });
      queries.removeQueries({ queryKey: ["haiku", id] });
      setSending((before) => before.filter((one) => one !== id));
    },
  });
  const { waiting, begin, undo } = useUndo((id) => remove.mutate(id));

  const confirm = (haiku: HaikuView) => {
    setAsked(null);
    begin({ key: haiku.id, sentence: `“${haiku.topic}” is deleted.` });
    onDeleted(haiku.id);
  };
  const isHidden = (id: string) => sending.includes(id) || waiting.some((one) => one.key === id);

  return (
    <Context value={{ ask: setAsked, isHidden }}>
      {children}
      {asked && (
        <Confirm
          title="Delete this haiku?"
          yes="Delete"
          onNo={() => setAsked(null)}
          onYes={() => confirm(asked)}
        >
          “<Words>{asked.topic}</Words>” goes with its conversation, pictures and recordings.
        </Confirm>
      )}
      <Toasts>
        {waiting.map(({ key, sentence }) => (
          <Toast
            key={key}
            sentence={sentence}
            action="Undo"
            onAction={() => {
              undo(key);
              announce("It is back.");
            }}
          />
        ))}
        {remove.error && <Complaint problem={remove.error} onAgain={() => remove.mutate(remove.variables)} />}
      </Toasts>
    </Context>
  );
}

/** Sent again by itself when the line is back: they agreed, and let the time to undo it pass. It may be gone already then. */
export async function deleteOnce(id: string): Promise<void> {
  await deleteHaiku({ path: { haiku_id: id } }).catch((problem: unknown) => {
    if (!(problem instanceof Problem && problem.status === 404)) throw problem;
  });
}
