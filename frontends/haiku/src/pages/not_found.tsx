import { Link } from "@tanstack/react-router";

export function NotFound() {
  return (
    <div className="quiet-page">
      <p className="brush" lang="ja" aria-hidden="true">
        無
      </p>
      <h1>There is nothing here</h1>
      <p>It was deleted, belongs to somebody else, or never was.</p>
      <Link to="/" className="button primary">
        To my haiku
      </Link>
    </div>
  );
}
