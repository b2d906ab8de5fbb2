/** Time as the pages tell it. Nothing here reads the clock: callers pass `now`. */
import { say, type Language } from "./words.ts";

const MINUTE = 60_000;
const SOON = 60 * MINUTE;

export type Lateness = "late" | "soon" | "fine";

export function lateness(due: number, now: number): Lateness {
  if (now >= due) return "late";
  return due - now < SOON ? "soon" : "fine";
}

/** A span in the two largest fitting units: minutes below an hour, hours and minutes below two days, then days. */
export function span(milliseconds: number, lang: Language): string {
  const minutes = Math.floor(Math.abs(milliseconds) / MINUTE);
  if (minutes === 0) return say("moment", lang);
  if (minutes < 60) return say("minutes", lang, { m: minutes });
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return say("hours", lang, { h: hours, m: minutes % 60 });
  return say("days", lang, { d: Math.floor(hours / 24), h: hours % 24 });
}

/** What a clock says, in whole minutes that have passed or surely remain: neither is ever exaggerated. */
export function remaining(due: number, now: number, lang: Language): string {
  const state = lateness(due, now);
  if (state === "late") return say("clock_late", lang, { time: span(now - due, lang) });
  return say("clock_left", lang, { time: span(due - now, lang) });
}

/** How far the browser's clock runs ahead of the server's, from the moment written into the page. */
export function skew(written: string | undefined, browser: number): number {
  const server = written ? Date.parse(written) : Number.NaN;
  return Number.isNaN(server) ? 0 : browser - server;
}

export function clockFace(moment: Date): string {
  return `${String(moment.getHours()).padStart(2, "0")}:${String(moment.getMinutes()).padStart(2, "0")}`;
}

/** Day and minute on the wall of the place, as an ISO text says them; its offset is the place's and is not converted. */
export function wallTime(iso: string): { day: string; minute: number } {
  const match = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}):(\d{2}))?/.exec(iso);
  if (!match) return { day: iso, minute: 0 };
  return { day: match[1] ?? iso, minute: Number(match[2] ?? 0) * 60 + Number(match[3] ?? 0) };
}
