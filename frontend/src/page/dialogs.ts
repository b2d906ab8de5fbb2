/** Dialogs: `data-opens="id"` opens one, `data-closes` closes it; `data-confirm="question"` asks before a form goes. */
import { html } from "../shared/dom.ts";
import { languageOf, say } from "../shared/words.ts";

export function watchDialogs(): void {
  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) return;
    const opener = event.target.closest<HTMLElement>("[data-opens]");
    if (opener) openDialog(document.getElementById(opener.dataset["opens"] ?? ""));
    if (event.target.closest("[data-closes]")) event.target.closest("dialog")?.close();
    for (const menu of document.querySelectorAll<HTMLDetailsElement>("details[data-menu][open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  document.addEventListener("submit", askFirst, true);
  document.addEventListener("htmx:confirm", (event) => {
    const { question, issueRequest } = (event as CustomEvent<{ question?: string; issueRequest(skip: boolean): void }>).detail;
    if (!question) return;
    event.preventDefault();
    ask(question, event.target as Element, () => issueRequest(true));
  });
}

function openDialog(found: HTMLElement | null): void {
  if (!(found instanceof HTMLDialogElement)) return;
  found.showModal();
  found.querySelector<HTMLElement>("textarea, select, input:not([type=hidden])")?.focus();
}

function askFirst(event: SubmitEvent): void {
  const form = event.target as HTMLFormElement;
  const sender = event.submitter;
  const question = sender?.dataset["confirm"] ?? form.dataset["confirm"];
  if (!question || form.dataset["asked"] !== undefined) {
    delete form.dataset["asked"];
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  ask(question, sender ?? form, () => {
    form.dataset["asked"] = "";
    form.requestSubmit(sender instanceof HTMLButtonElement ? sender : null);
  });
}

function ask(question: string, near: Element, go: () => void): void {
  const lang = languageOf(near);
  const word = near.textContent?.trim() && near instanceof HTMLButtonElement ? near.textContent.trim() : "OK";
  const yes = html("button", { type: "button", class: near.classList.contains("grave") ? "grave" : "main" }, word);
  const no = html("button", { type: "button" }, say("close", lang));
  const dialog = html("dialog", { role: "alertdialog" }, html("p", {}, question), html("div", { class: "row" }, no, yes));
  no.addEventListener("click", () => dialog.close());
  yes.addEventListener("click", () => {
    dialog.close();
    go();
  });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  no.focus();
}
