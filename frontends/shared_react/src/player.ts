/** Play recordings one after the other, at a speed, and say which is heard now. Links that have expired are asked for anew. */

import { useCallback, useEffect, useRef, useState } from "react";
import { usePreference } from "./preferences";

export const SPEEDS = [0.75, 1, 1.25] as const;

/** Renew a little before the moment, for a link must last while it plays. */
const MARGIN_MS = 20_000;

export type Link = { url: string; expires_at: string };

export type Player = {
  /** Which of the recordings is heard now. */
  playing: number | null;
  failed: number | null;
  speed: number;
  setSpeed(speed: number): void;
  play(places: readonly number[]): void;
  stop(): void;
};

/** `find` gives the link of a recording, after `renew` when it was no longer good. */
export function usePlayer(find: (place: number) => Link | undefined, renew: () => Promise<unknown>): Player {
  const [playing, setPlaying] = useState<number | null>(null);
  const [failed, setFailed] = useState<number | null>(null);
  const [speed, setSpeed] = usePreference<number>("speed", 1);
  const audio = useRef<HTMLAudioElement>(null);
  const turn = useRef(0);
  const latest = useRef({ find, renew, speed });
  latest.current = { find, renew, speed };

  const stop = useCallback(() => {
    turn.current += 1;
    audio.current?.pause();
    setPlaying(null);
  }, []);

  const play = useCallback(
    async (places: readonly number[]) => {
      stop();
      setFailed(null);
      const mine = turn.current;
      const isMine = () => turn.current === mine;
      for (const place of places) {
        if (!isMine()) return;
        setPlaying(place);
        try {
          await sound(audio, place, latest, isMine);
        } catch {
          if (isMine()) setFailed(place);
          break;
        }
      }
      if (isMine()) setPlaying(null);
    },
    [stop],
  );

  useEffect(() => {
    if (audio.current) audio.current.playbackRate = speed;
  }, [speed]);
  useEffect(() => stop, [stop]);

  return { playing, failed, speed, setSpeed, play, stop };
}

type Latest = { find(place: number): Link | undefined; renew(): Promise<unknown>; speed: number };

async function sound(
  audio: { current: HTMLAudioElement | null },
  place: number,
  latest: { current: Latest },
  isMine: () => boolean,
): Promise<void> {
  audio.current ??= new Audio();
  const element = audio.current;
  for (const isLast of [false, true]) {
    const link = latest.current.find(place);
    if (!link || Date.parse(link.expires_at) - Date.now() < MARGIN_MS) await latest.current.renew();
    const url = latest.current.find(place)?.url;
    if (!url) throw new Error("There is no such recording.");
    try {
      element.src = url;
      element.playbackRate = latest.current.speed;
      await heard(element, isMine);
      return;
    } catch (error) {
      if (isLast || !isMine()) throw error;
      await latest.current.renew();
    }
  }
}

function heard(element: HTMLAudioElement, isMine: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    element.onended = () => resolve();
    element.onpause = () => !isMine() && resolve();
    element.onerror = () => reject(element.error ?? new Error("The recording cannot be played."));
    element.play().catch(reject);
  });
}
