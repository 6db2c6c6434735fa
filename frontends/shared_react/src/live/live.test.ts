/** The bookkeeping of the live connection, over ways that fail when told to; real sockets are cut in the browser tests. */

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Event } from "../api";
import { backoffMs, FIRST_MS, LONGEST_MS } from "./backoff";
import { Live } from "./live";
import type { OpenWay, Told } from "./way";

type Opened = { told: Told; asked: [string, number][]; isClosed: boolean };

function wayInto(opened: Opened[]): OpenWay {
  return (told) => {
    const way: Opened = { told, asked: [], isClosed: false };
    opened.push(way);
    return {
      follow: (id, after) => way.asked.push([id, after]),
      leave: () => {},
      check: () => {},
      close: () => {
        way.isClosed = true;
      },
    };
  };
}

function event(seq: number): Event {
  return { request_id: "r", type: "job.started", at: "2026-01-01T00:00:00Z", data: {}, seq };
}

function last(opened: Opened[]): Opened {
  const way = opened.at(-1);
  if (!way) throw new Error("No way was opened.");
  return way;
}

let heard: (number | null | undefined)[];
const follower = { event: (told: Event) => heard.push(told.seq), ended: () => heard.push(null) };

beforeEach(() => {
  heard = [];
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("after a cut it goes on at the last number, and hears nothing twice", () => {
  const opened: Opened[] = [];
  const live = new Live([wayInto(opened)]);
  live.follow("r", follower);
  last(opened).told.opened();
  last(opened).told.event(event(1));
  last(opened).told.event(event(2));
  last(opened).told.failed("cut");
  vi.advanceTimersByTime(LONGEST_MS);
  last(opened).told.event(event(2));
  last(opened).told.event(event(3));

  expect(last(opened).asked).toEqual([["r", 2]]);
  expect(heard).toEqual([1, 2, 3]);
});

test("a hole is asked for again rather than jumped over", () => {
  const opened: Opened[] = [];
  new Live([wayInto(opened)]).follow("r", follower);
  last(opened).told.event(event(1));
  last(opened).told.event(event(3));

  expect(heard).toEqual([1]);
  expect(last(opened).asked.at(-1)).toEqual(["r", 1]);
});

test("a way that never opens gives room to the next, and a later look tries the first again", () => {
  const sockets: Opened[] = [];
  const streams: Opened[] = [];
  const live = new Live([wayInto(sockets), wayInto(streams)]);
  live.follow("r", follower);
  last(sockets).told.failed("refused");
  vi.advanceTimersByTime(LONGEST_MS);
  last(sockets).told.failed("refused");
  vi.advanceTimersByTime(LONGEST_MS);
  last(streams).told.opened();

  expect([sockets.length, streams.length, live.connection]).toEqual([2, 1, "slow"]);
  vi.advanceTimersByTime(30_000);
  expect(sockets.length).toBe(3);
  expect(last(streams).isClosed).toBe(true);
});

test("words of a way that was given up are not heard", () => {
  const opened: Opened[] = [];
  const live = new Live([wayInto(opened)]);
  live.follow("r", follower);
  const old = last(opened);
  old.told.failed("cut");
  vi.advanceTimersByTime(LONGEST_MS);
  old.told.event(event(1));

  expect(heard).toEqual([]);
});

test("pauses grow, are never nothing, and are never long", () => {
  expect(backoffMs(1, () => 1)).toBe(FIRST_MS);
  expect(backoffMs(3, () => 1)).toBe(4 * FIRST_MS);
  expect(backoffMs(50, () => 1)).toBe(LONGEST_MS);
  expect(backoffMs(1, () => 0)).toBeGreaterThan(0);
});
