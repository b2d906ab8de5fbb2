/** Laying out one case's days: a stay that passes midnight is drawn in each of its days. Pure, so that it can be tested. */
import { wallTime } from "../shared/moments.ts";

export interface Stay {
  place: string;
  kind: string;
  start: string;
  end: string;
  n_contacts: number;
  source: string;
  url?: string;
}

export interface Itinerary {
  days: string[];
  stays: Stay[];
  window: [string, string] | null;
}

export interface Bar {
  row: number;
  from: number;
  to: number;
  track: number;
  stay: Stay;
  first: boolean;
}

const DAY = 1440;
const LEAST_MINUTES = 6;

/** Location data knows a position only; a stay known from nothing else is drawn dashed. */
export function isWeak(source: string): boolean {
  return source === "location";
}

/** The piece of [start, end) that lies in each day, in minutes of that day. */
export function pieces(days: string[], start: string, end: string): { row: number; from: number; to: number }[] {
  const a = wallTime(start);
  const b = wallTime(end);
  const found: { row: number; from: number; to: number }[] = [];
  days.forEach((day, row) => {
    if (day < a.day || day > b.day) return;
    const from = day === a.day ? a.minute : 0;
    const to = day === b.day ? b.minute : DAY;
    if (to > from) found.push({ row, from, to });
  });
  return found;
}

/** Bars with the track each takes in its day, so that overlapping stays (two sources) are both seen. */
export function bars(itinerary: Itinerary): Bar[] {
  const found: Bar[] = [];
  for (const stay of itinerary.stays) {
    pieces(itinerary.days, stay.start, stay.end).forEach((piece, i) => found.push({ ...piece, track: 0, stay, first: i === 0 }));
  }
  found.sort((one, other) => one.row - other.row || one.from - other.from || one.to - other.to);
  const ends = new Map<number, number[]>();
  for (const bar of found) {
    const tracks = ends.get(bar.row) ?? [];
    const free = tracks.findIndex((end) => end <= bar.from);
    bar.track = free < 0 ? tracks.length : free;
    tracks[bar.track] = Math.max(bar.to, bar.from + LEAST_MINUTES);
    ends.set(bar.row, tracks);
  }
  return found;
}

export function trackCount(all: Bar[], row: number): number {
  return all.reduce((most, bar) => (bar.row === row ? Math.max(most, bar.track + 1) : most), 1);
}
