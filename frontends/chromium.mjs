/** Unpack the Chromium that came by npm, once, and print the folder: `chromium` in it, and the libraries some machines lack. */

import { existsSync, mkdtempSync, renameSync } from "node:fs";
import { join } from "node:path";

const modules = join(import.meta.dirname, "node_modules");
const packed = join(modules, "@sparticuz", "chromium", "bin");
const unpacked = join(modules, ".chromium");

if (!existsSync(unpacked)) {
  // Unpacked aside and then renamed: one that was interrupted is never taken for whole.
  process.env.TMPDIR = mkdtempSync(`${unpacked}-`);
  const { inflate } = await import("@sparticuz/chromium");
  const archives = ["chromium.br", "fonts.tar.br", "swiftshader.tar.br", "al2023.tar.br"];
  await Promise.all(archives.map((name) => inflate(join(packed, name))));
  renameSync(process.env.TMPDIR, unpacked);
}
process.stdout.write(unpacked);
