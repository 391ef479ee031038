/** The panel of quotes: what was coded with a code, in all sources; to go to, and to recode or take off, many at once. */
import { clockOf, countOf, icon, iconButton, inDigits, make } from "./dom.js";
import { openCodeMenu } from "./code_menu.js";
import { createCodePicker } from "./code_picker.js";
import { openForm } from "./dialog.js";
import { createListBox } from "./list_box.js";
import { openMenu } from "./menu.js";
import { afterQuiet, answerCalls, codeSign, coderName, inkDot, makeRoom, signButton, takeChosen } from "./panel_parts.js";
import { STANCE_SIGNS } from "./margin.js";

const STANCES_TO_CHOOSE = [["supports", "supports"], ["counters", "counters"], ["mixed", "both"]];

/** Who said it, where, and when. */
export function whoAndWhere(segment) {
  return [segment.speaker, segment.turn ? `turn ${segment.turn}` : "", clockOf(segment.begins)].filter(Boolean).join(" · ");
}

/** @param {HTMLElement} el @param {ReturnType<import("./store.js").createStore>} store */
export function mountQuotes(el, store) {
  const { state } = store;
  const root = el.closest(".qc-root");
  let code = null;
  let found = { segments: [], total: 0 };
  let asked = 0;
  let stale = false;

  const name = make("button", { type: "button", class: "qc-quotes-code", title: "Choose another code", on: { click: chooseCode } });
  const menu = signButton("more", "What can be done with this code", () => code && openCodeMenu(store, code, root, menu.getBoundingClientRect()));
  const counts = make("p", { class: "qc-panel-count", role: "status" });
  const coders = make("select", { class: "qc-field qc-small-field", "aria-label": "Whose codings", on: { change: draw } });
  const sources = make("select", { class: "qc-field qc-small-field", "aria-label": "From which source", on: { change: draw } });
  const below = make("input", { type: "checkbox", checked: true, on: { change: draw } });
  const belowLine = make("label", { class: "qc-check qc-quiet" }, below, make("span", { text: "also codes that count as it" }));
  const list = createListBox({ label: "Quotes", several: true, empty: "", onGo: go, onPick: drawTools, onKey: listKey });
  const chosen = make("span", { class: "qc-tools-count" });
  const tool = (text, run, more = {}) => make("button", { type: "button", class: "qc-button qc-small", text, on: { click: run }, ...more });
  const stanceButton = tool("Stance", chooseStance, { "aria-haspopup": "menu" });
  const tools = make("div", { class: "qc-tools", role: "group", "aria-label": "The chosen quotes", hidden: true }, chosen, tool("Recode …", recode), stanceButton, tool("Take off", takeOff), iconButton("close", "Choose none", () => list.clear(), { key: "Esc" }));
  el.classList.add("qc-column-panel");
  el.append(make("div", { class: "qc-panel-bar" }, name, menu), make("div", { class: "qc-filters" }, coders, sources), belowLine, counts, list.el, tools);

  const segmentOf = (id) => found.segments.find(({ coding }) => coding === id);

  async function ask() {
    stale = false;
    if (!code) return;
    const mine = (asked += 1);
    try {
      const result = await store.send({ do: "quotes", code });
      if (mine === asked) found = result;
    } catch (error) {
      if (mine === asked) store.say(error.message, "error");
    }
    if (mine === asked) draw();
  }

  const isShown = () => !el.hidden;
  const askSoon = afterQuiet(350, () => {
    if (isShown()) ask();
    else stale = true;
  });

  function open(id) {
    if (!store.codeOf(id)) return;
    const other = id !== code;
    code = id;
    if (other) {
      found = { segments: [], total: 0 };
      list.clear();
      coders.value = "";
      sources.value = "";
    }
    draw();
    ask();
  }

  // ------------------------------------------------------------------------------------------------------------ drawing

  function choices(select, all, rows) {
    const before = select.value;
    select.replaceChildren(make("option", { value: "", text: all }), ...rows.map(([value, text]) => make("option", { value, text })));
    select.value = rows.some(([value]) => value === before) ? before : "";
  }

  function shownSegments() {
    return found.segments.filter(
      (segment) =>
        (!coders.value || segment.coder === coders.value) && (!sources.value || segment.source === sources.value) && (below.checked || (segment.counts_by ?? "itself") === "itself"),
    );
  }

  function draw() {
    const current = code ? store.codeOf(code) : null;
    name.replaceChildren(current ? codeSign(current) : make("span", { class: "qc-quiet", text: "Choose a code" }), icon("down"));
    menu.disabled = !current;
    choices(coders, state.blind ? "my codings" : "all coders", [...new Set(found.segments.map(({ coder }) => coder))].map((id) => [id, id === state.coder ? "mine" : coderName(store, id)]));
    choices(sources, "all sources", [...new Set(found.segments.map(({ source }) => source))].map((id) => [id, id]));
    coders.hidden = coders.options.length < 3;
    sources.hidden = sources.options.length < 3;
    belowLine.hidden = !found.segments.some((segment) => segment.counts_by && segment.counts_by !== "itself");
    const shown = shownSegments();
    const places = new Set(shown.map(({ source }) => source)).size;
    counts.textContent = current ? `${countOf(shown.length, "quote")} in ${countOf(places, "source")}${found.total > found.segments.length ? ` (the first ${inDigits(found.segments.length)} of ${inDigits(found.total)})` : ""}` : "";
    list.setEmpty(current ? "Nothing is coded with it yet." : "Choose a code above, or open one from the tree.");
    list.draw(groupsOf(shown));
    drawTools();
  }

  function groupsOf(shown) {
    const groups = new Map();
    for (const segment of shown) {
      if (!groups.has(segment.source)) groups.set(segment.source, []);
      groups.get(segment.source).push(segment);
    }
    return [...groups].map(([source, segments]) => ({
      title: segments[0].title && segments[0].title !== source ? `${source}  ${segments[0].title}` : source,
      note: String(segments.length),
      items: segments.map(itemOf),
    }));
  }

  function itemOf(segment) {
    const mine = segment.coder === state.coder;
    const stance = STANCE_SIGNS[segment.stance];
    const other = segment.code !== code ? store.codeOf(segment.code) : null;
    return {
      id: segment.coding,
      fixed: !mine,
      parts: [
        make("p", { class: "qc-item-words", dir: "auto", text: segment.quote ?? "(the text is not in this copy)" }),
        make(
          "p",
          { class: "qc-item-facts" },
          make("span", { text: whoAndWhere(segment) }),
          mine ? null : make("span", { class: "qc-of", text: coderName(store, segment.coder) }),
          stance ? make("span", { class: "qc-item-stance", title: segment.stance, text: `${stance} ${segment.stance}` }) : null,
          other ? make("span", { class: "qc-code-sign" }, inkDot(other), make("span", { text: other.name })) : null,
          segment.memos ? make("span", { text: countOf(segment.memos, "memo") }) : null,
        ),
      ],
    };
  }

  function drawTools() {
    const n = list.chosen.size;
    tools.hidden = n === 0;
    chosen.textContent = `${n} chosen`;
  }

  // -------------------------------------------------------------------------------------------------------------- doing

  async function go(id, { pointer }) {
    const segment = segmentOf(id);
    if (!segment) return;
    if (segment.coder !== state.coder && !state.shown.has(segment.coder)) store.showCoder(segment.coder, true);
    await store.go(segment.source, { start: segment.start, end: segment.end });
    if (state.codings.has(segment.coding)) store.activate(segment.coding);
    if (pointer) makeRoom(el);
  }

  const idsChosen = () => list.ids().filter((id) => list.chosen.has(id));

  function recode() {
    store.ask("recode", { codings: idsChosen(), from: code, done: () => list.clear() });
  }

  function takeOff() {
    const codings = idsChosen();
    store.attempt({ do: "uncode", codings }).then((result) => result && store.say(`${countOf(codings.length, "coding")} taken off`, "done"));
    list.clear();
  }

  function setStances(stance) {
    const codings = idsChosen();
    store.attempt({ do: "stance", codings, stance }).then((result) => result && store.say(`${countOf(codings.length, "coding")}: ${stance}`, "done"));
  }

  function chooseStance() {
    openMenu(root, stanceButton.getBoundingClientRect(), STANCES_TO_CHOOSE.map(([stance, word]) => ({ text: word, run: () => setStances(stance) })), { label: "Stance" });
  }

  function listKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    if (event.key === "Escape" && list.chosen.size) list.clear();
    else if (list.chosen.size && (event.key === "r" || event.key === "s")) (event.key === "r" ? recode : chooseStance)();
    else if (list.chosen.size && ["x", "Delete", "Backspace"].includes(event.key)) takeOff();
    else return false;
    return true;
  }

  function chooseCode() {
    const picker = createCodePicker(store, { label: "Code", chosen: code ? [code] : [] });
    openForm(root, store, { title: "Quotes of which code?", submit: "Show its quotes", fields: [picker.el], intent: () => (picker.chosen()[0] ? {} : "Choose a code."), act: async () => open(picker.chosen()[0]) });
    picker.reveal();
  }

  const offs = [
    ...["counts", "codings", "memos"].map((topic) => store.on(topic, askSoon)),
    store.on("codebook", () => {
      if (code && !store.codeOf(code)) code = null;
      draw();
      askSoon();
    }),
  ];
  draw();
  answerCalls(store, "quotes", (wish) => open(wish.code));
  return {
    /** A code that was chosen in the tree meanwhile is the one whose quotes are looked for. */
    show() {
      const chosenInTree = takeChosen(store);
      if (chosenInTree) open(chosenInTree);
      else if (stale) ask();
    },
    close() {
      askSoon.cancel();
      offs.forEach((off) => off());
    },
  };
}
