/** A haiku as one picture to show around: paper, the three paintings, the poem by brush, its English, the seal of its season. */

import { getHaiku, type HaikuView } from "@kotonoha/shared";
import { fileName, keep } from "./save";

const WIDTH = 1080;
const HEIGHT = 1350;
const BRUSH = "Yuji Boku";
const PAPER = "#f7f2e8";
const INK = "#221f1b";
const SEAL = "#a8321f";

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
  if (!pen) throw new Error("This browser cannot draw pictures.");
  const words = haiku.lines.map((line) => line.japanese ?? "").join("") + (haiku.season_word ?? "");
  await document.fonts.load(`96px "${BRUSH}"`, words);
  pen.fillStyle = PAPER;
  pen.fillRect(0, 0, WIDTH, HEIGHT);
  await drawPictures(pen, haiku);
  for (const [place, line] of haiku.lines.entries()) {
    drawVertical(pen, line.japanese ?? "", WIDTH - 190 - place * 170, 470 + place * 55, 96);
  }
  if (haiku.season_word) drawSeal(pen, haiku.season_word);
  pen.fillStyle = INK;
  pen.font = "italic 34px Georgia, serif";
  for (const [place, line] of haiku.lines.entries())
    pen.fillText(line.english ?? "", 80, 1120 + place * 52, 560);
  pen.font = "24px Georgia, serif";
  pen.globalAlpha = 0.7;
  pen.fillText(`Kotonoha · ${haiku.topic}`.slice(0, 70), 80, HEIGHT - 60, WIDTH - 160);
  return canvas.convertToBlob({ type: "image/png" });
}

async function drawPictures(pen: OffscreenCanvasRenderingContext2D, haiku: HaikuView): Promise<void> {
  const side = 360;
  await Promise.all(
    haiku.lines.map(async ({ picture, number }) => {
      if (!picture) return;
      const image = await createImageBitmap(await (await fetch(picture.url)).blob());
      // From right to left, as the lines are read.
      pen.drawImage(image, WIDTH - number * side, 0, side, side);
    }),
  );
}

function drawVertical(
  pen: OffscreenCanvasRenderingContext2D,
  text: string,
  x: number,
  y: number,
  size: number,
): void {
  pen.fillStyle = INK;
  pen.font = `${size}px "${BRUSH}"`;
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

function drawSeal(pen: OffscreenCanvasRenderingContext2D, word: string): void {
  const height = 40 + word.length * 44;
  pen.fillStyle = SEAL;
  pen.beginPath();
  pen.roundRect(80, 1040 - height, 68, height, 8);
  pen.fill();
  pen.fillStyle = PAPER;
  pen.font = `40px "${BRUSH}"`;
  pen.textAlign = "center";
  for (const [place, sign] of [...word].entries()) pen.fillText(sign, 114, 1040 - height + 54 + place * 44);
  pen.textAlign = "start";
}

function ignoreRefusal(error: Error): void {
  if (error.name !== "AbortError") throw error;
}
