/**
 * The transcript: turns with speaker and time, what is coded in them, and names in the margin.
 *
 * Every turn is in the page at once, so that the browser's own search and selections across turns work;
 * `content-visibility: auto` lets it skip those out of sight, in stretches of many turns, for thousands of boxes cost time
 * even when nothing in them is drawn. Only turns near the eye have stripes and painted ranges.
 * Nothing here reads the layout to draw: stripes and names stand in percent of their turn at first, and move to the lines of
 * their words when the browser has laid the turn out by itself, in the same frame and whenever its size changes.
 */
import { clockOf, make } from "./dom.js";
import { inkOf } from "./colours.js";
import { piecesOf, toPlace } from "./offsets.js";
import { assignLanes, inTextOrder, joinRanges, stripesAtLines, stripesOf } from "./lanes.js";
import { linesOf, pointIn, watchLayout } from "./line_boxes.js";
import { MOST_LANES, memoInMargin, memoPlacesIn, moveStripes, nameInMargin, rowsAtLines, rowsOfNames, stripeInMargin } from "./margin.js";

const CHARACTERS_A_LINE = 68;
const LINE = 28;
const UNDERLINES = 3;
const TURNS_A_STRETCH = 40;
const FIRST_SCREEN = 1000; // pixels

/**
 * @param {HTMLElement} scroll the element that scrolls
 * @param {ReturnType<import("./store.js").createStore>} store
 * @param {ReturnType<import("./painter.js").createPainter>} painter
 * @param {{freeBelow?: () => number}} [page] pixels at the foot that something covers
 */
export function createTextView(scroll, store, painter, { freeBelow = () => 0 } = {}) {
  const column = make("div", { class: "qc-column" });
  scroll.append(column);
  const { state } = store;
  let rows = []; // {row, text, stripes, names, near}
  let touching = []; // per block: codings to be seen there
  let lanes = new Map();
  let laneCount = 0;
  let theme = "light";
  const cursorRows = new Map(); // group -> indexes painted
  const lit = { active: null, hovered: null }; // as it was drawn last
  const indexOf = new WeakMap();

  const watcher = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) setNear(indexOf.get(target), isIntersecting);
    },
    { root: scroll, rootMargin: "600px 0px" },
  );

  function setNear(index, near) {
    const entry = rows[index];
    if (!entry || entry.near === near) return;
    entry.near = near;
    if (near) drawBlock(index);
    else {
      painter.clear(entry.text);
      layout.leave(entry.text);
    }
  }

  const layout = watchLayout(column, (texts) => {
    const moves = texts.map((text) => indexOf.get(text)).filter((index) => rows[index]?.near).map(movesIn);
    for (const move of moves) move();
  });

  /** Read where the words of a block stand; what comes back puts stripes and names there. */
  function movesIn(index) {
    const { text, stripes, names, here, begun } = rows[index];
    const block = state.source.blocks[index];
    const all = [...new Set([...here, ...begun])];
    const lines = linesOf(text, all.map(({ start, end }) => piecesOf([block], start, end)[0] ?? null));
    const places = stripesAtLines(stripesOf(block, here, lanes), lines.slice(0, here.length));
    const tops = begun.map((coding) => lines[all.indexOf(coding)]?.first.top ?? null);
    const heights = [...names.children].map((name) => name.offsetHeight);
    return () => {
      moveStripes(stripes, places);
      names.style.gridTemplateRows = rowsAtLines(tops, heights);
    };
  }

  // --------------------------------------------------------------------------------------------------------------- rows

  /** The time of a turn where there is a recording: it plays from here. */
  function playerOf(clock, index) {
    const run = () => store.ask("play", { index });
    return make("button", { type: "button", class: "qc-time", tabindex: "-1", title: "Play from here", "aria-label": `Play from ${clock}`, text: clock, on: { click: run } });
  }

  /** A turn without its words, to be copied: thousands are made when a long interview opens. */
  const shape = make(
    "div",
    {},
    make("div", {}, make("span", { class: "qc-speaker" }), make("span", { class: "qc-time" })),
    make("div", { class: "qc-cell" }, make("p", { class: "qc-text", dir: "auto" }), make("div", { class: "qc-stripes" })), // stripes are as tall as the text, whatever the names need
    make("div", { class: "qc-names" }),
  );

  function rowOf(block, index, before) {
    const row = shape.cloneNode(true);
    const [who, cell, names] = row.children;
    const [speaker, time] = who.children;
    const [text, stripes] = cell.children;
    const same = before?.turn !== null && before?.speaker === block.speaker;
    row.className = `qc-turn${block.turn === null ? " qc-outside" : ""}${block.role === "interviewer" ? " qc-interviewer" : ""}`;
    row.dataset.index = index;
    who.className = same ? "qc-who qc-same" : "qc-who";
    speaker.textContent = block.speaker ?? "";
    if (block.turn !== null) speaker.title = `Turn ${block.turn}`;
    const clock = clockOf(block.begins);
    if (clock && state.source.audio) time.replaceWith(playerOf(clock, index));
    else time.textContent = clock;
    text.textContent = block.text;
    const lines = block.text.split("\n").reduce((sum, line) => sum + Math.ceil((line.length + 1) / CHARACTERS_A_LINE), 0);
    const height = lines * LINE + 18;
    row.style.containIntrinsicBlockSize = `auto ${height}px`;
    indexOf.set(row, index);
    indexOf.set(text, index);
    return { row, text, stripes, names, height, near: false, here: [], begun: [] };
  }

  /** The rows in stretches, each with a guess of its height. */
  function stretches() {
    const made = [];
    for (let first = 0; first < rows.length; first += TURNS_A_STRETCH) {
      const part = rows.slice(first, first + TURNS_A_STRETCH);
      const stretch = make("div", { class: "qc-stretch" }, ...part.map(({ row }) => row));
      stretch.style.containIntrinsicBlockSize = `auto ${part.reduce((sum, { height }) => sum + height, 0)}px`;
      indexOf.set(stretch, first);
      made.push(stretch);
    }
    return made;
  }

  function build() {
    watcher.disconnect();
    for (const { text } of rows) layout.leave(text);
    painter.clearAll();
    cursorRows.clear();
    touching = [];
    const source = state.source ?? { blocks: [] };
    const blocks = source.blocks;
    rows = blocks.map((block, index) => rowOf(block, index, blocks[index - 1]));
    column.lang = source.language ?? "";
    column.replaceChildren(
      ...(state.source ? [] : [make("p", { class: "qc-banner", text: 'This study has no interviews yet. In Python, project.add_source("interview.docx") takes one in.' })]),
      ...(source.missing ? [make("p", { class: "qc-banner", role: "alert", text: source.missing })] : []),
      ...stretches(),
    );
    sortCodings();
    drawBegin();
    for (const { row } of rows) watcher.observe(row);
  }

  /** Draw what will be seen first, so that the first frame has its codings; the watcher tells only after a frame. */
  function drawBegin() {
    const { blocks, position } = state.source ?? { blocks: [] };
    let left = FIRST_SCREEN;
    for (let index = Math.max(blocks.findIndex(({ turn }) => turn !== null && turn === position), 0); index < rows.length && left > 0; index += 1) {
      setNear(index, true);
      left -= rows[index].height;
    }
  }

  // ------------------------------------------------------------------------------------------------------------ codings

  /** Blocks -> codings there, and lanes; returns the indexes of blocks that look different now. */
  function sortCodings() {
    const blocks = state.source?.blocks ?? [];
    const codings = store.shownCodings().sort(inTextOrder);
    const now = assignLanes(codings);
    const next = blocks.map(() => []);
    for (const coding of codings) for (const { index } of piecesOf(blocks, coding.start, coding.end)) next[index].push(coding);
    const changed = new Set();
    next.forEach((list, index) => {
      const old = touching[index];
      const same = old?.length === list.length && list.every((one, i) => one === old[i] && lanes.get(one.id) === now.lanes.get(one.id));
      if (!same) changed.add(index);
    });
    touching = next;
    lanes = now.lanes;
    if (now.count !== laneCount) {
      laneCount = now.count;
      column.style.setProperty("--qc-lanes", Math.min(Math.max(laneCount, 2), MOST_LANES));
    }
    return changed;
  }

  const prepare = () => painter.prepare(state.codebook.codes.map(({ colour }) => inkOf(colour, theme)));
  const colourOf = (coding) => inkOf(store.codeOf(coding.code)?.colour ?? "#7a8494", theme);

  function strokesOf(index) {
    const block = state.source.blocks[index];
    const strokes = [];
    const cut = (start, end) => {
      const [piece] = piecesOf([block], start, end);
      return piece ? { from: piece.from, to: piece.to } : null;
    };
    for (const { start, end } of joinRanges(touching[index])) strokes.push({ layer: "coded", ...cut(start, end) });
    for (const coding of touching[index]) {
      const piece = cut(coding.start, coding.end);
      const lane = lanes.get(coding.id) ?? 0;
      const colour = colourOf(coding);
      if (lane < UNDERLINES) strokes.push({ layer: `${store.isMine(coding) ? "line" : "other"}${lane}`, ...piece, colour });
      if (coding.id === state.active || coding.code === state.hovered) strokes.push({ layer: "full", ...piece, colour });
    }
    return strokes;
  }

  function drawBlock(index) {
    const { text, stripes, names } = rows[index];
    const block = state.source.blocks[index];
    const here = touching[index];
    const begun = [...here.filter(({ start }) => start >= block.start && start < block.end), ...memoPlacesIn(state, block)].sort((a, b) => a.start - b.start);
    stripes.replaceChildren(...stripesOf(block, here, lanes).map((stripe, i) => stripeInMargin(store, here[i], stripe, colourOf(here[i]))));
    names.replaceChildren(...begun.map((one, order) => (one.target ? memoInMargin(store, one, order) : nameInMargin(store, one, order, colourOf(one)))));
    if (begun.length !== rows[index].begun.length || begun.some(({ start }, i) => start !== rows[index].begun[i].start)) names.style.gridTemplateRows = rowsOfNames(block, begun);
    Object.assign(rows[index], { here, begun });
    if (here.length + begun.length > 0) layout.watch(text);
    painter.paint(text, "codings", strokesOf(index));
    paintRanges("cursor", index);
    paintRanges("hits", index);
  }

  function redraw(indexes) {
    for (const index of indexes) if (rows[index]?.near) drawBlock(index);
  }

  function indexesOfCodings(matches) {
    const indexes = [];
    touching.forEach((list, index) => {
      if (list.some(matches)) indexes.push(index);
    });
    return indexes;
  }

  // ----------------------------------------------------------------------------------------------- selection, hits, flash

  let flashed = null;
  let pointed = null; // the coding whose stripe or name is under the pointer
  const RANGES = {
    cursor: () => (state.selection ? [{ ...state.selection, layer: "cursor" }] : []),
    hits: () => state.hits.ranges.map((range, i) => ({ ...range, layer: i === state.hits.current ? "hitnow" : "hit" })),
    flash: () => (flashed ? [{ ...flashed, layer: "flash" }] : []),
    pointed: () => (pointed && pointed.id !== state.active ? [{ start: pointed.start, end: pointed.end, layer: "full", colour: colourOf(pointed) }] : []),
  };

  /** Paint a group of ranges in one block, or wherever it was and is. */
  function paintRanges(group, only = null) {
    const blocks = state.source?.blocks ?? [];
    const strokes = new Map();
    for (const { start, end, layer, colour } of RANGES[group]()) {
      for (const { index, from, to } of piecesOf(blocks, start, end)) {
        if (!strokes.has(index)) strokes.set(index, []);
        strokes.get(index).push({ layer, from, to, colour });
      }
    }
    const before = cursorRows.get(group) ?? new Set();
    const indexes = only === null ? new Set([...before, ...strokes.keys()]) : [only];
    for (const index of indexes) if (rows[index]?.near) painter.paint(rows[index].text, group, strokes.get(index) ?? []);
    cursorRows.set(group, new Set(strokes.keys()));
  }

  // ------------------------------------------------------------------------------------------------------------ places

  /** A DOM range over a place, for its rectangles. */
  function domRange(start, end) {
    const pieces = piecesOf(state.source?.blocks ?? [], start, end);
    if (pieces.length === 0) return null;
    const range = document.createRange();
    const [first, last] = [pieces[0], pieces[pieces.length - 1]];
    range.setStart(...pointIn(rows[first.index].text, first.from));
    range.setEnd(...pointIn(rows[last.index].text, last.to));
    return range;
  }

  /** Bring a place into view; `calm` leaves the page where it is when the place can be seen; `ahead` shows what follows it. */
  function scrollTo({ start, end }, { calm = true, again = true, ahead = false } = {}) {
    const range = domRange(start, end);
    if (!range) return;
    const box = scroll.getBoundingClientRect();
    const at = range.getBoundingClientRect();
    const [top, bottom] = [box.top + 40, box.bottom - 48 - freeBelow()];
    const fits = at.bottom - at.top <= bottom - top;
    if (calm && at.top >= top && (at.bottom <= bottom || (!fits && at.top < bottom - 60))) return;
    const wanted = !ahead && calm && fits && at.bottom > bottom && at.bottom < box.bottom + 400 ? at.bottom - bottom : at.top - (top + (fits ? (bottom - top) * 0.18 : 0));
    scroll.scrollTop += wanted;
    // Turns that were out of sight had a guessed height; once they are drawn, look again.
    if (again) requestAnimationFrame(() => requestAnimationFrame(() => scrollTo({ start, end }, { calm: true, again: false })));
  }

  /** A point of the DOM as a place in the source; in the gutter it is the begin of the turn, in the margin the end. */
  function placeOfPoint(node, offset) {
    const el = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
    const row = el?.closest?.(".qc-turn");
    const blocks = state.source?.blocks ?? [];
    if (!row || !column.contains(row)) {
      if (node !== column && node.parentElement !== column) return null;
      const next = node.childNodes[offset] ?? (node === column ? null : node.nextSibling);
      const index = next ? (indexOf.get(next) ?? 0) : blocks.length;
      return index < blocks.length ? blocks[index].start : (blocks[blocks.length - 1]?.end ?? null);
    }
    const index = indexOf.get(row);
    const { text } = rows[index];
    if (text === node || text.contains(node)) {
      const before = document.createRange();
      before.setStart(text, 0);
      before.setEnd(node, offset);
      // Not toString() of a selection, which changes white space: a Range gives the characters as they are.
      return toPlace(blocks[index], before.toString().length);
    }
    const after = text.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING;
    return after || (el.contains(text) && offset > 0 && node !== text) ? blocks[index].end : blocks[index].start;
  }

  /** Index of the first turn that can be seen. */
  function firstVisible() {
    const top = scroll.getBoundingClientRect().top + 8;
    for (let index = 0; index < rows.length; index += 1) {
      if (rows[index].near && rows[index].row.getBoundingClientRect().bottom > top) return index;
    }
    return 0;
  }

  const offs = [
    store.on("source", ({ moved }) => {
      // Whatever asks where something stands lays the whole text out: nothing is asked when the page opens.
      if (rows.length === 0) return build();
      const first = moved ? 0 : firstVisible();
      const above = moved ? 0 : (rows[first]?.row.getBoundingClientRect().top ?? 0) - scroll.getBoundingClientRect().top;
      build();
      scroll.scrollTop = 0;
      // The same text, corrected: the eye stays where it was.
      if (!moved && rows[first]) scroll.scrollTop = rows[first].row.getBoundingClientRect().top - scroll.getBoundingClientRect().top - above;
      return undefined;
    }),
    store.on("codings", () => redraw(sortCodings())),
    store.on("coders", () => redraw(sortCodings())),
    store.on("memos", () => redraw(rows.keys())),
    store.on("codebook", () => {
      prepare();
      redraw(rows.keys());
    }),
    store.on("selection", () => paintRanges("cursor")),
    store.on("hits", () => paintRanges("hits")),
    store.on("active", () => {
      const before = lit.active;
      lit.active = state.active;
      redraw(indexesOfCodings(({ id }) => id === before || id === lit.active));
    }),
    store.on("hover", () => {
      const before = lit.hovered;
      lit.hovered = state.hovered;
      redraw(indexesOfCodings(({ code }) => code !== null && (code === before || code === lit.hovered)));
    }),
    store.on("place", (place) => {
      scrollTo(place, { calm: !place.flash });
      if (place.flash) flash(place);
    }),
  ];

  scroll.addEventListener("mouseover", (event) => {
    const id = event.target.closest?.("[data-coding]")?.dataset.coding;
    const next = state.codings.get(id) ?? null;
    if (next === pointed) return;
    pointed = next;
    paintRanges("pointed");
  });

  let flashTimer = null;
  function flash(place) {
    flashed = place;
    paintRanges("flash");
    clearTimeout(flashTimer);
    flashTimer = setTimeout(() => {
      flashed = null;
      paintRanges("flash");
    }, 1600);
  }

  return {
    column,
    scrollTo,
    domRange,
    placeOfPoint,
    firstVisible,
    rowAt: (index) => rows[index],
    setTheme(next) {
      theme = next;
      painter.setDark(next === "dark");
      prepare();
      redraw(rows.keys());
    },
    close() {
      for (const off of offs) off();
      watcher.disconnect();
      layout.close();
      clearTimeout(flashTimer);
      painter.close();
    },
  };
}
