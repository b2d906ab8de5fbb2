/** Epidemic curve, apart from its drawing. */

export interface Curve {
  days: string[];
  by_onset: number[];
  by_report: number[];
  incomplete_from: string | null;
}

/** For each day, whether its count is still growing because of the delay from onset to report. */
export function incomplete(curve: Curve): boolean[] {
  const since = curve.incomplete_from;
  return curve.days.map((day) => since !== null && day >= since);
}

export function sum(counts: number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

/** Month and day of an ISO date; the year too where it changes. */
export function shortDay(day: string, before: string | undefined): string {
  return before !== undefined && before.slice(0, 4) === day.slice(0, 4) ? day.slice(5) : day;
}
