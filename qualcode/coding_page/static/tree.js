/** The panel of codes: the tree, with what a code means below it. */
import { icon, make } from "./dom.js";
import { codeSelection } from "./actions.js";
import { openCodeMenu } from "./code_menu.js";
import { createCodeCard } from "./code_card.js";
import { aboveOf, rowsOf, treeOf, treeWith } from "./code_tree.js";
import { openMenu } from "./menu.js";
import { answerCalls, countsInWords, focusTranscript, inkDot, keyOfCode, noteChosen, sign, signButton } from "./panel_parts.js";
import { countsShown } from "./state.js";
import { createMoves } from "./tree_moves.js";

const ALL_OPEN_UP_TO = 60;
const CODES_BY = "Enter or a double click puts it on the selected words.";

/** @param {HTMLElement} el @param {ReturnType<import("./store.js").createStore>} store */
export function mountTree(el, store) {
  const { state } = store;
  const root = el.closest(".qc-root");
  const opened = new Map(); // id -> bool, what the person opened and closed
  let tree = treeOf(state.codebook);
  let rows = [];
  let here = null; // id of the row that Tab comes to
  let withRetired = false;
  let pressing = false; // between a press of the mouse and its click nothing may move away under it
  let drawn = new Map(); // id -> {row, counts}

  const filter = make("input", { class: "qc-field", type: "search", placeholder: "Find a code", "aria-label": "Find a code", autocomplete: "off", spellcheck: "false", on: { input: draw, keydown: filterKey } });
  const plus = signButton("more", "More about the codes", more);
  const fresh = make("button", { type: "button", class: "qc-button qc-icon-only", title: "New code (n)", "aria-label": "New code", on: { click: () => store.ask("new_code", { range: state.selection }) } }, icon("plus"));
  const list = make("div", { class: "qc-tree", role: "tree", "aria-label": "Codes", on: { keydown: key, click, dblclick: doubleClick, contextmenu: rightClick, mouseover: hover, mouseleave: () => store.hover(null), focusin: focused, pointerdown: () => (pressing = true), focusout: () => store.hover(null) } });
  const empty = make("p", { class: "qc-empty", hidden: true });
  const moves = createMoves(list, store, { tree: () => tree, isOpen, redraw: draw, reveal, open: (id) => (opened.set(id, true), draw()) });
  const card = createCodeCard(store, root, { reveal });
  el.classList.add("qc-codes");
  el.append(
    make("div", { class: "qc-panel-bar" }, filter, fresh, plus),
    make("div", { class: "qc-tree-box" }, make("p", { class: "qc-tree-caption", "aria-hidden": "true", text: "here · in all" }), list, empty),
    moves.strip,
    card.el,
  );

  // ------------------------------------------------------------------------------------------------------------ drawing

  function isOpen(id) {
    return opened.get(id) ?? (id.startsWith("facet:") || tree.nodes.size <= ALL_OPEN_UP_TO);
  }

  function draw() {
    const focusedHere = list.contains(list.getRootNode().activeElement);
    tree = treeOf(state.codebook, { retired: withRetired });
    const draft = moves.draft();
    const shownTree = draft?.place ? treeWith(tree, draft.code, draft.place) : tree;
    rows = rowsOf(shownTree, { isOpen, typed: filter.value });
    if (!rows.some(({ id }) => id === here)) here = rows.find(({ kind }) => kind === "code")?.id ?? rows[0]?.id ?? null;
    const before = drawn;
    drawn = new Map();
    list.replaceChildren(...rows.map((row) => (row.kind === "facet" ? facetRow(row) : codeRow(row, shownTree, draft, before))));
    list.hidden = rows.length === 0;
    empty.hidden = rows.length > 0;
    empty.textContent = filter.value.trim() ? "No code has such a name." : "No codes yet. Select some words and press n, or make one here.";
    if (focusedHere) drawn.get(here)?.row.focus({ preventScroll: true });
    drawMarks();
  }

  /** `facts` are read out after the name; the eye has signs for them. */
  function shell({ id, level, size, position, expanded }, facts, ...parts) {
    const row = make(
      "div",
      {
        role: "treeitem",
        "data-id": id,
        "aria-level": level,
        "aria-setsize": size,
        "aria-posinset": position,
        "aria-expanded": expanded === null ? null : String(expanded),
        tabindex: id === here ? "0" : "-1",
        style: { "--qc-depth": level - 1 },
      },
      make("span", { class: "qc-twist", "aria-hidden": "true" }, expanded === null ? null : icon("right")),
      ...parts,
      facts,
    );
    drawn.set(id, { row });
    return row;
  }

  function facetRow(line) {
    const facet = tree.facets.find(({ id }) => `facet:${id}` === line.id);
    const row = shell(line, make("span", { class: "qc-unseen", text: "facet" }), make("span", { class: "qc-row-name", text: facet.name }));
    row.className = "qc-row qc-row-facet";
    return row;
  }

  function codeRow(line, shownTree, draft, before) {
    if (moves.dragged() === line.id && before.has(line.id)) {
      drawn.set(line.id, before.get(line.id)); // the browser drags this very element
      return before.get(line.id).row;
    }
    const { code } = shownTree.nodes.get(line.id);
    const counts = make("span", { class: "qc-row-counts", "aria-hidden": "true" });
    const shortcut = keyOfCode(store, code.id);
    const facts = make("span", { class: "qc-unseen" });
    const row = shell(
      line,
      facts,
      inkDot(code),
      make("span", { class: "qc-row-name", text: code.name }),
      make("span", { class: "qc-row-mark" }, icon("check")),
      shortcut ? make("kbd", { text: shortcut, "aria-hidden": "true" }) : null,
      counts,
      make("button", { type: "button", class: "qc-row-more", tabindex: "-1", title: "More (Shift F10)", "aria-hidden": "true" }, sign("more")),
    );
    row.className = ["qc-row", line.match ? "" : "qc-only-above", code.codable || code.retired ? "" : "qc-gathers", code.retired ? "qc-retired" : "", draft?.code === code.id ? "qc-moving" : ""].filter(Boolean).join(" ");
    row.title = [code.definition, code.codable ? CODES_BY : ""].filter(Boolean).join("\n\n");
    if (!code.retired && !store.whyNot("move_code")) row.draggable = true;
    Object.assign(drawn.get(line.id), { counts, facts, shortcut, code });
    drawCounts(line.id);
    return row;
  }

  function drawCounts(id) {
    const { counts, facts, code, shortcut } = drawn.get(id);
    if (!counts) return;
    const shown = countsShown(state, id);
    const [local, all] = shown;
    counts.replaceChildren(make("b", { text: local ? String(local) : "" }), make("span", { text: all ? String(all) : "–" }));
    counts.title = countsInWords(shown);
    facts.textContent = [code.retired ? "out of use" : "", countsInWords(shown), shortcut ? `key ${shortcut}` : ""].filter(Boolean).join(", ");
  }

  /** Which codes stand on the selection already, and which one the card tells about. */
  function drawMarks() {
    const range = state.selection ?? (state.active ? state.codings.get(state.active) : null);
    const on = new Set(range ? store.codingsAt(range.start, range.end).filter(store.isMine).map(({ code }) => code) : []);
    for (const [id, { row, counts }] of drawn) {
      const now = String(card.code() === id);
      if (row.getAttribute("aria-selected") !== now) row.setAttribute("aria-selected", now);
      if (!counts) continue;
      row.classList.toggle("qc-on", on.has(id));
      if (on.has(id)) row.setAttribute("aria-description", "on the selection");
      else if (row.hasAttribute("aria-description")) row.removeAttribute("aria-description");
    }
    card.drawAct();
  }

  // ------------------------------------------------------------------------------------------------------------- going

  function goTo(id, { focus = true } = {}) {
    if (!drawn.has(id)) return;
    drawn.get(here)?.row.setAttribute("tabindex", "-1");
    here = id;
    const { row } = drawn.get(id);
    row.setAttribute("tabindex", "0");
    if (focus) row.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  }

  /** Open what stands above a code, so that it can be seen, and go there. */
  function reveal(id, how) {
    if (!tree.nodes.has(id) && state.codes.get(id)?.retired) withRetired = true;
    if (filter.value) filter.value = "";
    for (const up of aboveOf(treeOf(state.codebook, { retired: withRetired }), id)) opened.set(up, true);
    const facet = state.codes.get(id)?.facet;
    if (facet) opened.set(`facet:${facet}`, true);
    draw();
    goTo(id, how);
  }

  function setOpen(id, open) {
    opened.set(id, open);
    draw();
    goTo(id);
  }

  function act(id) {
    const code = store.codeOf(id);
    if (!code) return;
    if (state.selection && code.codable) codeSelection(store, [id]);
    else show(id);
  }

  function show(id) {
    card.show(id);
    noteChosen(store, id);
    drawMarks();
  }

  const rowUnder = (event) => event.target.closest("[data-id]");

  const release = () => setTimeout(() => (pressing = false), 0);
  window.addEventListener("pointerup", release, true);
  window.addEventListener("pointercancel", release, true);

  function click(event) {
    const row = rowUnder(event);
    if (!row || event.detail > 1) return;
    const { id } = row.dataset;
    const open = row.getAttribute("aria-expanded");
    if (event.target.closest(".qc-row-more")) menuOf(id, event.target.closest(".qc-row-more").getBoundingClientRect());
    else if (id.startsWith("facet:") || (event.target.closest(".qc-twist") && open !== null)) setOpen(id, open !== "true");
    else {
      goTo(id);
      show(id);
    }
  }

  function doubleClick(event) {
    const id = rowUnder(event)?.dataset.id;
    if (!id || id.startsWith("facet:") || event.target.closest(".qc-row-more, .qc-twist")) return;
    if (state.selection) act(id);
    else store.ask("quotes", { code: id });
  }

  function rightClick(event) {
    const id = rowUnder(event)?.dataset.id;
    if (!id || id.startsWith("facet:")) return;
    event.preventDefault();
    goTo(id);
    menuOf(id, { left: event.clientX, right: event.clientX, top: event.clientY, bottom: event.clientY });
  }

  function menuOf(id, box) {
    goTo(id, { focus: false });
    openCodeMenu(store, id, root, box, { move: () => (goTo(id), moves.begin(id)) });
  }

  function focused(event) {
    const id = rowUnder(event)?.dataset.id;
    if (!id || id.startsWith("facet:")) return;
    if (id !== here) goTo(id, { focus: false });
    if (!pressing) show(id);
    store.hover(id);
  }

  function hover(event) {
    const id = rowUnder(event)?.dataset.id;
    store.hover(id && !id.startsWith("facet:") ? id : null);
  }

  function key(event) {
    if (event.isComposing || event.target.closest("button")) return;
    if (moves.key(event)) {
      event.preventDefault();
      return;
    }
    const at = rows.findIndex(({ id }) => id === here);
    const row = rows[at];
    if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1, PageDown: Math.min(at + 10, rows.length - 1), PageUp: Math.max(at - 10, 0) }[event.key];
    if (to !== undefined) goTo(rows[to]?.id);
    else if (event.key === "ArrowRight" && row.expanded === false) setOpen(here, true);
    else if (event.key === "ArrowRight") row.expanded && goTo(rows[at + 1]?.id);
    else if (event.key === "ArrowLeft" && row.expanded && !filter.value) setOpen(here, false);
    else if (event.key === "ArrowLeft") goTo(rows.slice(0, at).findLast(({ level }) => level < row.level)?.id);
    else if (event.key === "*") openBeside(row);
    else if (event.key === "Enter" || event.key === " ") enter(row);
    else if (event.key === "F2" && row.kind === "code") store.ask("rename_code", { code: here });
    else if ((event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey)) && row.kind === "code") menuOf(here, drawn.get(here).row.getBoundingClientRect());
    else if (event.key === "Delete" && row.kind === "code" && !store.codeOf(here)?.retired) store.ask("retire_code", { code: here });
    else if (event.key === "Backspace") shortenFilter();
    else if (event.key === "Escape") leave();
    else if (/^\p{L}$/u.test(event.key)) startFilter(event.key);
    else return;
    event.preventDefault();
  }

  function enter(row) {
    if (row.kind === "facet") setOpen(here, !row.expanded);
    else if (state.selection) act(here);
    else card.focus();
  }

  function openBeside(row) {
    for (const { id, level, expanded } of rows) if (level === row.level && expanded === false) opened.set(id, true);
    draw();
  }

  function leave() {
    if (filter.value) {
      filter.value = "";
      draw();
      goTo(here);
    } else focusTranscript(el);
  }

  // Letters look for a name; the field shows what was typed.
  function startFilter(letter) {
    filter.value = letter;
    filter.focus();
    draw();
  }

  function shortenFilter() {
    if (!filter.value) return;
    filter.value = filter.value.slice(0, -1);
    draw();
    goTo(here);
  }

  function filterKey(event) {
    const first = rows.find(({ kind, match }) => kind === "code" && match);
    if (event.key === "Escape") {
      filter.value = "";
      draw();
      goTo(here);
    } else if (event.key === "ArrowDown" && first) goTo(first.id);
    else if (event.key === "Enter" && first) {
      goTo(first.id, { focus: !state.selection });
      act(first.id);
      if (state.selection) {
        filter.value = "";
        draw();
        focusTranscript(el);
      }
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  // -------------------------------------------------------------------------------------------------------------- more

  function more() {
    const retired = state.codebook.codes.filter((code) => code.retired).length;
    const all = (open) => () => {
      for (const id of tree.nodes.keys()) opened.set(id, open);
      draw();
    };
    openMenu(
      root,
      plus.getBoundingClientRect(),
      [
        store.whyNot("new_facet") ? null : { text: "New facet …", icon: icon("plus"), run: () => store.ask("new_facet") },
        null,
        { text: "Open all", run: all(true) },
        { text: "Close all", run: all(false) },
        retired ? { text: `Show codes out of use (${retired})`, checked: withRetired, run: () => ((withRetired = !withRetired), draw()) } : null,
      ],
      { label: "Codes" },
    );
  }


  let soon = null;
  // Counts follow a step at once in Python, but may wait a frame here: the coding is painted first.
  const countSoon = () => {
    cancelAnimationFrame(soon);
    soon = requestAnimationFrame(() => {
      for (const id of drawn.keys()) drawCounts(id);
      card.drawCounts();
    });
  };
  const offs = [
    store.on("codebook", () => {
      moves.cancel();
      draw();
      card.draw();
    }),
    store.on("counts", countSoon),
    store.on("selection", drawMarks),
    store.on("active", drawMarks),
    store.on("codings", drawMarks),
    store.on("memos", card.drawCounts),
  ];
  draw();
  answerCalls(store, "codes", ({ code, reveal: revealed }) => {
    if (revealed) reveal(revealed);
    else if (code) {
      card.show(code); // first, for it takes room from the tree
      reveal(code, { focus: false });
    } else filter.focus();
  });
  return {
    close() {
      cancelAnimationFrame(soon);
      window.removeEventListener("pointerup", release, true);
      window.removeEventListener("pointercancel", release, true);
      offs.forEach((off) => off());
    },
  };
}
