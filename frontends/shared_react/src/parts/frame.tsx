/** What stands around every page: brand, preferences, who is signed in, and bars when something is to be known. */

import type { ReactNode } from "react";
import { useKotonoha } from "../kotonoha";
import { THEMES, type Theme, useTheme } from "../theme";
import { useFurigana } from "./furigana";
import { StandingBar } from "./standing";

type Props = { brand: ReactNode; children: ReactNode };

export function Frame({ brand, children }: Props) {
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
      <main id="main" tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}

function FuriganaSwitch() {
  const [shown, setShown] = useFurigana();
  return (
    <button
      type="button"
      className="chip"
      role="switch"
      aria-checked={shown}
      title="Furigana: readings over the kanji"
      onClick={() => setShown(!shown)}
    >
      <span className="sr-only">Furigana</span>
      <span lang="ja">
        <ruby>
          字<rt>{shown ? "じ" : ""}</rt>
        </ruby>
      </span>
    </button>
  );
}

const THEME_NAMES: Record<Theme, string> = { system: "System", light: "Light", dark: "Dark" };

function ThemeChoice() {
  const [theme, setTheme] = useTheme();
  return (
    <label className="chip">
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
