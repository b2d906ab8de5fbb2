/**
 * Forms marked `data-autosave="/address"` save themselves a second after the last key. The server is sent the form as it
 * would be submitted; it answers 204 or `{"version": n}`, and 4xx with `{"message": sentence}` to refuse. Until an answer
 * arrives, what was typed stays in the form and in the tab's own storage, which ends with the tab.
 */
import { html } from "../shared/dom.ts";
import { kept, readCopy, retrySeconds, same, type Entries } from "../shared/drafts.ts";
import { clockFace } from "../shared/moments.ts";
import { languageOf, say, type Key, type Values } from "../shared/words.ts";

const QUIET_MS = 1000;
const open = new Map<HTMLFormElement, Draft>();

export function watchDrafts(): void {
  const sweep = (): void => {
    for (const [form, draft] of open) {
      if (form.isConnected) continue;
      void draft.flush();
      open.delete(form);
    }
    for (const form of document.querySelectorAll<HTMLFormElement>("form[data-autosave]")) {
      if (!open.has(form)) open.set(form, new Draft(form));
    }
  };
  sweep();
  document.addEventListener("htmx:load", sweep);
  window.addEventListener("beforeunload", (event) => {
    if ([...open.values()].some((draft) => draft.unsaved)) event.preventDefault();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) for (const draft of open.values()) void draft.flush();
  });
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (/sign.?out|log.?out/.test(form.action)) sessionStorage.clear();
  });
}

class Draft {
  unsaved = false;
  private readonly form: HTMLFormElement;
  private readonly line: HTMLElement;
  private readonly store: string;
  private stored: Entries;
  private failures = 0;
  private sending = false;
  /** The server refused this very text: asking again without a change would only be refused again. */
  private refusedAsIs = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(form: HTMLFormElement) {
    this.form = form;
    this.store = `draft ${form.dataset["autosave"] ?? ""}`;
    this.line = form.querySelector<HTMLElement>("[data-saved]") ?? html("p", { "data-saved": true });
    this.line.classList.add("saved");
    this.line.setAttribute("role", "status");
    if (!this.line.isConnected) form.append(this.line);
    this.stored = this.entries();
    this.restore();
    form.addEventListener("input", () => this.changed());
    form.addEventListener("change", () => this.changed());
    form.addEventListener("submit", () => this.submitted());
  }

  /** Save now what is not saved yet. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    if (!this.unsaved || this.sending) return;
    this.sending = true;
    const sent = this.entries();
    this.tell("saving", "saving");
    try {
      await this.send(sent);
    } finally {
      this.sending = false;
    }
    if (this.unsaved && !this.refusedAsIs) this.later(this.failures > 0 ? retrySeconds(this.failures) * 1000 : QUIET_MS);
  }

  private entries(): Entries {
    return kept(new FormData(this.form));
  }

  private changed(): void {
    const now = this.entries();
    this.refusedAsIs = false;
    this.unsaved = !same(now, this.stored);
    if (!this.unsaved) return;
    sessionStorage.setItem(this.store, JSON.stringify({ at: Date.now(), entries: now }));
    this.later(QUIET_MS);
  }

  private later(milliseconds: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(), milliseconds);
  }

  private submitted(): void {
    clearTimeout(this.timer);
    this.unsaved = false;
  }

  private async send(sent: Entries): Promise<void> {
    let answer: Response;
    try {
      answer = await fetch(this.form.dataset["autosave"] ?? "", {
        method: "POST",
        body: new FormData(this.form),
        headers: { Accept: "application/json" },
        redirect: "error",
        signal: AbortSignal.timeout(20_000),
      });
    } catch {
      this.failed("not_saved");
      return;
    }
    if (answer.ok) await this.saved(sent, answer);
    else await this.refused(sent, answer);
  }

  private async saved(sent: Entries, answer: Response): Promise<void> {
    const version = answer.status === 204 ? null : ((await answer.json().catch(() => null)) as { version?: number } | null);
    const field = this.form.elements.namedItem("version");
    if (version?.version !== undefined && field instanceof HTMLInputElement) field.value = String(version.version);
    this.failures = 0;
    this.stored = sent.map(([name, value]) => [name, name === "version" && version?.version !== undefined ? String(version.version) : value]);
    this.unsaved = !same(this.entries(), this.stored);
    if (!this.unsaved) sessionStorage.removeItem(this.store);
    this.tell("saved", "saved", { time: clockFace(new Date()) });
  }

  private async refused(sent: Entries, answer: Response): Promise<void> {
    const told = (await answer.json().catch(() => null)) as { message?: string } | null;
    if (answer.status >= 500 || !told?.message) this.failed("not_saved");
    else {
      this.refusedAsIs = same(this.entries(), sent);
      this.failed("not_saved_refused", { sentence: told.message });
    }
  }

  private failed(key: Key, values: Values = {}): void {
    this.failures += 1;
    this.tell("failed", key, values);
  }

  private tell(state: "saving" | "saved" | "failed", key: Key, values: Values = {}): void {
    this.line.dataset["state"] = state;
    this.line.textContent = say(key, languageOf(this.form), values);
  }

  private restore(): void {
    const copy = readCopy(sessionStorage.getItem(this.store));
    if (!copy || same(copy.entries, this.stored)) return;
    const before = this.stored;
    this.put(copy.entries);
    this.unsaved = true;
    const lang = languageOf(this.form);
    const back = html("button", { type: "button", class: "link" }, say("discard", lang));
    back.addEventListener("click", () => {
      clearTimeout(this.timer);
      this.put(before);
      this.unsaved = false;
      sessionStorage.removeItem(this.store);
      this.line.replaceChildren();
    });
    this.line.replaceChildren(say("restored", lang, { time: clockFace(new Date(copy.at)) }), " ", back);
  }

  private put(entries: Entries): void {
    const values = new Map<string, string[]>();
    for (const [name, value] of entries) values.set(name, [...(values.get(name) ?? []), value]);
    for (const field of this.form.elements) {
      if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement || field instanceof HTMLSelectElement)) continue;
      if (!field.name || field.name === "version" || field.type === "file" || field.name === "csrfmiddlewaretoken") continue;
      const given = values.get(field.name) ?? [];
      if (field instanceof HTMLInputElement && (field.type === "checkbox" || field.type === "radio")) field.checked = given.includes(field.value);
      else if (field instanceof HTMLSelectElement && field.multiple) for (const option of field.options) option.selected = given.includes(option.value);
      else if (given.length > 0) field.value = given.shift() ?? "";
    }
  }
}
