/** Finds `<section data-island="…">`, loads its code once it is needed, and lets it go when the page drops it. */
import { html } from "../shared/dom.ts";
import { clockFace } from "../shared/moments.ts";
import { openSource, type Source } from "../shared/source.ts";
import { languageOf, say, type Language } from "../shared/words.ts";

export interface Island<T> {
  show(data: T): void;
  dispose(): void;
}

export type Maker<T> = (host: HTMLElement, lang: Language) => Island<T>;

const makers: Record<string, () => Promise<{ make: Maker<never> }>> = {
  map: () => import("../map/island.ts"),
  curve: () => import("../curve/island.ts"),
  chain: () => import("../chain/island.ts"),
  lanes: () => import("../lanes/island.ts"),
};

const mounted = new Map<HTMLElement, () => void>();

export function watchIslands(): void {
  sweep();
  new MutationObserver(sweep).observe(document.body, { childList: true, subtree: true });
}

function sweep(): void {
  for (const [host, release] of mounted) {
    if (host.isConnected) continue;
    mounted.delete(host);
    release();
  }
  for (const host of document.querySelectorAll<HTMLElement>("[data-island]")) {
    if (!mounted.has(host)) mount(host);
  }
}

function mount(host: HTMLElement): void {
  const load = makers[host.dataset["island"] ?? ""];
  if (!load) return;
  const lang = languageOf(host);
  const line = host.querySelector<HTMLElement>(":scope > .state") ?? html("p", { class: "state" });
  const body = html("div");
  let island: Island<never> | null = null;
  let source: Source | null = null;
  let gone = false;
  let shownAt: Date | null = null;
  const tell = (text: string, failed: boolean): void => {
    line.textContent = text;
    line.hidden = text === "";
    line.classList.toggle("failed", failed);
  };
  host.replaceChildren(body, line);
  mounted.set(host, () => {
    gone = true;
    source?.stop();
    island?.dispose();
  });
  void load().then(({ make }) => {
    if (gone) return;
    island = make(body, lang);
    const every = Number(host.dataset["every"]);
    source = openSource<never>(host.dataset["src"] ?? "", every > 0 ? every : null, {
      data: (value) => {
        try {
          island?.show(value);
        } catch (fault) {
          reportError(fault);
          tell(say("broken", lang), true);
          return;
        }
        performance.mark(`island ${host.dataset["island"]} shown`);
        shownAt = new Date();
        tell("", false);
        host.dataset["ready"] = String(Number(host.dataset["ready"] ?? 0) + 1);
      },
      fresh: () => tell("", false),
      trouble: (kind) => {
        if (kind === "signed_out") tell(say("signed_out", lang), true);
        else if (shownAt) tell(say("failed", lang, { time: clockFace(shownAt) }), true);
        else tell(say("failed_first", lang), true);
      },
    });
  }).catch((fault: unknown) => {
    reportError(fault);
    tell(say("broken", lang), true);
  });
}
