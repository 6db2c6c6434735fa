/** A field for words to send: it grows, Enter sends, and what is too long is said to be so and never cut. */

import type { FormEvent, KeyboardEvent, ReactNode } from "react";
import { readOneLine } from "../one_line";
import { isJapanese } from "./words";

type Props = {
  /** Its label stands elsewhere and names it by this. */
  id: string;
  text: string;
  onText(text: string): void;
  /** Called with what was typed, without white space around it. */
  onSend(text: string): void;
  mostChars: number;
  placeholder: string;
  isSending: boolean;
  /** Words may be typed already, and sent later. */
  isBusy?: boolean;
  children: ReactNode;
};

export function Field(props: Props) {
  const { id, text, onText, onSend, mostChars, placeholder, isSending, isBusy = false, children } = props;
  const tooMany = [...text.trim()].length - mostChars;
  const canSend = text.trim() !== "" && tooMany <= 0 && !isBusy;
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (canSend && !isSending) onSend(text.trim());
  };
  return (
    <form onSubmit={send}>
      <div className="field">
        <textarea
          id={id}
          rows={2}
          value={text}
          lang={isJapanese(text) ? "ja" : undefined}
          placeholder={placeholder}
          aria-invalid={tooMany > 0}
          onChange={(event) => onText(readOneLine(event.target))}
          onKeyDown={(event) => isEnter(event) && send(event)}
        />
        <button type="submit" className="button primary" disabled={!canSend} aria-busy={isSending}>
          {children}
        </button>
      </div>
      {tooMany > 0 && (
        <p className="note" role="status">
          {tooMany} {tooMany === 1 ? "character" : "characters"} too many; {mostChars} fit.
        </p>
      )}
    </form>
  );
}

/** Enter that ends a word of an input method sends nothing. */
function isEnter(event: KeyboardEvent): boolean {
  return event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing;
}
