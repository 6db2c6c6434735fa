import { useKotonoha } from "@kotonoha/shared";

export function SignedOut() {
  const { session } = useKotonoha();
  return (
    <main className="quiet-page">
      <p className="brush" lang="ja">
        言の葉
      </p>
      <h1>You are signed out</h1>
      <p>Your haiku are kept.</p>
      <button type="button" className="button primary" onClick={() => session.signIn("/")}>
        Sign in
      </button>
    </main>
  );
}
