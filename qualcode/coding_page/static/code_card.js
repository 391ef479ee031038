/** What a code means: definition, when to use it, examples, other names, what it counts as. Each can be changed in place. */
import { countOf, icon, inDigits, make } from "./dom.js";
import { codeSelection } from "./actions.js";
import { sharedKeys } from "./keys.js";
import { createCodePicker } from "./code_picker.js";
import { openCodeMenu } from "./code_menu.js";
import { lineField, textField } from "./dialog.js";
import { codeSign, sign, signButton } from "./panel_parts.js";
import { countsShown } from "./state.js";

// [field, its name, what an empty one says, sort of control]
const PARTS = [
  ["definition", "Definition", "Add a definition", "text"],
  ["include", "Use it when", "Say when to use it", "text"],
  ["exclude", "Not when", "Say when not", "text"],
  ["examples", "Examples", "Add an example", "examples"],
  ["note", "Note", "Add a note", "text"],
  ["aliases", "Other names", "Add another name", "names"],
  ["counts_as", "Counts as", "Let it count as another code", "codes"],
  ["key", "Key", "Give it a key", "key"],
];

/**
 * @param {ReturnType<import("./store.js").createStore>} store @param {HTMLElement} root the page
 * @param {{reveal: (id: string) => void}} panel
 */
export function createCodeCard(store, root, { reveal }) {
  const { state } = store;
  const drafts = new Map(); // "code|field" -> what is typed and not kept
  let id = null;
  let folded = false;
  const body = make("div", { class: "qc-code-body" });
  const facts = make("p", { class: "qc-code-facts" });
  const title = make("h3", { class: "qc-code-title" });
  const path = make("p", { class: "qc-code-path" });
  const colour = make("input", { type: "color", class: "qc-colour", "aria-label": "Colour", title: "Colour", on: { change: () => keepField("colour", colour.value).then((reason) => reason && store.say(reason, "error")) } });
  const fold = make("button", { type: "button", class: "qc-button qc-icon-only qc-fold", on: { click: () => ((folded = !folded), draw()) } }, icon("down"));
  const menu = signButton("more", "What can be done with this code", () => openCodeMenu(store, id, root, menu.getBoundingClientRect()));
  const quotes = signButton("quotes", "Quotes of this code", () => store.ask("quotes", { code: id }));
  const el = make("section", { class: "qc-code-card", "aria-label": "The code", hidden: true }, make("header", { class: "qc-code-head" }, colour, make("div", { class: "qc-code-names" }, title, path), quotes, menu, fold), body);

  const act = make("button", { type: "button", class: "qc-button qc-small qc-strong qc-code-selection", text: "Code selection", title: "Put this code on the selected words (Enter or a double click in the tree)", hidden: true, on: { click: () => codeSelection(store, [id]) } });
  el.insertBefore(act, body);

  const isFixed = (code) => code.retired || Boolean(store.whyNot("change_code"));
  const draftKey = (field) => `${id}|${field}`;

  function keepField(field, value) {
    const code = id;
    return store.send({ do: "change_code", code, fields: { [field]: value } }).then(
      () => {
        drafts.delete(`${code}|${field}`);
        store.say("Kept", "done");
        if (id === code) draw();
        return null;
      },
      (error) => error.message,
    );
  }

  // ------------------------------------------------------------------------------------------------------------ reading

  function valueOf(code, field) {
    if (field === "examples") return examplesOf(code);
    if (field === "aliases") return code.aliases?.length ? make("p", { text: code.aliases.join(", ") }) : null;
    if (field === "counts_as") {
      const names = (code.counts_as ?? []).map(store.codeOf).filter(Boolean);
      return names.length ? make("p", { class: "qc-code-signs" }, ...names.map((one) => linkTo(one))) : null;
    }
    if (field === "key") {
      if (!code.key) return null;
      const shared = sharedKeys([code]).length > 0;
      return make("p", {}, make("kbd", { text: code.key }), shared ? make("span", { class: "qc-quiet", text: " (what this key did on the page now needs Alt)" }) : null);
    }
    return code[field] ? make("p", { dir: "auto", text: code[field] }) : null;
  }

  const linkTo = (code) => make("button", { type: "button", class: "qc-link", on: { click: () => reveal(code.id) } }, codeSign(code));

  function examplesOf(code) {
    if (!code.examples?.length) return null;
    return make("ul", { class: "qc-examples" }, ...code.examples.map((example) => make("li", {}, make("span", { dir: "auto", text: example.text ?? "(its place is in another version of the text)" }), exampleSource(example))));
  }

  function exampleSource(example) {
    if (!example.source) return null;
    const go = () => store.go(example.source, { start: example.start, end: example.end });
    return example.start === null ? make("span", { class: "qc-quiet", text: example.source }) : make("button", { type: "button", class: "qc-link qc-quiet", text: example.source, on: { click: go } });
  }

  // ------------------------------------------------------------------------------------------------------------ changing

  function edit(code, field, name, kind) {
    const key = draftKey(field);
    if (!drafts.has(key)) drafts.set(key, startOf(code, field));
    const error = make("p", { class: "qc-dialog-error", role: "alert", hidden: true });
    const stop = () => {
      drafts.delete(key);
      draw();
      body.querySelector(`[data-edit="${field}"]`)?.focus();
    };
    const keep = async () => {
      const reason = await keepField(field, endOf(field, drafts.get(key)));
      error.textContent = reason ?? "";
      error.hidden = !reason;
      if (!reason) body.querySelector(`[data-edit="${field}"]`)?.focus();
    };
    const control = CONTROLS[kind](code, name, drafts.get(key), (value) => drafts.set(key, value));
    const form = make(
      "form",
      {
        class: "qc-edit",
        on: {
          submit(event) {
            event.preventDefault();
            keep();
          },
          keydown(event) {
            if (event.key !== "Escape" || event.isComposing) return;
            event.preventDefault();
            event.stopPropagation();
            stop();
          },
        },
      },
      control,
      error,
      make("div", { class: "qc-edit-foot" }, make("button", { type: "button", class: "qc-button", text: "Leave", on: { click: stop } }), make("button", { type: "submit", class: "qc-button qc-primary", text: "Keep" })),
    );
    return form;
  }

  const startOf = (code, field) => (field === "examples" ? [...(code.examples ?? [])] : field === "aliases" ? (code.aliases ?? []).join(", ") : field === "counts_as" ? [...(code.counts_as ?? [])] : (code[field] ?? ""));

  function endOf(field, value) {
    if (field === "aliases") return value.split(",").map((one) => one.trim()).filter(Boolean);
    if (field === "examples") return value.map((one) => one.words ?? (one.ref ? { ref: one.ref } : one.source ? { source: one.source, start: one.start, end: one.end } : one.text));
    return typeof value === "string" ? value.trim() : value;
  }

  const CONTROLS = {
    text: (_, name, value, take) => textField(value, { rows: 3, "aria-label": name, on: { input: (event) => take(event.target.value) } }),
    names: (_, name, value, take) => lineField(value, { "aria-label": `${name}, between commas`, on: { input: (event) => take(event.target.value) } }),
    key: (_, name, value, take) => lineField(value, { class: "qc-field qc-key-field", maxlength: 1, "aria-label": `${name}: one character`, on: { input: (event) => take(event.target.value) } }),
    codes: (code, name, value, take) => createCodePicker(store, { label: name, several: true, chosen: value, without: [code.id], onChange: take }).el,
    examples: (_, name, value, take) => exampleEditor(name, value, take),
  };

  function exampleEditor(name, value, take) {
    const list = make("ul", { class: "qc-examples" });
    const own = textField("", { rows: 2, "aria-label": `${name}: in your own words`, placeholder: "An example in your own words" });
    const range = state.selection;
    const add = (example) => {
      take((value = [...value, example]));
      list_();
    };
    function list_() {
      list.replaceChildren(
        ...value.map((example, index) =>
          make(
            "li",
            {},
            make("span", { dir: "auto", text: example.text ?? example.words ?? example.source ?? "" }),
            signlessButton("Take out", () => {
              take((value = value.filter((_, at) => at !== index)));
              list_();
            }),
          ),
        ),
      );
    }
    list_();
    return make(
      "div",
      { class: "qc-example-editor" },
      list,
      own,
      make(
        "div",
        { class: "qc-edit-foot" },
        signlessButton("Add these words", () => own.value.trim() && (add({ text: own.value.trim() }), (own.value = ""))),
        range ? signlessButton("Add the selection", () => add({ text: store.quote(range.start, range.end), source: state.source.id, start: range.start, end: range.end })) : null,
      ),
    );
  }

  const signlessButton = (text, run) => make("button", { type: "button", class: "qc-button qc-small", text, on: { click: run } });

  // ------------------------------------------------------------------------------------------------------------- drawing

  function draw() {
    const code = id ? store.codeOf(id) : null;
    el.hidden = !code;
    if (!code) return;
    const focusedField = body.contains(body.getRootNode().activeElement) ? body.getRootNode().activeElement.closest("[data-field]")?.dataset.field : null;
    title.replaceChildren(make("span", { text: code.name }));
    path.textContent = [state.codebook.facets.length > 1 ? state.codebook.facets.find(({ id: facet }) => facet === code.facet)?.name : "", ...(code.path ?? "").split(" > ").slice(0, -1)].filter(Boolean).join(" › ");
    colour.value = /^#[0-9a-f]{6}$/i.test(code.colour ?? "") ? code.colour : "#7a8494";
    colour.disabled = isFixed(code);
    fold.setAttribute("aria-expanded", String(!folded));
    fold.setAttribute("aria-label", folded ? "Show what the code means" : "Fold");
    fold.title = folded ? "Show what the code means" : "Fold";
    el.classList.toggle("qc-folded", folded);
    body.hidden = folded;
    const parts = PARTS.map((part) => partOf(code, part)).filter(Boolean);
    const invites = parts.filter((part) => part.matches(".qc-invite"));
    body.replaceChildren(facts, ...parts.filter((part) => !invites.includes(part)), make("div", { class: "qc-invites" }, ...invites));
    drawCounts();
    drawAct();
    if (focusedField) body.querySelector(`[data-field="${focusedField}"]`)?.querySelector("textarea, input, button")?.focus({ preventScroll: true });
  }

  function partOf(code, [field, name, invite, kind]) {
    const value = valueOf(code, field);
    const changing = drafts.has(draftKey(field));
    if (isFixed(code) && !value) return null;
    const begin = () => {
      drafts.set(draftKey(field), startOf(code, field));
      draw();
      const control = body.querySelector(`[data-field="${field}"]`)?.querySelector("textarea, input");
      control?.focus();
      body.querySelector(`[data-field="${field}"]`)?.scrollIntoView({ block: "nearest" });
    };
    if (!value && !changing) return make("button", { type: "button", class: "qc-invite", "data-edit": field, "data-field": field, on: { click: begin } }, icon("plus"), make("span", { text: invite }));
    return make(
      "section",
      { class: "qc-part", "data-field": field },
      make("header", {}, make("h4", { text: name }), changing || isFixed(code) ? null : make("button", { type: "button", class: "qc-button qc-icon-only qc-part-edit", "data-edit": field, title: `Change: ${name}`, "aria-label": `Change: ${name}`, on: { click: begin } }, sign("edit"))),
      changing ? edit(code, field, name, kind) : value,
    );
  }

  /** Coding from here is only offered while words are selected. */
  function drawAct() {
    act.hidden = !state.selection || !store.codeOf(id)?.codable;
  }

  function drawCounts() {
    if (!id || !store.codeOf(id)) return;
    const [here, all, hidden] = countsShown(state, id);
    const memos = [...state.memos.values()].filter(({ targets }) => targets.includes(`code:${id}`));
    const counting = state.codebook.codes.filter((code) => !code.retired && (code.parent === id || code.counts_as?.includes(id))).length;
    facts.replaceChildren(
      make("button", { type: "button", class: "qc-link", text: all ? `${here} here, ${inDigits(all)} in all` : hidden ? "no codings shown" : "no codings yet", title: "Show the quotes", on: { click: () => store.ask("quotes", { code: id }) } }),
      ...(hidden ? [make("span", { text: ` · ${inDigits(hidden)} of coders that are hidden` })] : []),
      ...(counting ? [make("span", { text: ` · ${countOf(counting, "code")} ${counting === 1 ? "counts" : "count"} as it` })] : []),
      ...(store.codeOf(id).in_vivo ? [make("span", { text: " · in the participant's own words" })] : []),
      ...(memos.length ? [make("span", { text: " · " }), make("button", { type: "button", class: "qc-link", text: countOf(memos.length, "memo"), on: { click: () => store.ask("memos", { about: `code:${id}` }) } })] : []),
    );
  }

  return {
    el,
    draw,
    drawCounts,
    drawAct,
    code: () => id,
    show(code) {
      if (id === code && !el.hidden) return;
      id = code;
      body.scrollTop = 0;
      draw();
    },
    focus: () => (folded ? fold : (body.querySelector("button") ?? fold)).focus(),
  };
}
