/** Bulk actions: `data-select-all="name"` ticks every box of that name in its form; a bar counts what is ticked. */
import { languageOf, say } from "../shared/words.ts";

export function watchTicks(): void {
  document.addEventListener("change", (event) => {
    if (!(event.target instanceof HTMLInputElement) || event.target.type !== "checkbox") return;
    const all = event.target.dataset["selectAll"];
    if (all !== undefined) {
      for (const box of boxes(event.target, all)) box.checked = event.target.checked;
    }
    refresh();
  });
  document.addEventListener("click", tickRange);
  document.addEventListener("htmx:load", refresh);
  refresh();
}

let last: HTMLInputElement | null = null;

/** With shift held, a click ticks every box between the last one and this one. */
function tickRange(event: MouseEvent): void {
  const box = event.target;
  if (!(box instanceof HTMLInputElement) || box.type !== "checkbox" || !box.name) return;
  if (event.shiftKey && last?.isConnected && last.name === box.name) {
    const all = boxes(box, box.name);
    const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b) as [number, number];
    for (const between of all.slice(from, to + 1)) between.checked = box.checked;
    refresh();
  }
  last = box;
}

function boxes(near: HTMLInputElement, name: string): HTMLInputElement[] {
  const scope: ParentNode = near.form ?? near.closest("table") ?? document;
  const inside = [...scope.querySelectorAll<HTMLInputElement>(`input[type="checkbox"][name="${CSS.escape(name)}"]`)];
  const named = near.form?.id
    ? [...document.querySelectorAll<HTMLInputElement>(`input[type="checkbox"][name="${CSS.escape(name)}"][form="${CSS.escape(near.form.id)}"]`)]
    : [];
  return [...new Set([...inside, ...named])].filter((box) => !box.disabled);
}

function refresh(): void {
  for (const all of document.querySelectorAll<HTMLInputElement>("input[data-select-all]")) {
    const rows = boxes(all, all.dataset["selectAll"] ?? "");
    const n = rows.filter((box) => box.checked).length;
    all.checked = n > 0 && n === rows.length;
    all.indeterminate = n > 0 && n < rows.length;
  }
  for (const bar of document.querySelectorAll<HTMLElement>("[data-bulk]")) count(bar);
}

function count(bar: HTMLElement): void {
  const form = document.getElementById(bar.dataset["bulk"] ?? "");
  const told = bar.querySelector<HTMLElement>("[data-bulk-count]");
  if (!(form instanceof HTMLFormElement) || !told) return;
  const n = [...form.elements].filter(
    (box) => box instanceof HTMLInputElement && box.type === "checkbox" && box.checked && box.dataset["selectAll"] === undefined,
  ).length;
  const lang = languageOf(bar);
  told.textContent = n === 0 ? (told.dataset["none"] ?? "") : say(n === 1 ? "ticked_one" : "ticked", lang, { n });
  for (const button of bar.querySelectorAll("button")) button.disabled = n === 0;
}
