/** The same figures as a table: every drawing has one, behind a button that says so. */
import { html } from "./dom.ts";
import { say, type Language } from "./words.ts";

export type Cell = Node | string | number;

export interface Toggle {
  button: HTMLButtonElement;
  holder: HTMLDivElement;
  /** Called whenever the table becomes visible or its data changes; rows are made only then. */
  refresh(): void;
  open(): void;
}

export function tableToggle(lang: Language, head: string[], rows: () => Cell[][], note?: () => string): Toggle {
  const button = html("button", { type: "button", "aria-expanded": "false" }, say("show_table", lang));
  const holder = html("div", { class: "wide", hidden: true, tabindex: 0 });
  const refresh = (): void => {
    if (!holder.hidden) holder.replaceChildren(table(head, rows(), note?.() ?? ""));
  };
  const set = (visible: boolean): void => {
    holder.hidden = !visible;
    button.setAttribute("aria-expanded", String(visible));
    button.textContent = say(visible ? "hide_table" : "show_table", lang);
    refresh();
  };
  button.addEventListener("click", () => set(Boolean(holder.hidden)));
  return { button, holder, refresh, open: () => set(true) };
}

function table(head: string[], rows: Cell[][], note: string): HTMLTableElement {
  const numeric = (rows[0] ?? []).map((cell) => typeof cell === "number");
  const heads = head.map((word, i) => html("th", { scope: "col", class: numeric[i] ? "number" : undefined }, word));
  const top = html("tr", {}, ...heads);
  const body = rows.map((row) =>
    html("tr", {}, ...row.map((cell) =>
      typeof cell === "number" ? html("td", { class: "number" }, String(cell)) : html("td", {}, cell))),
  );
  const made = html("table", {}, html("thead", {}, top), html("tbody", {}, ...body));
  if (note) made.prepend(html("caption", {}, note));
  return made;
}
