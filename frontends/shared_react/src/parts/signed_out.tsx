/** Instead of any page while nobody is signed in: after signing out, and wherever they were when another tab did. */

import { useLayoutEffect } from "react";
import { useKotonoha } from "../kotonoha";

/** Where the issuer sends whoever has signed out; nobody's page. */
const ADDRESS = "/signed-out";

export function SignedOut() {
  const { session } = useKotonoha();
  useLayoutEffect(() => leaveAddress, []);
  const here = location.pathname === ADDRESS ? "/" : location.pathname;
  return (
    <main className="quiet-page">
      <p className="brush" lang="ja">
        言の葉
      </p>
      <h1>You are signed out</h1>
      <p>What you made is kept.</p>
      <button type="button" className="button primary" onClick={() => session.signIn(here)}>
        Sign in
      </button>
    </main>
  );
}

/** Whoever signed in again in another tab goes on at the beginning. */
function leaveAddress(): void {
  if (location.pathname === ADDRESS) history.replaceState(null, "", "/");
}
