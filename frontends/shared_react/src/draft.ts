/** Words that are typed and not yet accepted: kept through reloads, sign-ins and whatever else happens to a tab, for who typed them. */

import { useState } from "react";
import { useKotonoha } from "./kotonoha";

export function useDraft(name: string): [string, (text: string) => void] {
  const { session } = useKotonoha();
  const key = `draft:${session.learner}:${name}`;
  const [text, setText] = useState(() => sessionStorage.getItem(key) ?? "");
  const keep = (next: string) => {
    if (next) sessionStorage.setItem(key, next);
    else sessionStorage.removeItem(key);
    setText(next);
  };
  return [text, keep];
}
