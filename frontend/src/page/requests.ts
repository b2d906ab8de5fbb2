/** Requests of htmx that fail are told in the notice area; a swap never loses what the officer was doing silently. */
import { html } from "../shared/dom.ts";
import { languageOf, say } from "../shared/words.ts";

export function watchRequests(): void {
  document.addEventListener("htmx:responseError", (event) => {
    const answer = (event as CustomEvent<{ xhr: XMLHttpRequest }>).detail.xhr;
    tellFailure(event, String(answer.status));
  });
  document.addEventListener("htmx:beforeSwap", keepDoorOut);
  document.addEventListener("htmx:sendError", (event) => tellFailure(event, "–"));
  document.addEventListener("htmx:timeout", (event) => tellFailure(event, "–"));
}

/** Whoever was signed out meanwhile must not find the sign-in page inside a table. */
function keepDoorOut(event: Event): void {
  const detail = (event as CustomEvent<{ xhr: XMLHttpRequest; shouldSwap: boolean }>).detail;
  const answered = new URL(detail.xhr.responseURL || location.href, location.href).pathname;
  if (!answered.startsWith("/accounts/") || location.pathname.startsWith("/accounts/")) return;
  detail.shouldSwap = false;
  notify(say("signed_out", languageOf(document.body)), "error");
}

function tellFailure(event: Event, code: string): void {
  if (event.target instanceof Element && event.target.matches("[hx-trigger^='every']")) return;
  notify(say("request_failed", languageOf(document.body), { code }), "error");
}

export function notify(sentence: string, level: "error" | "success"): void {
  const area = document.getElementById("notice");
  area?.replaceChildren(html("div", { class: `notice ${level}` }, html("p", {}, sentence)));
  area?.scrollIntoView({ block: "nearest" });
}
