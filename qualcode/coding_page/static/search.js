/** The panel of searching: words here or in all sources, from hit to hit, and a code for every hit. */
import { countOf, iconButton, inDigits, make } from "./dom.js";
import { facetsForNew } from "./actions.js";
import { createCodePicker } from "./code_picker.js";
import { openForm } from "./dialog.js";
import { createListBox } from "./list_box.js";
import { afterQuiet, answerCalls, inkDot, makeRoom } from "./panel_parts.js";

const UNITS_TO_CODE = [["hit", "the words found"], ["sentence", "the sentence around"], ["turn", "the whole turn"]];
const idOf = (hit) => `${hit.source}:${hit.start}:${hit.end}`;

/** @param {HTMLElement} el @param {ReturnType<import("./store.js").createStore>} store */
export function mountSearch(el, store) {
  const { state } = store;
  const root = el.closest(".qc-root");
  let asked = null; // what the hits answer
  let found = { hits: [], total: 0, totals: {}, missing: [] };
  let number = 0;
  let coding = false;
  let painting = false;

  const field = make("input", { class: "qc-field", type: "search", "aria-label": "Words to search for", placeholder: "Words to search for", autocomplete: "off", spellcheck: "false", on: { keydown: fieldKey, input: () => field.value === "" && search() } });
  const where = { source: segment("Here", "Search in this source"), all: segment("All sources", "Search in all sources") };
  const how = {
    match_case: toggle("Aa", "Tell capitals apart"),
    whole_words: toggle("Words", "Whole words only"),
    regex: toggle(".*", "Regular expression"),
  };
  const error = make("p", { class: "qc-dialog-error", role: "alert", hidden: true });
  const count = make("p", { class: "qc-panel-count", role: "status" });
  const at = make("span", { class: "qc-quiet qc-search-at" });
  const previous = iconButton("left", "Previous hit", () => step(-1), { key: "⇧ Enter" });
  const next = iconButton("right", "Next hit", () => step(1), { key: "Enter" });
  const list = createListBox({ label: "Hits", empty: "", onGo: go, onPick: drawTools });
  const chosen = make("span", { class: "qc-tools-count" });
  const button = (text, run, more = {}) => make("button", { type: "button", class: "qc-button qc-small", text, on: { click: run }, ...more });
  const begin = button("Code every hit …", () => setCoding(true));
  const codeThem = button("Code them …", codeDialog, { class: "qc-button qc-small qc-strong" });
  const all = button("All, none", () => list.chooseAll());
  const end = button("Done", () => setCoding(false));
  const tools = make("div", { class: "qc-tools", role: "group", "aria-label": "Code the hits", hidden: true }, chosen, begin, codeThem, all, end);
  el.classList.add("qc-column-panel");
  el.append(
    make("div", { class: "qc-panel-bar" }, field),
    make("div", { class: "qc-search-how" }, make("span", { class: "qc-segments", role: "group", "aria-label": "Where" }, where.source, where.all), ...Object.values(how)),
    error,
    make("div", { class: "qc-search-row" }, count, at, previous, next),
    list.el,
    tools,
  );
  function segment(text, label) {
    return make("button", { type: "button", class: "qc-segment", title: label, text, on: { click: (event) => (press(event.currentTarget === where.all ? "all" : "source"), search()) } });
  }

  function toggle(text, label) {
    const el_ = make("button", { type: "button", class: "qc-toggle", title: label, "aria-label": label, "aria-pressed": "false", text });
    el_.addEventListener("click", () => {
      el_.setAttribute("aria-pressed", String(el_.getAttribute("aria-pressed") !== "true"));
      search();
    });
    return el_;
  }

  function press(scope) {
    for (const [name, one] of Object.entries(where)) one.setAttribute("aria-pressed", String(name === scope));
  }

  const scopeNow = () => (where.all.getAttribute("aria-pressed") === "true" ? "all" : "source");

  function wanted() {
    const options = Object.fromEntries(Object.entries(how).map(([name, one]) => [name, one.getAttribute("aria-pressed") === "true"]));
    return { do: "search", text: field.value, in: scopeNow(), ...options };
  }

  // ----------------------------------------------------------------------------------------------------------- searching

  /** @param {{quiet?: boolean, backwards?: boolean}} [why] `quiet`: only look again, the person asked for nothing */
  async function search({ quiet = false, backwards = false } = {}) {
    const question = wanted();
    const mine = (number += 1);
    let result = { hits: [], total: 0, totals: {}, missing: [] };
    error.hidden = true;
    try {
      if (question.text.trim()) result = await store.send(question);
    } catch (problem) {
      if (mine !== number) return;
      error.textContent = problem.message;
      error.hidden = false;
    }
    if (mine !== number) return;
    found = result;
    asked = { ...question, source: state.source?.id };
    draw();
    if (quiet) return;
    if (found.hits.length) {
      const from = state.selection?.start ?? 0;
      const here = found.hits.filter(({ source }) => source === state.source?.id);
      const first = backwards ? here.findLast(({ start }) => start < from) : here.find(({ start }) => start >= from);
      list.setAt(idOf(first ?? here[0] ?? found.hits[0]));
      if (first ?? here[0] ?? question.in === "all") go(list.at(), { keep: true });
    } else if (question.text.trim() && error.hidden) store.say(`“${question.text}” was not found ${question.in === "all" ? "anywhere" : "here"}.`);
  }

  const isCurrent = () => asked !== null && asked.text.trim() !== "" && JSON.stringify({ ...wanted(), source: asked.in === "all" ? asked.source : state.source?.id }) === JSON.stringify(asked);

  function step(by) {
    if (!isCurrent()) return search({ backwards: by < 0 });
    const ids = list.ids();
    if (ids.length === 0) return undefined;
    const to = (ids.indexOf(list.at()) + by + ids.length) % ids.length;
    list.setAt(ids[to]);
    return go(ids[to], { keep: true });
  }

  /** `keep`: the keyboard stays where it is. */
  async function go(id, { keep = false, pointer = false } = {}) {
    const hit = found.hits.find((one) => idOf(one) === id);
    if (!hit) return;
    await store.go(hit.source, { start: hit.start, end: hit.end, flash: false });
    store.activate(null);
    store.select({ start: hit.start, end: hit.end }, "code");
    paint();
    if (pointer) makeRoom(el);
    else if (!keep) list.focus();
    store.say(`Hit ${found.hits.indexOf(hit) + 1} of ${found.total}`);
  }

  /** Hits of the open source, lit up in the text. */
  /** What was searched for here is done with: no hit stays lit up, in this source or the next. */
  function forget() {
    number += 1;
    asked = null;
    found = { hits: [], total: 0, totals: {}, missing: [] };
    coding = false;
    list.setSeveral(false);
    draw();
  }

  function paint() {
    const here = found.hits.filter(({ source }) => source === state.source?.id);
    const current = here.findIndex((hit) => idOf(hit) === list.at());
    painting = true;
    store.setHits(here.map(({ start, end }) => ({ start, end })), current);
    painting = false;
    const index = found.hits.findIndex((hit) => idOf(hit) === list.at());
    at.textContent = index >= 0 ? `${index + 1} / ${inDigits(found.total)}` : "";
  }

  // ------------------------------------------------------------------------------------------------------------- drawing

  function draw() {
    const groups = new Map();
    for (const hit of found.hits) {
      if (!groups.has(hit.source)) groups.set(hit.source, []);
      groups.get(hit.source).push(hit);
    }
    const titled = groups.size > 1 || scopeNow() === "all";
    list.draw([...groups].map(([source, hits]) => ({ title: titled ? source : "", note: String(found.totals?.[source] ?? hits.length), items: hits.map(itemOf) })));
    previous.disabled = next.disabled = found.hits.length === 0;
    const more = found.total > found.hits.length ? `, the first ${inDigits(found.hits.length)} are listed` : "";
    const missing = found.missing?.length ? `; no text here of ${found.missing.join(", ")}` : "";
    count.textContent = asked?.text.trim() ? `${countOf(found.total, "hit")}${groups.size > 1 ? ` in ${countOf(Object.keys(found.totals ?? {}).length || groups.size, "source")}` : ""}${more}${missing}` : "";
    list.setEmpty(asked?.text.trim() ? "Nothing found." : "Press Enter to search; Enter again goes on to the next hit.");
    paint();
    drawTools();
  }

  function itemOf(hit) {
    const codes = (hit.coded ?? []).map(store.codeOf).filter(Boolean);
    return {
      id: idOf(hit),
      parts: [
        make("p", { class: "qc-hit-words", dir: "auto" }, make("span", { text: cutBefore(hit.before) }), make("mark", { text: hit.words }), make("span", { text: cutAfter(hit.after) })),
        make(
          "p",
          { class: "qc-item-facts" },
          make("span", { text: [hit.speaker, hit.turn ? `turn ${hit.turn}` : ""].filter(Boolean).join(" · ") }),
          codes.length ? make("span", { class: "qc-hit-codes", title: `Coded: ${codes.map(({ name }) => name).join(", ")}` }, ...codes.slice(0, 6).map((code) => inkDot(code)), make("span", { text: codes.length === 1 ? codes[0].name : countOf(codes.length, "code") })) : null,
        ),
      ],
    };
  }

  // A line in a narrow panel shows the words found, so what stands before is kept short.
  function cutBefore(text) {
    return text.length <= 30 ? text : `… ${text.slice(-28).replace(/^\S*\s/, "")}`;
  }

  const cutAfter = (text) => (text.length < 40 ? text : `${text.replace(/\s\S*$/, "")} …`);

  function drawTools() {
    const n = list.chosen.size;
    tools.hidden = found.hits.length === 0;
    begin.hidden = coding;
    for (const one of [chosen, codeThem, all, end]) one.hidden = !coding;
    chosen.textContent = `${n} of ${found.hits.length}`;
    codeThem.disabled = n === 0;
  }

  // ------------------------------------------------------------------------------------------------------ code every hit

  function setCoding(on) {
    coding = on;
    list.setSeveral(on);
    list.choose(on ? list.ids() : []);
    drawTools();
    if (on) list.focus();
  }

  function codeDialog() {
    const hits = found.hits.filter((hit) => list.chosen.has(idOf(hit))).map(({ source, version, start, end: to, words }) => ({ source, version, start, end: to, words }));
    const picker = createCodePicker(store, { label: "Codes", several: true, fresh: true, only: (code) => code.codable });
    const radios = UNITS_TO_CODE.map(([value, text]) => {
      const input = make("input", { type: "radio", name: "qc-unit", value, checked: value === "sentence" });
      return { input, el: make("label", { class: "qc-check" }, input, make("span", { text })) };
    });
    openForm(root, store, {
      kind: "hits",
      title: `Code ${countOf(hits.length, "hit")} of “${asked.text}”`,
      submit: "Code them",
      preview: true,
      fields: [make("fieldset", { class: "qc-group" }, make("legend", { text: "Code" }), ...radios.map((radio) => radio.el)), picker.el],
      intent() {
        const picked = picker.chosen();
        if (picked.length === 0) return "Choose at least one code.";
        const codes = picked.filter((value) => !value.startsWith("new:"));
        const name = picked.find((value) => value.startsWith("new:"))?.slice(4);
        const facet = facetsForNew(state)[0]?.id;
        return { do: "code_hits", hits, codes, ...(name ? { new: { name, ...(facet ? { facet } : {}) } } : {}), unit: radios.find(({ input }) => input.checked).input.value };
      },
      done(result) {
        store.noteUsed(picker.chosen().filter((value) => store.codeOf(value)));
        const n = result.new ?? result.codings?.length ?? hits.length;
        store.say(`${countOf(n, "new coding")}. Undo takes all of them back in one step.`, "done");
        setCoding(false);
        search({ quiet: true });
      },
    });
    picker.field.focus();
  }

  function fieldKey(event) {
    if (event.key === "Enter") step(event.shiftKey ? -1 : 1);
    else if (event.key === "ArrowDown" && found.hits.length) list.focus();
    else return;
    event.preventDefault();
  }

  press("source");
  draw();
  const isAsked = () => Boolean(asked?.text.trim());
  // Which codes stand on a hit is known here for the open source. For the others Python is asked, but only when their
  // numbers of codings changed: a search through all texts is dear.
  const elsewhere = () => state.sources.filter(({ id }) => id !== state.source?.id).map(({ id, codings }) => `${id} ${codings}`).join();
  let numbers = elsewhere();
  const again = afterQuiet(600, () => isAsked() && !el.hidden && search({ quiet: true }));
  const markCoded = afterQuiet(120, () => {
    if (!isAsked() || el.hidden) return;
    for (const hit of found.hits) if (hit.source === state.source?.id) hit.coded = [...new Set(store.codingsAt(hit.start, hit.end).map(({ code }) => code))];
    draw();
  });
  const offs = [
    store.on("hits", () => !painting && state.hits.ranges.length === 0 && isAsked() && forget()),
    store.on("source", ({ moved }) => {
      numbers = elsewhere();
      if (isAsked() && !moved) search({ quiet: true });
      else if (isAsked() && (asked.in === "source" || el.hidden)) forget();
      else paint();
    }),
    store.on("sources", () => {
      const now = elsewhere();
      if (now !== numbers && asked?.in === "all") again();
      numbers = now;
    }),
    store.on("codings", markCoded),
    store.on("codebook", markCoded),
  ];
  answerCalls(store, "search", ({ text = "", in: scope = "source", backwards = false }) => {
    field.value = text;
    press(scope);
    step(backwards ? -1 : 1);
  });
  return {
    close() {
      again.cancel();
      markCoded.cancel();
      offs.forEach((off) => off());
      store.setHits([]);
    },
  };
}
