"use strict";
// The table of an audit's report: rows are unpacked, searched, sorted and shown a page at a time, as text alone.
(async () => {
  const PAGE = 100;
  const VERDICT = 1;
  /** @param {string} id */
  const element = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
  const search = /** @type {HTMLInputElement} */ (element("search"));
  const verdict = /** @type {HTMLSelectElement} */ (element("verdict"));
  const column = /** @type {HTMLSelectElement} */ (element("column"));
  const table = /** @type {HTMLTableElement} */ (element("table"));
  const heads = [...table.querySelectorAll("th")];

  /** @param {string} text @returns {Promise<string[][]>} */
  async function unpacked(text) {
    const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    return JSON.parse(await new Response(stream).text());
  }

  element("found").textContent = "Unpacking the rows ...";
  /** @type {string[][]} */
  const rows = [];
  for (const block of document.querySelectorAll("script.rows")) {
    rows.push(...(await unpacked(block.textContent ?? "")));
    block.remove();
  }
  const lower = rows.map((row) => row.map((cell) => cell.toLowerCase()));
  /** @type {number[]} */
  let shown = [];
  let page = 0;
  let sortedBy = -1;
  let descending = false;

  /** @param {number} index */
  function matches(index) {
    const words = search.value.toLowerCase().split(/\s+/u).filter(Boolean);
    const cells = column.value ? [lower[index][Number(column.value)]] : lower[index];
    return (
      (!verdict.value || rows[index][VERDICT] === verdict.value) &&
      words.every((word) => cells.some((cell) => cell.includes(word)))
    );
  }

  function filter() {
    shown = [];
    for (let index = 0; index < rows.length; index++) if (matches(index)) shown.push(index);
    if (sortedBy >= 0) {
      const key = sortedBy;
      const sign = descending ? -1 : 1;
      shown.sort((a, b) => sign * (lower[a][key] < lower[b][key] ? -1 : lower[a][key] > lower[b][key] ? 1 : a - b));
    }
    page = 0;
    draw();
  }

  function draw() {
    const pages = Math.max(1, Math.ceil(shown.length / PAGE));
    page = Math.min(Math.max(page, 0), pages - 1);
    const body = document.createElement("tbody");
    for (const index of shown.slice(page * PAGE, (page + 1) * PAGE)) {
      const line = body.insertRow();
      rows[index].forEach((text, place) => {
        const cell = place ? line.insertCell() : line.appendChild(document.createElement("th"));
        if (!place) cell.setAttribute("scope", "row");
        if (place === VERDICT) cell.className = text;
        cell.appendChild(document.createElement("bdi")).textContent = text;
      });
    }
    table.tBodies[0].replaceWith(body);
    const count = shown.length.toLocaleString("en");
    element("found").textContent = `${count} of ${rows.length.toLocaleString("en")} files`;
    element("page").textContent = `Page ${(page + 1).toLocaleString("en")} of ${pages.toLocaleString("en")}`;
    for (const [id, off] of /** @type {[string, boolean][]} */ ([
      ["first", page === 0],
      ["previous", page === 0],
      ["next", page === pages - 1],
      ["last", page === pages - 1],
    ]))
      /** @type {HTMLButtonElement} */ (element(id)).disabled = off;
  }

  /** @param {number} place */
  function sort(place) {
    descending = sortedBy === place && !descending;
    sortedBy = place;
    heads.forEach((head, index) => {
      if (index === place) head.setAttribute("aria-sort", descending ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
    filter();
  }

  for (const word of [...new Set(rows.map((row) => row[VERDICT]))].sort()) verdict.add(new Option(word, word));
  heads.forEach((head, place) => head.querySelector("button")?.addEventListener("click", () => sort(place)));
  let timer = 0;
  search.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(filter, 150);
  });
  for (const each of [verdict, column]) each.addEventListener("change", filter);
  element("filters").addEventListener("submit", (event) => event.preventDefault());
  /** @type {[string, () => number][]} */
  const moves = [
    ["first", () => 0],
    ["previous", () => page - 1],
    ["next", () => page + 1],
    ["last", () => Infinity],
  ];
  for (const [id, to] of moves)
    element(id).addEventListener("click", () => {
      page = to();
      draw();
    });
  for (const id of ["filters", "table", "pages"]) element(id).hidden = false;
  filter();
})();
