/** Where an island's data comes from, asked again as often as the page says; unchanged data costs one short answer. */

export type Trouble = "no_answer" | "signed_out";

export interface Source {
  stop(): void;
}

export interface Listener<T> {
  data(value: T): void;
  fresh(): void;
  trouble(kind: Trouble): void;
}

const LONGEST_PAUSE_S = 60;

/** How long to wait after a number of failures in a row: doubled each time, at most a minute. */
export function pause(everySeconds: number, failures: number): number {
  return failures === 0 ? everySeconds : Math.min(LONGEST_PAUSE_S, Math.max(everySeconds, 2) * 2 ** (failures - 1));
}

export function openSource<T>(address: string, everySeconds: number | null, listener: Listener<T>): Source {
  if (address.startsWith("#")) {
    const written = document.getElementById(address.slice(1))?.textContent;
    if (!written) throw new ReferenceError(`The page holds no data under ${address}.`);
    listener.data(JSON.parse(written) as T);
    return { stop: () => undefined };
  }
  const stopped = new AbortController();
  let tag: string | null = null;
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const ask = async (): Promise<void> => {
    clearTimeout(timer);
    if (document.hidden && tag !== null) return;
    let again = true;
    try {
      again = await once();
    } catch (fault) {
      if (stopped.signal.aborted) return;
      if (!(fault instanceof TypeError || fault instanceof SyntaxError || fault instanceof DOMException)) throw fault;
      failures += 1;
      listener.trouble("no_answer");
    }
    const wait = failures > 0 ? pause(everySeconds ?? 5, failures) : everySeconds;
    if (again && wait !== null && !stopped.signal.aborted) timer = setTimeout(ask, wait * 1000);
  };

  const once = async (): Promise<boolean> => {
    const headers: Record<string, string> = { Accept: "application/json" };
    if (tag !== null) headers["If-None-Match"] = tag;
    const answer = await fetch(address, { headers, cache: "no-store", credentials: "same-origin", signal: stopped.signal });
    if (answer.status === 304) {
      failures = 0;
      listener.fresh();
      return true;
    }
    if (answer.status === 401 || answer.status === 403 || answer.redirected) {
      listener.trouble("signed_out");
      return false;
    }
    if (!answer.ok) throw new TypeError(`answered ${answer.status}`);
    const value = (await answer.json()) as T;
    tag = answer.headers.get("ETag");
    failures = 0;
    listener.data(value);
    return true;
  };

  const wake = (): void => {
    if (!document.hidden && everySeconds !== null) void ask();
  };
  document.addEventListener("visibilitychange", wake);
  stopped.signal.addEventListener("abort", () => {
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", wake);
  });
  void ask();
  return { stop: () => stopped.abort() };
}
