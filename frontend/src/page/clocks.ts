/** `<time data-due="…">` says how long is left, in words, four times a minute and after every swap. */
import { html } from "../shared/dom.ts";
import { lateness, remaining, skew } from "../shared/moments.ts";
import { languageOf } from "../shared/words.ts";

const EVERY_MS = 15_000;

export function watchClocks(): void {
  const ahead = skew(document.documentElement.dataset["now"], Date.now());
  const tick = (): void => {
    for (const clock of document.querySelectorAll<HTMLElement>("time[data-due]")) set(clock, Date.now() - ahead);
  };
  tick();
  setInterval(tick, EVERY_MS);
  document.addEventListener("htmx:load", tick);
  document.addEventListener("visibilitychange", tick);
}

function set(clock: HTMLElement, now: number): void {
  const due = Date.parse(clock.dataset["due"] ?? "");
  if (Number.isNaN(due)) return;
  let left = clock.querySelector<HTMLElement>(".left");
  if (!left) {
    left = html("span", { class: "left" });
    clock.append(" ", left);
  }
  const told = remaining(due, now, languageOf(clock));
  if (left.textContent !== told) left.textContent = told;
  const state = lateness(due, now);
  clock.classList.add("clock");
  for (const name of ["late", "soon", "fine"]) clock.classList.toggle(name, name === state);
  const row = clock.closest("tr[data-clock]");
  row?.classList.toggle("late", state === "late");
  row?.classList.toggle("soon", state === "soon");
}
