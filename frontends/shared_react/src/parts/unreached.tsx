/** Instead of an app that could not even begin. */

export function Unreached() {
  return (
    <main className="quiet-page">
      <h1>Kotonoha cannot be reached</h1>
      <p>Check your connection. What you have typed is kept.</p>
      <button type="button" className="button primary" onClick={() => location.reload()}>
        Try again
      </button>
    </main>
  );
}
