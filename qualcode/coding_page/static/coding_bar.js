/** The chosen coding: what it is, whose, and what can be done with it. A card at the foot of the text. */
import { iconButton, make } from "./dom.js";
import { inkOf } from "./colours.js";
import { signButton } from "./panel_parts.js";
import { describeCoding, nameOfCoding } from "./margin.js";

const STANCE_WORDS = [
  ["supports", "supports", "+"],
  ["counters", "counters", "−"],
  ["mixed", "both", "±"],
];

/**
 * @param {HTMLElement} pane @param {ReturnType<import("./store.js").createStore>} store
 * @param {{actions: () => Object<string, Function>, borders: ReturnType<import("./borders.js").createBorders>, theme: () => string,
 *   focusText: () => void}} page
 */
export function createCodingBar(pane, store, { actions, borders, theme, focusText }) {
  const { state } = store;
  const bar = make("div", { class: "qc-card qc-coding-bar", role: "group", "aria-label": "The chosen coding", hidden: true });
  pane.append(bar);

  const act = (name) => () => {
    focusText();
    actions()[name]();
  };

  function stances(coding) {
    return make(
      "span",
      { class: "qc-segments", role: "group", "aria-label": "Stance" },
      ...STANCE_WORDS.map(([stance, word, sign]) =>
        make(
          "button",
          {
            type: "button",
            class: "qc-segment",
            "aria-pressed": String(coding.stance === stance),
            title: `The passage ${stance === "mixed" ? "supports and counters" : stance} what the code says`,
            on: { click: act(stance) },
          },
          make("span", { class: "qc-sign", "aria-hidden": "true", text: sign }),
          make("span", { text: word }),
        ),
      ),
    );
  }

  function memosOf(coding) {
    const memos = [...state.memos.values()].filter(({ targets }) => targets.includes(`coding:${coding.id}`));
    if (memos.length === 0) return null;
    return make("div", { class: "qc-bar-memos" }, ...memos.map(({ text, author }) => make("p", { text, title: `Memo by ${author}` })));
  }

  function countHere(coding) {
    const around = store.codingsAt(coding.start, coding.end);
    if (around.length < 2) return null;
    const at = around.findIndex(({ id }) => id === coding.id) + 1;
    return make(
      "span",
      { class: "qc-among" },
      iconButton("left", "Previous coding here", act("previousCodingHere"), { key: "Shift+Tab" }),
      make("span", { text: `${at} of ${around.length}`, title: "Codings that overlap here" }),
      iconButton("right", "Next coding here", act("nextCodingHere"), { key: "Tab" }),
    );
  }

  function draw() {
    const coding = state.active ? state.codings.get(state.active) : null;
    bar.hidden = !coding;
    if (!coding) return;
    if (borders.isOn()) {
      drawBorders(coding);
      return;
    }
    const mine = store.isMine(coding);
    const code = store.codeOf(coding.code);
    const [, ...facts] = describeCoding(store, coding).split(" · ");
    bar.replaceChildren(
      make(
        "div",
        { class: "qc-bar-main" },
        make("span", { class: "qc-dot qc-dot-large", style: { "--qc-code": inkOf(code?.colour ?? "#7a8494", theme()) } }),
        make(
          "span",
          { class: "qc-bar-what" },
          make("button", { type: "button", class: "qc-bar-name", text: nameOfCoding(store, coding), title: code?.definition || "About this code", on: { click: () => store.ask("code_card", { code: coding.code }) } }),
          make("span", { class: "qc-bar-facts", text: facts.join(" · ") }),
        ),
        countHere(coding),
        iconButton("close", "Close", act("back"), { key: "Esc", class: "qc-button qc-icon-only qc-bar-close" }),
      ),
      make(
        "div",
        { class: "qc-bar-tools" },
        mine ? stances(coding) : null,
        mine ? iconButton("recode", "Another code", act("recode"), { key: "r", text: "Recode" }) : null,
        mine ? iconButton("borders", "Move its borders", act("borders"), { key: "b", text: "Borders" }) : null,
        iconButton("memo", "Memo", act("memo"), { key: "m", text: "Memo" }),
        signButton("quotes", "All quotes of this code (Q)", act("quotes"), { text: "Quotes", "aria-keyshortcuts": "Q" }),
        mine ? iconButton("remove", "Take the code off", act("uncode"), { key: "x", text: "Take off" }) : null,
      ),
      ...[memosOf(coding)].filter(Boolean),
    );
  }

  function drawBorders(coding) {
    const key = (sign, what) => make("span", { class: "qc-key-hint" }, make("kbd", { text: sign }), make("span", { text: what }));
    bar.replaceChildren(
      make(
        "div",
        { class: "qc-bar-main" },
        make("span", { class: "qc-bar-what" }, make("strong", { text: `Moving the ${borders.border() === "end" ? "end" : "begin"} of “${nameOfCoding(store, coding)}”` })),
        make("button", { type: "button", class: "qc-button", text: "Cancel", on: { click: () => leave(borders.end) } }),
        make("button", { type: "button", class: "qc-button qc-strong", text: "Keep", on: { click: () => leave(borders.keep) } }),
      ),
      make("div", { class: "qc-bar-tools" }, key("← →", "word"), key("Alt ← →", "character"), key("↑ ↓", "sentence"), key("Tab", "other border"), key("↵", "keep"), key("Esc", "leave")),
    );
  }

  function leave(how) {
    focusText();
    how();
  }

  const offs = ["active", "codings", "codebook", "memos"].map((topic) => store.on(topic, draw));
  return { draw, startBorders: borders.begin, close: () => offs.forEach((off) => off()) };
}
