/** A haiku as a folder in a zip: its words, pictures and recordings. */

import { getHaiku, type HaikuView, Problem } from "@kotonoha/shared";
import { downloadZip } from "client-zip";

export async function saveFiles(known: HaikuView): Promise<void> {
  // Links may be old by now; the haiku read anew has fresh ones.
  const { data: haiku } = await getHaiku({ path: { haiku_id: known.id } });
  const files = [
    { name: "haiku.txt", input: tell(haiku) },
    ...(
      await Promise.all(
        haiku.lines.map(async (line) => [
          await file(line.picture, line.number),
          await file(line.voice, line.number),
        ]),
      )
    )
      .flat()
      .filter((one) => one !== null),
  ];
  keep(await downloadZip(files).blob(), `${fileName(haiku)}.zip`);
}

export function keep(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = Object.assign(document.createElement("a"), { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

export function fileName(haiku: HaikuView): string {
  const words = haiku.topic
    .normalize("NFC")
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu) ?? ["untitled"];
  return `haiku-${[...words.join("-")].slice(0, 40).join("").replace(/-$/, "")}`;
}

async function file(of: { url: string } | null | undefined, number: number) {
  if (!of) return null;
  const answer = await fetchFile(of.url);
  const suffix = answer.headers.get("Content-Type")?.startsWith("image/") ? "png" : "mp3";
  return { name: `line-${number}.${suffix}`, input: answer };
}

/** Raises a Problem: files are served by a store of their own, which may be away, or not the one they were put in. */
export async function fetchFile(url: string): Promise<Response> {
  const answer = await fetch(url).catch(() => null);
  if (!answer?.ok) throw new Problem("A picture or a recording cannot be fetched from where files are kept.");
  return answer;
}

function tell(haiku: HaikuView): string {
  const lines = haiku.lines.flatMap((line) => [line.japanese, line.reading, line.romaji, line.english, ""]);
  const makers = [haiku.composed_by, haiku.lines[0].picture?.painted_by, haiku.lines[0].voice?.spoken_by];
  const season = `${haiku.season_word} (${haiku.season_word_english}, ${haiku.season})`;
  return [haiku.topic, "", ...lines, season, "", ...makers.filter(Boolean), ""].join("\n");
}
