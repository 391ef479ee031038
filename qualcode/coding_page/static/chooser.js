/**
 * Choosing codes beside the selection. Small after the mouse was used (the codes used last, and how to see all), without
 * taking the focus; open on Enter, with a field that finds codes by a few letters.
 */
import { icon, make } from "./dom.js";
import { inkOf } from "./colours.js";
import { codeNew, codeSelection, facetsForNew } from "./actions.js";
import { codableCodes } from "./state.js";
import { signButton } from "./panel_parts.js";
import { placeCard } from "./popover.js";
import { rankCodes, searchable } from "./ranking.js";

const SMALL = 5;
const MOST_SHOWN = 60;
const ONE_NEW = "One new code at a time: press Enter for these first, then make the next.";

/**
 * @param {HTMLElement} scroll @param {ReturnType<import("./store.js").createStore>} store
 * @param {ReturnType<import("./text_view.js").createTextView>} view
 * @param {{theme: () => string, focusText: () => void}} page
 */
export function createChooser(scroll, store, view, { theme, focusText }) {
  const { state } = store;
  const uid = `qc-choose-${(globalThis.__qualcodeIds = (globalThis.__qualcodeIds ?? 0) + 1)}`;
  let mode = null; // null | "small" | "open"
  let purpose = "code"; // or "recode"
  let target = null; // the coding that is recoded
  let ticked = []; // options as in the list, that go on together; one of them may be a new code
  let options = []; // {code} or {fresh: name, facet}
  let at = 0;
  let side = null; // of the passage: it stays while something is typed
  let entries = null;

  const field = make("input", {
    class: "qc-field",
    type: "text",
    role: "combobox",
    "aria-expanded": "true",
    "aria-controls": uid,
    "aria-autocomplete": "list",
    autocomplete: "off",
    spellcheck: "false",
    on: { input: typed, keydown },
  });
  const chips = make("span", { class: "qc-chips" });
  const listbox = make("ul", { class: "qc-options", role: "listbox", id: uid, "aria-label": "Codes", on: { mousedown: press, mousemove: hover } });
  const hint = make("p", { class: "qc-hint" });
  const full = make("div", { class: "qc-chooser-open" }, make("div", { class: "qc-chooser-head" }, chips, field), listbox, hint);
  const small = make("div", { class: "qc-chooser-small", role: "group", "aria-label": "Code the selection" });
  const card = make("div", { class: "qc-card qc-chooser", hidden: true, on: { mousedown: keepFocus } }, full, small);
  scroll.append(card);

  function keepFocus(event) {
    event.stopPropagation(); // no selection begins here
    if (!event.target.closest("input")) event.preventDefault();
  }

  const dot = (code) => make("span", { class: "qc-dot", style: { "--qc-code": inkOf(code.colour, theme()) } });
  const keyOfCode = (code) => [...state.keys].find(([, id]) => id === code.id)?.[0] ?? "";
  const keySign = (key) => (key ? make("kbd", { text: key }) : null);

  function position() {
    const range = target ?? state.selection;
    const dom = range && view.domRange(range.start, range.end);
    if (dom) side = placeCard(card, scroll, [...dom.getClientRects()], { side, list: mode === "open" ? listbox : null });
  }

  // -------------------------------------------------------------------------------------------------------------- small

  /** Show the codes used last beside the selection; the keyboard stays with the text. */
  function showSmall() {
    if (!state.selection) return;
    mode = "small";
    side = null;
    const recent = state.recent.map(store.codeOf).filter((code) => code?.codable).slice(0, SMALL);
    small.replaceChildren(
      ...recent.map((code) =>
        make(
          "button",
          { type: "button", class: "qc-pick", tabindex: "-1", title: `${code.path ?? code.name}`, on: { click: () => pickSmall(code.id) } },
          dot(code),
          make("span", { class: "qc-pick-name", text: code.name }),
          keySign(keyOfCode(code)),
        ),
      ),
      make(
        "button",
        { type: "button", class: "qc-pick qc-pick-all", tabindex: "-1", title: "All codes (Enter)", on: { click: () => open({ purpose: "code" }) } },
        make("span", { text: recent.length ? "All codes" : "Choose a code" }),
        make("kbd", { text: "↵" }),
      ),
      ...(store.whyNot("correct") ? [] : [signButton("edit", "Correct these words (C)", correct, { tabindex: "-1" })]),
    );
    full.hidden = true;
    small.hidden = false;
    card.hidden = false;
    position();
  }

  function correct() {
    close();
    store.ask("correct", { range: state.selection });
  }

  function pickSmall(id) {
    codeSelection(store, [id]);
    focusText();
  }

  // --------------------------------------------------------------------------------------------------------------- open

  /** @param {{purpose?: "code"|"recode", coding?: object, words?: string}} [how] */
  function open({ purpose: why = "code", coding = null, words = "" } = {}) {
    purpose = why;
    target = coding;
    ticked = [];
    at = 0;
    mode = "open";
    side = null;
    field.value = words;
    field.placeholder = purpose === "recode" ? "Change to which code?" : "Which code?";
    field.setAttribute("aria-label", purpose === "recode" ? "Another code for this coding" : "Code for the selection");
    small.hidden = true;
    full.hidden = false;
    card.hidden = false;
    list();
    position();
    field.focus({ preventScroll: true });
  }

  function typed() {
    at = 0;
    list();
    position();
  }

  function list() {
    entries ??= searchable(codableCodes(state.codebook.codes));
    const query = field.value.trim();
    const found = rankCodes(entries, query, state.recent).filter(({ id }) => !ticked.some(({ code }) => code?.id === id));
    options = found.slice(0, MOST_SHOWN).map((code) => ({ code }));
    const exact = entries.some(({ code }) => code.name.toLowerCase() === query.toLowerCase());
    if (purpose === "code" && query && !exact && !newTicked()) {
      const facets = facetsForNew(state);
      options.push(...(facets.length ? facets : [null]).map((facet) => ({ fresh: query, facet })));
    }
    at = Math.min(at, Math.max(options.length - 1, 0));
    const here = target ?? state.selection;
    const on = new Set(here ? store.codingsAt(here.start, here.end).filter((one) => store.isMine(one) && one.start === here.start && one.end === here.end).map(({ code }) => code) : []);
    listbox.replaceChildren(...options.map((option, index) => optionOf(option, index, on)));
    chips.replaceChildren(
      ...ticked.map((one) =>
        make(
          "button",
          { type: "button", class: "qc-chip", tabindex: "-1", "aria-label": `Leave out ${one.fresh ?? one.code.name}`, on: { click: () => untick(one) } },
          one.fresh ? icon("plus") : dot(one.code),
          make("span", { text: one.fresh ? `new: ${one.fresh}` : one.code.name }),
          icon("close"),
        ),
      ),
    );
    hint.textContent =
      query && options.length === 0 && newTicked() ? ONE_NEW : purpose === "recode" ? "Enter changes the code" : ticked.length ? "Enter puts all of them on" : options.length ? "Enter puts it on · Tab adds another" : "No code has such a name.";
    mark();
  }

  function optionOf({ code, fresh, facet: newIn }, index, on) {
    const parent = code && code.parent ? store.codeOf(code.parent)?.name : null;
    const facet = state.codebook.facets.length > 1 ? (newIn ?? state.codebook.facets.find(({ id }) => id === code?.facet))?.name : null;
    return make(
      "li",
      { role: "option", id: `${uid}-${index}`, class: `qc-option${fresh ? " qc-fresh" : ""}`, "data-at": index, "aria-selected": "false", title: code?.definition || null },
      code ? dot(code) : icon("plus"),
      make("span", { class: "qc-option-name", text: code ? code.name : `New code “${fresh}”` }),
      make("span", { class: "qc-option-where", text: [facet, parent].filter(Boolean).join(" › ") }),
      code && on.has(code.id) ? icon("check") : null,
      code ? keySign(keyOfCode(code)) : null,
    );
  }

  function mark() {
    for (const el of listbox.children) {
      const now = Number(el.dataset.at) === at;
      el.setAttribute("aria-selected", String(now));
      if (now) keepInView(el);
    }
    if (options.length) field.setAttribute("aria-activedescendant", `${uid}-${at}`);
    else field.removeAttribute("aria-activedescendant");
  }

  /** Not scrollIntoView, which would scroll the text as well. */
  function keepInView(el) {
    const [box, row] = [listbox.getBoundingClientRect(), el.getBoundingClientRect()];
    if (row.bottom > box.bottom) listbox.scrollTop += row.bottom - box.bottom;
    else if (row.top < box.top) listbox.scrollTop -= box.top - row.top;
  }

  function tick(option) {
    if (!option || purpose === "recode") return;
    ticked = [...ticked, option];
    field.value = "";
    at = 0;
    list();
    position();
  }

  const newTicked = () => ticked.find(({ fresh }) => fresh);

  function untick(option) {
    ticked = ticked.filter((one) => one !== option);
    list();
    position();
    field.focus({ preventScroll: true });
  }

  function finish(option) {
    if (!option && field.value.trim()) return; // what was typed is no code, and must not be lost without a word
    const all = [...ticked, ...(option ? [option] : [])];
    const made = all.find(({ fresh }) => fresh);
    const codes = all.filter(({ code }) => code).map(({ code }) => code.id);
    const [why, coding] = [purpose, target];
    close();
    if (why === "recode") {
      if (option?.code && option.code.id !== coding.code) {
        store.noteUsed([option.code.id]);
        store.attempt({ do: "recode", codings: [coding.id], code: option.code.id });
        store.say(`Changed to: ${option.code.name}`, "done");
      }
    } else if (made) codeNew(store, made.fresh, { also: codes, ...(made.facet ? { facet: made.facet.id } : {}) });
    else if (codes.length) codeSelection(store, codes);
  }

  function keydown(event) {
    const keys = {
      ArrowDown: () => step(1),
      ArrowUp: () => step(-1),
      PageDown: () => step(8),
      PageUp: () => step(-8),
      Tab: () => tick(options[at]),
      Enter() {
        // With codes ticked and nothing typed, Enter means "these".
        if (event.shiftKey) tick(options[at]);
        else finish(ticked.length && !field.value.trim() && at === 0 ? null : options[at]);
      },
      Escape: close,
    };
    if (event.key === "Backspace" && !field.value && ticked.length) return untick(ticked.at(-1));
    if (event.isComposing || !keys[event.key] || (event.key === "Tab" && event.shiftKey)) return undefined;
    event.preventDefault();
    event.stopPropagation();
    return keys[event.key]();
  }

  function step(by) {
    if (options.length === 0) return;
    at = Math.abs(by) === 1 ? (at + by + options.length) % options.length : Math.min(Math.max(at + by, 0), options.length - 1);
    mark();
  }

  function hover(event) {
    const index = event.target.closest("[data-at]")?.dataset.at;
    if (index !== undefined && Number(index) !== at) {
      at = Number(index);
      mark();
    }
  }

  function press(event) {
    event.preventDefault();
    const index = event.target.closest("[data-at]")?.dataset.at;
    if (index === undefined) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey) tick(options[Number(index)]);
    else finish(options[Number(index)]);
  }

  function close() {
    if (mode === null) return;
    const hadFocus = mode === "open";
    mode = null;
    target = null;
    card.hidden = true;
    if (hadFocus) focusText();
  }

  field.addEventListener("blur", () => {
    // Focus went elsewhere on the page (a panel, the search): the chooser is done.
    setTimeout(() => mode === "open" && field.getRootNode().activeElement !== field && close(), 120);
  });
  const offs = [
    store.on("codebook", () => (entries = null)),
    store.on("selection", () => mode === "small" && close()),
    store.on("codings", () => mode === "small" && close()),
  ];
  return { open, close, showSmall, isOpen: () => mode !== null, closeView: () => offs.forEach((off) => off()) };
}
