import { useKotonoha } from "@kotonoha/shared";

/** At the address they were sent to for signing out, and wherever they were when another tab did. */
export function SignedOut() {
  const { session } = useKotonoha();
  const here = location.pathname === "/signed-out" ? "/" : location.pathname;
  return (
    <main className="quiet-page">
      <p className="brush" lang="ja">
        言の葉
      </p>
      <h1>You are signed out</h1>
      <p>Your haiku are kept.</p>
      <button type="button" className="button primary" onClick={() => session.signIn(here)}>
        Sign in
      </button>
    </main>
  );
}
