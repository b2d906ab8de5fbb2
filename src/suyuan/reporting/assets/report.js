"use strict";
(() => {
  const table = document.getElementById("contacts");
  const controls = document.getElementById("controls");
  if (!table || !controls) return;
  controls.hidden = false;
  const search = document.getElementById("search");
  const ring = document.getElementById("by-ring");
  const setting = document.getElementById("by-setting");
  const found = document.getElementById("found");
  const people = Array.from(table.tBodies, (body) => ({ body, text: body.textContent.toLowerCase() }));

  const sift = () => {
    const wanted = search.value.trim().toLowerCase();
    let n = 0;
    for (const { body, text } of people) {
      const fits = (!wanted || text.includes(wanted))
        && (!ring.value || body.dataset.ring === ring.value)
        && (!setting.value || body.dataset.setting === setting.value);
      body.hidden = !fits;
      if (fits) n += 1;
    }
    found.textContent = found.dataset.word.replace("{n}", n.toLocaleString("en"));
  };
  controls.addEventListener("input", sift);
  controls.addEventListener("submit", (event) => event.preventDefault());

  const keyOf = (body, column) => body.rows[0].cells[column].dataset.v || "";
  const sort = (head) => {
    const column = head.cellIndex;
    const numeric = people.every(({ body }) => keyOf(body, column) !== "" && !Number.isNaN(Number(keyOf(body, column))));
    const down = head.getAttribute("aria-sort") === "ascending" || (numeric && !head.hasAttribute("aria-sort") && column > 2);
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const sign = down ? -1 : 1;
    people.sort((a, b) => {
      const left = keyOf(a.body, column);
      const right = keyOf(b.body, column);
      return sign * (numeric ? Number(left) - Number(right) : left.localeCompare(right));
    });
    table.append(...people.map(({ body }) => body));
  };
  for (const head of table.tHead.rows[0].cells) {
    if (!head.dataset.sort) continue;
    head.tabIndex = 0;
    head.classList.add("sortable");
    head.addEventListener("click", () => sort(head));
    head.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") { event.preventDefault(); sort(head); }
    });
  }
  sift();
})();
