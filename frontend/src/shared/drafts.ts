/** What a draft is made of, apart from the page: comparing, waiting, remembering. */

export type Entries = [string, string][];

const NEVER_KEPT = new Set(["csrfmiddlewaretoken", "password"]);

export function kept(entries: Iterable<[string, FormDataEntryValue]>): Entries {
  const found: Entries = [];
  for (const [name, value] of entries) {
    if (typeof value === "string" && !NEVER_KEPT.has(name)) found.push([name, value]);
  }
  return found;
}

export function same(one: Entries, other: Entries): boolean {
  return one.length === other.length && one.every(([name, value], i) => other[i]?.[0] === name && other[i]?.[1] === value);
}

/** Seconds before a failed save is tried again: 2, 4, 8 … at most a minute. */
export function retrySeconds(failures: number): number {
  return Math.min(60, 2 ** Math.max(1, failures));
}

export interface Copy {
  at: number;
  entries: Entries;
}

export function readCopy(text: string | null): Copy | null {
  if (text === null) return null;
  try {
    const value: unknown = JSON.parse(text);
    return isCopy(value) ? value : null;
  } catch {
    return null;
  }
}

function isCopy(value: unknown): value is Copy {
  if (typeof value !== "object" || value === null) return false;
  const { at, entries } = value as Partial<Copy>;
  return typeof at === "number" && Array.isArray(entries) && entries.every((pair) =>
    Array.isArray(pair) && typeof pair[0] === "string" && typeof pair[1] === "string");
}
