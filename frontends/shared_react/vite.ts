/** How every app is built. An app's vite.config.ts is one line: `export default app(import.meta.dirname)`. */

import { join } from "node:path";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

export function app(root: string) {
  return defineConfig({
    root,
    logLevel: "warn",
    publicDir: join(import.meta.dirname, "public"),
    plugins: [onlyWoff2(), react(), tailwindcss()],
    build: {
      target: "es2023",
      cssTarget: ["chrome123", "firefox121", "safari17.5"],
      // Everything in files of its own: the pages' policy allows no data: fonts and nothing inline.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      chunkSizeWarningLimit: 700,
      rolldownOptions: { checks: { bundlerTimings: false } },
    },
  });
}

/** Fonts come in two formats; every browser that can run these pages reads the smaller. */
function onlyWoff2(): Plugin {
  return {
    name: "only-woff2",
    enforce: "pre",
    transform: (css, id) =>
      id.includes("@fontsource")
        ? css.replaceAll(/,\s*url\([^)]*\.woff\)\s*format\(['"]woff['"]\)/g, "")
        : undefined,
  };
}
