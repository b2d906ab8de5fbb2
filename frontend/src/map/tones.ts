/** Six tones from a count: none, then five steps whose bounds follow the data, so that one hot area does not hide others. */

export const METRICS = ["n_cases", "n_new", "n_contacts", "n_orders"] as const;
export type Metric = (typeof METRICS)[number];

/** Lower bounds of tones 1 to 5, rising strictly; fewer where the counts do not hold so many steps. */
export function bounds(counts: number[]): number[] {
  const found = [...new Set(counts.filter((count) => count > 0))].sort((a, b) => a - b);
  if (found.length <= 5) return found;
  const all = counts.filter((count) => count > 0).sort((a, b) => a - b);
  const cuts = [0, 0.2, 0.4, 0.6, 0.8].map((share) => all[Math.floor(share * all.length)] ?? 0);
  return [...new Set(cuts)];
}

export function tone(count: number, lower: number[]): number {
  if (!(count > 0)) return 0;
  const step = lower.filter((bound) => count >= bound).length;
  return spread(Math.max(1, step), lower.length);
}

/** With fewer than five steps the darkest tone is still used for the largest counts. */
export function spread(step: number, steps: number): number {
  return steps <= 1 ? 3 : Math.round(1 + ((step - 1) * 4) / (steps - 1));
}

/** What the legend says about each tone that occurs. */
export function legendSteps(lower: number[]): { tone: number; text: string }[] {
  const steps = [{ tone: 0, text: "0" }];
  lower.forEach((bound, i) => {
    const next = lower[i + 1];
    const last = next === undefined ? null : next - 1;
    const text = last === null ? `≥ ${bound}` : last === bound ? `${bound}` : `${bound}–${last}`;
    steps.push({ tone: spread(i + 1, lower.length), text });
  });
  return steps;
}
