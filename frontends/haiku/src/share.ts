/** A haiku as one picture to show around: paper, what was painted, the poem by brush, its English, the seal of its season. */

import { getHaiku, type HaikuView, Problem } from "@kotonoha/shared";
import { fetchFile, fileName, keep } from "./save";

const WIDTH = 1080;
const HEIGHT = 1350;
const MARGIN = 80;
const SIDE = WIDTH / 3;
const BRUSH = '"Yuji Boku"';
const SERIF = '"Zen Old Mincho", Georgia, serif';
const PAPER = "#f7f2e8";
const INK = "#221f1b";
const SEAL = "#a8321f";

type Pen = OffscreenCanvasRenderingContext2D;

export async function shareCard(known: HaikuView): Promise<void> {
  const { data: haiku } = await getHaiku({ path: { haiku_id: known.id } });
  const file = new File([await drawCard(haiku)], `${fileName(haiku)}.png`, { type: "image/png" });
  if (navigator.canShare?.({ files: [file] }) && matchMedia("(pointer: coarse)").matches) {
    await navigator.share({ files: [file], title: haiku.topic }).catch(ignoreRefusal);
  } else keep(file, file.name);
}

async function drawCard(haiku: HaikuView): Promise<Blob> {
  const canvas = new OffscreenCanvas(WIDTH, HEIGHT);
  const pen = canvas.getContext("2d");
  if (!pen) throw new Problem("This browser cannot draw pictures.");
  await loadFonts(haiku);
  pen.fillStyle = PAPER;
  pen.fillRect(0, 0, WIDTH, HEIGHT);
  await drawPictures(pen, haiku);
  drawPoem(pen, haiku);
  if (haiku.season_word) drawSeal(pen, haiku.season_word);
  drawWords(pen, haiku);
  return canvas.convertToBlob({ type: "image/png" });
}

async function loadFonts(haiku: HaikuView): Promise<void> {
  const brushed = haiku.lines.map((line) => line.japanese ?? "").join("") + (haiku.season_word ?? "");
  const printed = haiku.topic + haiku.lines.map((line) => line.english ?? "").join("");
  await Promise.all([
    document.fonts.load(`96px ${BRUSH}`, brushed),
    document.fonts.load(`36px ${SERIF}`, printed),
  ]);
}

/** From right to left, as the lines are read. */
async function drawPictures(pen: Pen, haiku: HaikuView): Promise<void> {
  await Promise.all(
    haiku.lines.map(async ({ picture, number }) => {
      if (!picture) return;
      const image = await createImageBitmap(await (await fetchFile(picture.url)).blob());
      pen.drawImage(image, WIDTH - number * SIDE, 0, SIDE, SIDE);
    }),
  );
}

function drawPoem(pen: Pen, haiku: HaikuView): void {
  const top = hasPictures(haiku) ? SIDE + 110 : 230;
  for (const [place, line] of haiku.lines.entries()) {
    drawVertical(pen, line.japanese ?? "", WIDTH - 190 - place * 170, top + place * 55, 96);
  }
}

function drawVertical(pen: Pen, text: string, x: number, y: number, size: number): void {
  pen.fillStyle = INK;
  pen.font = `${size}px ${BRUSH}`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  const step = Math.min(size * 1.06, (HEIGHT - y - 60) / text.length);
  for (const [place, sign] of [...text].entries()) {
    pen.save();
    pen.translate(x, y + place * step);
    // What hangs differently in a vertical line: the long mark turns, small kana move up and right.
    if (sign === "ー") pen.rotate(Math.PI / 2);
    if ("ゃゅょっぁぃぅぇぉャュョッ".includes(sign)) pen.translate(size * 0.1, -size * 0.1);
    pen.fillText(sign, 0, 0);
    pen.restore();
  }
  pen.textAlign = "start";
  pen.textBaseline = "alphabetic";
}

function drawSeal(pen: Pen, word: string): void {
  const height = 40 + word.length * 44;
  pen.fillStyle = SEAL;
  pen.beginPath();
  pen.roundRect(MARGIN, 1040 - height, 68, height, 8);
  pen.fill();
  pen.fillStyle = PAPER;
  pen.font = `40px ${BRUSH}`;
  pen.textAlign = "center";
  for (const [place, sign] of [...word].entries())
    pen.fillText(sign, MARGIN + 34, 1040 - height + 54 + place * 44);
  pen.textAlign = "start";
}

function drawWords(pen: Pen, haiku: HaikuView): void {
  pen.fillStyle = INK;
  pen.font = `36px ${SERIF}`;
  for (const [place, line] of haiku.lines.entries())
    pen.fillText(line.english ?? "", MARGIN, 1120 + place * 54, 560);
  pen.font = `25px ${SERIF}`;
  pen.globalAlpha = 0.7;
  pen.fillText(
    [...`Kotonoha · ${haiku.topic}`].slice(0, 70).join(""),
    MARGIN,
    HEIGHT - 60,
    WIDTH - 2 * MARGIN,
  );
}

function hasPictures(haiku: HaikuView): boolean {
  return haiku.lines.some((line) => line.picture);
}

function ignoreRefusal(error: Error): void {
  if (error.name !== "AbortError") throw error;
}
