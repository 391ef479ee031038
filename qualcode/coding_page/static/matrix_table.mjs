/**
 * A code matrix whose filled cells open the passages behind them. Entry for anywidget, a module by itself: the coding page
 * comes in a message when somebody opens a passage, so that a saved notebook stays small.
 */

const STYLE = `
.qcm { --qcm-ink: var(--jp-ui-font-color1, inherit); --qcm-line: color-mix(in srgb, currentColor 22%, transparent);
  --qcm-hover: color-mix(in srgb, var(--jp-brand-color1, #2a62c4) 16%, transparent); color: var(--qcm-ink); font-size: 14px; line-height: 1.5; }
.qcm td button { all: unset; box-sizing: border-box; min-width: 2.2em; padding: .05em .45em; text-align: center; cursor: pointer;
  border-radius: 4px; text-decoration: underline; text-decoration-color: var(--qcm-line); text-underline-offset: 3px; }
.qcm td button:hover, .qcm td button[aria-expanded="true"] { background: var(--qcm-hover); }
.qcm td button[aria-expanded="true"] { font-weight: 600; }
.qcm button:focus-visible { outline: 2px solid var(--jp-brand-color1, #2a62c4); outline-offset: 1px; }
.qcm-cell { margin: .75em 0; padding: .75em 1em 1em; border: 1px solid var(--qcm-line); border-radius: 8px; max-width: 62em; }
.qcm-cell header { display: flex; align-items: baseline; gap: 1em; margin-bottom: .35em; }
.qcm-cell h3 { all: unset; font-weight: 600; font-size: 15px; }
.qcm-cell header p { margin: 0; opacity: .75; flex: 1; }
.qcm-cell .qcm-close { all: unset; cursor: pointer; padding: .1em .5em; border-radius: 4px; }
.qcm-cell .qcm-close:hover { background: var(--qcm-hover); }
.qcm-list { max-height: 26em; overflow-y: auto; margin: 0; padding: 0; list-style: none; }
.qcm-list li { display: grid; grid-template-columns: 9em minmax(0, 1fr) auto; gap: .15em 1.1em; padding: .6em 0; border-top: 1px solid var(--qcm-line); }
.qcm-who { opacity: .78; overflow-wrap: anywhere; }
.qcm-list blockquote { all: unset; white-space: pre-wrap; overflow-wrap: anywhere; max-width: 66ch; }
.qcm-code { grid-column: 2; opacity: .78; font-size: 13px; }
.qcm-open { all: unset; cursor: pointer; align-self: start; padding: .1em .6em; border: 1px solid var(--qcm-line); border-radius: 5px; white-space: nowrap; }
.qcm-open:hover { background: var(--qcm-hover); }
.qcm-error { color: var(--jp-error-color1, #a5281b); }
.qcm-page { margin-top: 1em; }
`;

function element(tag, options = {}, ...children) {
  const el = document.createElement(tag);
  for (const [name, value] of Object.entries(options)) {
    if (name === "onclick") el.addEventListener("click", value);
    else if (name === "text") el.textContent = value;
    else if (value !== null) el.setAttribute(name, value);
  }
  el.append(...children.filter(Boolean));
  return el;
}

const STANCES = { counters: "counter-example", mixed: "mixed" };

function passageRow(passage, open) {
  const who = [passage.source, passage.speaker && passage.speaker !== passage.source ? passage.speaker : null, passage.turn ? `turn ${passage.turn}` : null];
  const said = [passage.name, passage.coder, STANCES[passage.stance]];
  const words = passage.quote ?? "The text is not in this copy of the study.";
  return element(
    "li",
    {},
    element("div", { class: "qcm-who", text: who.filter(Boolean).join(", ") }),
    element("blockquote", { text: words }),
    element("button", { class: "qcm-open", type: "button", text: "Open", "aria-label": `Open ${passage.source}`, onclick: () => open(passage) }),
    element("div", { class: "qcm-code", text: said.filter(Boolean).join(" · ") }),
  );
}

async function moduleOf(script) {
  const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  try {
    return (await import(url)).default;
  } finally {
    URL.revokeObjectURL(url);
  }
}

function render({ model, el }) {
  const table = element("div", { class: "qcm-table" });
  const cell = element("div", { role: "region", "aria-live": "polite" });
  const told = element("p", { class: "qcm-error", role: "alert" });
  const page = element("div", { class: "qcm-page" });
  const root = element("div", { class: "qcm", "data-lm-suppress-shortcuts": "true" }, element("style", { text: STYLE }), table, cell, told, page);
  el.append(root);
  let names = { rows: [], columns: [] };
  let opened = null;
  let closePage = null;
  const pageListeners = new Set();

  function showTable({ html, filled, rows, columns }) {
    names = { rows, columns };
    // Made by Python of counts and names of codes, every one of them escaped; no word of a transcript is in it.
    table.innerHTML = html;
    const lines = [...table.querySelectorAll("tbody tr")].filter((line) => line.querySelector("th[scope=row]"));
    lines.forEach((line, i) => {
      const cells = line.querySelectorAll("td");
      for (const j of filled[i] ?? []) {
        const count = cells[j].textContent;
        const label = `${count}: ${rows[i]}, ${columns[j]}. Show the passages`;
        const button = element("button", { type: "button", text: count, "aria-label": label, "aria-expanded": "false" });
        button.addEventListener("click", () => (opened === button ? closeCell() : ask(button, i, j)));
        cells[j].replaceChildren(button);
      }
    });
  }

  function ask(button, row, column) {
    closeCell();
    opened = button;
    button.setAttribute("aria-expanded", "true");
    model.send({ do: "cell", row, column });
  }

  function closeCell() {
    opened?.setAttribute("aria-expanded", "false");
    opened = null;
    cell.replaceChildren();
    told.textContent = "";
  }

  function showCell({ title, passages, total, sources }) {
    const more = total > passages.length ? `, the first ${passages.length} shown` : "";
    const count = `${total} coded passage${total === 1 ? "" : "s"} in ${sources} source${sources === 1 ? "" : "s"}${more}`;
    const close = element("button", { class: "qcm-close", type: "button", text: "Close", onclick: () => (opened?.focus(), closeCell()) });
    const list = element("ul", { class: "qcm-list", tabindex: "0" }, ...passages.map((passage) => passageRow(passage, openPassage)));
    const box = element("section", { class: "qcm-cell", "aria-label": title }, element("header", {}, element("h3", { text: title }), element("p", { text: count }), close), list);
    box.addEventListener("keydown", (event) => event.key === "Escape" && close.click());
    cell.replaceChildren(box);
  }

  function openPassage({ source, start, end }) {
    told.textContent = "";
    closePage?.();
    closePage = null;
    model.send({ do: "page", source, start, end });
  }

  async function showPage({ script, css }) {
    const { render: renderPage } = await moduleOf(script);
    page.replaceChildren(element("style", { text: css }));
    const inner = {
      get: (name) => (name === "height" ? "70vh" : undefined),
      send: (message) => model.send({ page: message }),
      on: (_, fn) => pageListeners.add(fn),
      off: (_, fn) => pageListeners.delete(fn),
    };
    closePage = renderPage({ model: inner, el: page });
    page.scrollIntoView({ block: "nearest" });
  }

  function receive(message, buffers) {
    if (message.table) showTable(message.table);
    else if (message.cell) showCell(message.cell);
    else if (message.open) showPage(message.open);
    else if (message.page) pageListeners.forEach((fn) => fn(message.page, buffers));
    else if (message.error) told.textContent = message.error;
  }

  model.on("msg:custom", receive);
  model.send({ do: "table" });
  root.addEventListener("keydown", (event) => event.stopPropagation());
  // Notebook 7 looks at keys first, and at the element that has the focus before anything around it.
  root.addEventListener("focusin", (event) => event.target.setAttribute("data-lm-suppress-shortcuts", "true"));
  return () => {
    model.off("msg:custom", receive);
    closePage?.();
  };
}

export default { render };
