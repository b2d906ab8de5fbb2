/** Keyboard shortcuts; `?` shows them. A link or button takes part by carrying `data-key`. */
import { html } from "../shared/dom.ts";
import { languageOf, say } from "../shared/words.ts";

export function watchKeys(): void {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    const act = action(event.key);
    if (!act) return;
    event.preventDefault();
    act();
  });
}

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input, textarea, select, canvas, [contenteditable], [data-own-keys] *");
}

function action(key: string): (() => void) | null {
  if (key === "?") return showKeys;
  const search = document.querySelector<HTMLElement>("input[type=search]");
  if (key === "/" && search) return () => search.focus();
  const wanted = { "]": "a[rel=next]", "[": "a[rel=prev]" }[key] ?? `[data-key="${CSS.escape(key)}"]`;
  const found = document.querySelector<HTMLElement>(wanted);
  return found ? () => found.click() : null;
}

function showKeys(): void {
  const lang = languageOf(document.body);
  const rows: [string, string][] = [
    ["?", say("keys_help", lang)],
    ["/", say("keys_search", lang)],
    ["]", say("keys_next", lang)],
    ["[", say("keys_previous", lang)],
    ["Esc", say("keys_close", lang)],
  ];
  for (const place of document.querySelectorAll<HTMLElement>("[data-key]")) {
    const word = (place.firstChild?.textContent ?? "").trim();
    rows.push([place.dataset["key"] ?? "", say("keys_page", lang, { word })]);
  }
  const list = html("dl", { class: "facts" });
  for (const [key, told] of rows) list.append(html("dt", {}, html("kbd", {}, key)), html("dd", {}, told));
  const shut = html("button", { type: "button", class: "main", "data-closes": true }, say("close", lang));
  const title = html("h2", { id: "keys-title" }, say("keys_title", lang));
  const dialog = html("dialog", { "aria-labelledby": "keys-title" }, title, list, html("div", { class: "row" }, shut));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
