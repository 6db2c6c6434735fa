/** What stands around every page: brand, preferences, who is signed in, and bars when something is to be known. */

import { type ReactNode, useEffect, useRef } from "react";
import { useKotonoha } from "../kotonoha";
import { THEMES, type Theme, useTheme } from "../theme";
import { useFurigana } from "./furigana";
import { StandingBar } from "./standing";

/** `place` changes when the learner goes to another page. */
type Props = { brand: ReactNode; place: string; children: ReactNode };

export function Frame({ brand, place, children }: Props) {
  const main = useRef<HTMLElement>(null);
  useFocusAt(main, place);
  return (
    <div className="frame">
      <a className="skip" href="#main">
        Skip to the content
      </a>
      <header className="masthead">
        {brand}
        <div className="settings">
          <FuriganaSwitch />
          <ThemeChoice />
          <Account />
        </div>
      </header>
      <StandingBar />
      <main id="main" ref={main} tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}

/** Whoever's focus went with the page they left goes on from the beginning of the new one. */
function useFocusAt(start: { current: HTMLElement | null }, place: string): void {
  const before = useRef(place);
  useEffect(() => {
    const isFirst = before.current === "" || before.current === place;
    before.current = place;
    if (isFirst) return;
    if (document.activeElement === document.body) start.current?.focus({ preventScroll: true });
  }, [start, place]);
}

function FuriganaSwitch() {
  const [shown, setShown] = useFurigana();
  return (
    <button
      type="button"
      className="chip"
      role="switch"
      aria-label="Furigana"
      aria-checked={shown}
      title="Furigana: readings over the kanji"
      onClick={() => setShown(!shown)}
    >
      <span lang="ja" aria-hidden="true">
        <ruby>
          字<rt>{shown ? "じ" : ""}</rt>
        </ruby>
      </span>
      <span className="chip-word">Furigana</span>
    </button>
  );
}

const THEME_NAMES: Record<Theme, string> = { system: "System", light: "Light", dark: "Dark" };

function ThemeChoice() {
  const [theme, setTheme] = useTheme();
  return (
    <label className="chip theme">
      <HalfMoon />
      <span className="sr-only">Theme</span>
      <select value={theme} onChange={(event) => setTheme(event.target.value as Theme)}>
        {THEMES.map((one) => (
          <option key={one} value={one}>
            {THEME_NAMES[one]}
          </option>
        ))}
      </select>
    </label>
  );
}

function HalfMoon() {
  return (
    <svg viewBox="0 0 24 24" width="1.1em" height="1.1em" aria-hidden="true">
      <circle cx="12" cy="12" r="8.5" fill="none" stroke="currentColor" strokeWidth="1.7" />
      <path d="M12 3.5a8.5 8.5 0 0 1 0 17z" fill="currentColor" />
    </svg>
  );
}

function Account() {
  const { session } = useKotonoha();
  return (
    <button
      type="button"
      className="chip"
      onClick={() => session.signOut()}
      title={`Signed in as ${session.name}`}
    >
      Sign out
    </button>
  );
}
