/** The bar above the text: which source, how far, search, undo, whose codings, keys. */
import { countOf, icon, iconButton, make } from "./dom.js";
import { coverageOf, joinRanges } from "./lanes.js";

const CELLS = 120;
const STATE_SIGNS = { finished: "✓", "in progress": "◐", "not started": "○" };

/** Coded parts of the text as a CSS gradient of equal cells. */
export function coverageGradient(length, ranges) {
  if (length === 0) return "none";
  const cells = new Array(CELLS).fill(0);
  for (const { start, end } of ranges) {
    for (let cell = Math.floor((start / length) * CELLS); cell < Math.min((end / length) * CELLS, CELLS); cell += 1) {
      const [from, to] = [(cell * length) / CELLS, ((cell + 1) * length) / CELLS];
      cells[cell] += (Math.min(end, to) - Math.max(start, from)) / (to - from);
    }
  }
  const stops = cells.flatMap((part, cell) => {
    const shade = `color-mix(in srgb, var(--qc-accent) ${Math.round(Math.min(part, 1) * 100)}%, transparent)`;
    return [`${shade} ${(cell / CELLS) * 100}%`, `${shade} ${((cell + 1) / CELLS) * 100}%`];
  });
  return `linear-gradient(to right, ${stops.join(", ")})`;
}

/**
 * @param {HTMLElement} el @param {ReturnType<import("./store.js").createStore>} store
 * @param {{actions: () => Object<string, Function>, focusText: () => void, toggleSide: () => void, hasSide: boolean}} page
 */
export function createTopBar(el, store, { actions, focusText, toggleSide, hasSide }) {
  const { state } = store;
  const act = (name) => () => {
    actions()[name]();
    focusText();
  };

  const sources = make("select", { class: "qc-sources", "aria-label": "Source", on: { change: () => store.go(sources.value).then(focusText) } });
  // The select lies unseen over a label that says less: a list of options needs counts, a heading does not.
  const sourceLabel = make("span", { class: "qc-source-label", "aria-hidden": "true" });
  const sourceBox = make("div", { class: "qc-source-box" }, sourceLabel, sources);
  const previous = iconButton("left", "Previous source", act("previousSource"), { key: "<" });
  const next = iconButton("right", "Next source", act("nextSource"), { key: ">" });
  const strip = make("button", { type: "button", class: "qc-coverage-strip", tabindex: "-1", "aria-hidden": "true", on: { click: jump } });
  const share = make("span", { class: "qc-coverage-share" });
  const coverage = make("div", { class: "qc-coverage" }, strip, share);
  const finished = make("button", { type: "button", role: "switch", class: "qc-switch", "aria-checked": "false", on: { click: finish } }, make("span", { class: "qc-switch-track" }), make("span", { text: "Finished" }));
  const field = make("input", {
    type: "search",
    class: "qc-field qc-search",
    placeholder: "Search, then Enter",
    "aria-label": "Search",
    title: "Search here (/), in all sources (Ctrl Shift F)",
    on: { keydown: searchKey, input: () => field.value === "" && store.setHits([]) },
  });
  const searchBox = make("label", { class: "qc-search-box" }, icon("search"), field);
  const undo = iconButton("undo", "Undo", act("undo"), { key: "u" });
  const redo = iconButton("redo", "Redo", act("redo"), { key: "U" });
  const people = make("details", { class: "qc-menu", hidden: true });
  const side = hasSide ? iconButton("panel", "Side panel", toggleSide, { class: "qc-button qc-icon-only qc-side-toggle", "aria-expanded": "false" }) : null;
  const help = iconButton("help", "Keys", () => actions().help(), { key: "?" });

  el.append(
    make("div", { class: "qc-top-group qc-top-source" }, previous, sourceBox, next),
    make("div", { class: "qc-top-group qc-top-state" }, coverage, finished),
    make("div", { class: "qc-top-group qc-top-search" }, searchBox),
    make("div", { class: "qc-top-group qc-top-tools" }, undo, redo, people, help, ...(side ? [side] : [])),
  );

  function jump(event) {
    const box = strip.getBoundingClientRect();
    const last = state.source?.blocks.at(-1);
    if (!last) return;
    const start = Math.floor(((event.clientX - box.left) / box.width) * last.end);
    store.go(null, { start, end: start + 1, flash: false });
    focusText();
  }

  async function finish() {
    if (!state.source) return;
    const done = !state.source?.finished;
    const result = await store.attempt({ do: "finish", source: state.source.id, finished: done });
    if (result !== null) store.say(done ? `${state.source.id} is finished: it now counts as read` : `${state.source.id} is open again`, "done");
  }

  function searchKey(event) {
    if (event.key === "Escape") {
      event.stopPropagation();
      field.value = "";
      store.setHits([]);
      focusText();
    }
    if (event.key !== "Enter") return;
    event.preventDefault();
    store.ask("search", { text: field.value, in: field.dataset.in ?? "source", backwards: event.shiftKey });
  }

  function drawSources() {
    sources.replaceChildren(
      ...state.sources.map((row) => {
        const title = row.title && row.title !== row.id ? `  ${row.title}` : "";
        const detail = row.text ? countOf(row.mine, "coding") : "no text here";
        return make("option", { value: row.id, disabled: !row.text, selected: row.id === state.source?.id, text: `${STATE_SIGNS[row.state] ?? ""} ${row.id}${title}  (${detail})` });
      }),
    );
    if (state.source) sources.value = state.source.id;
    drawLabel();
    const readable = state.sources.filter(({ text }) => text);
    const at = readable.findIndex(({ id }) => id === state.source?.id);
    previous.disabled = at <= 0;
    next.disabled = at < 0 || at >= readable.length - 1;
    const row = state.sources.find(({ id }) => id === state.source?.id);
    const isFinished = row ? row.state === "finished" : Boolean(state.source?.finished);
    if (state.source) state.source.finished = isFinished;
    finished.setAttribute("aria-checked", String(isFinished));
    finished.title = isFinished ? "This source is finished: what is not coded counts as not found" : "Say that you have coded all of this source";
  }

  function drawLabel() {
    const { source } = state;
    const titled = source && source.title !== source.id;
    sourceLabel.replaceChildren(
      ...[
        make("strong", { text: source?.id ?? "No source" }),
        titled ? make("span", { class: "qc-source-title", text: source.title }) : null,
        source?.synthetic ? make("span", { class: "qc-tag", text: "synthetic", title: "Nobody said these words" }) : null,
        icon("down"),
      ].filter(Boolean),
    );
  }

  let waiting = false;
  /** Soon, not at once: a new coding is painted first. */
  function drawCoverage() {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() =>
      setTimeout(() => {
        waiting = false;
        const blocks = state.source?.blocks ?? [];
        const mine = store.shownCodings().filter(store.isMine);
        const percent = Math.round(coverageOf(blocks, mine) * 100);
        share.textContent = `${percent} % coded`;
        coverage.title = `${percent} % of what is said here is coded by you. Click to go there.`;
        strip.style.backgroundImage = coverageGradient(blocks.at(-1)?.end ?? 0, joinRanges(mine));
      }, 0),
    );
  }

  function drawUndo() {
    for (const [button, verb, word] of [[undo, "undo", "Undo"], [redo, "redo", "Redo"]]) {
      button.disabled = !state.undo?.[verb];
      button.title = state.undo?.[verb] ? `${word}: ${state.undo[verb]}` : `Nothing to ${verb}`;
    }
  }

  function drawPeople() {
    const others = state.coders.filter(({ id }) => id !== state.coder);
    people.hidden = state.blind || others.length === 0;
    const shown = others.filter(({ id }) => state.shown.has(id)).length;
    people.replaceChildren(
      make("summary", { class: "qc-button qc-icon-only", title: "Whose codings are shown", "aria-label": "Whose codings are shown" }, icon("people"), shown ? make("span", { class: "qc-badge", text: String(shown) }) : null),
      make(
        "div",
        { class: "qc-card qc-menu-card" },
        make("p", { class: "qc-menu-title", text: "Also show the codings of" }),
        ...others.map(({ id, name, kind }) =>
          make(
            "label",
            { class: "qc-check" },
            make("input", { type: "checkbox", checked: state.shown.has(id), on: { change: (event) => store.showCoder(id, event.target.checked) } }),
            make("span", { text: name }),
            kind === "human" ? null : make("span", { class: "qc-quiet", text: kind }),
          ),
        ),
      ),
    );
  }

  const redrawMenu = () => {
    const open = people.open;
    const focused = people.getRootNode().activeElement;
    const at = [...people.querySelectorAll("input")].indexOf(focused);
    drawPeople();
    people.open = open;
    if (at >= 0) people.querySelectorAll("input")[at]?.focus();
  };
  const leaveMenu = (event) => {
    if (people.open && !event.composedPath().includes(people)) people.open = false;
  };
  window.addEventListener("mousedown", leaveMenu, true);

  const draw = () => {
    drawSources();
    drawCoverage();
    drawUndo();
    drawPeople();
  };
  const offs = [
    store.on("open", draw),
    store.on("source", draw),
    store.on("sources", drawSources),
    store.on("codings", drawCoverage),
    store.on("undo", drawUndo),
    store.on("coders", redrawMenu),
  ];
  return {
    /** Put the keyboard into the search field. @param {"source"|"all"} where */
    search(where) {
      field.dataset.in = where;
      field.placeholder = where === "all" ? "All sources, then Enter" : "Search here, then Enter";
      field.focus();
      field.select();
    },
    sideButton: side,
    close() {
      offs.forEach((off) => off());
      window.removeEventListener("mousedown", leaveMenu, true);
    },
  };
}
