/** Choosing codes inside a dialog: a field that finds by a few letters, over a list in the order of the tree. */
import { make } from "./dom.js";
import { rankCodes, searchable } from "./ranking.js";
import { familyOf, treeOf } from "./code_tree.js";
import { freshId, inkDot, keyOfCode } from "./panel_parts.js";

/**
 * @param {ReturnType<import("./store.js").createStore>} store
 * @param {{label: string, several?: boolean, fresh?: boolean, chosen?: string[], places?: boolean, without?: string[], only?: (code: object) => boolean,
 *   onChange?: (chosen: string[]) => void}} how
 *   `fresh`: what was typed and is no code can be chosen as one new code, "new:its name"; `places`: also the tops of facets, as "facet:id" (for where a code comes); `without`: codes left out with all below them
 * @returns {{el: HTMLElement, field: HTMLInputElement, chosen: () => string[], choose: (id: string) => void}}
 */
export function createCodePicker(store, { label, several = false, fresh = false, chosen = [], places = false, without = [], only = () => true, onChange = null }) {
  const { state } = store;
  const tree = treeOf(state.codebook);
  const left = new Set(without.flatMap((id) => familyOf(tree, id)));
  const id = freshId("qc-picker");
  const rows = rowsToPick();
  const entries = searchable(rows.filter(({ code }) => code).map(({ code }) => code));
  let picked = [...chosen];
  let shown = rows;
  let at = Math.max(rows.findIndex((row) => row.value === picked[0]), 0);

  const field = make("input", {
    class: "qc-field qc-picker-field",
    type: "text",
    role: "combobox",
    id: `${id}-field`,
    "aria-expanded": "true",
    "aria-controls": id,
    "aria-autocomplete": "list",
    autocomplete: "off",
    spellcheck: "false",
    placeholder: "Type a few letters, or use the arrows",
    on: { keydown: key, input: typed },
  });
  const list = make("ul", { class: "qc-options qc-picker-list", role: "listbox", id, "aria-label": label, "aria-multiselectable": several ? "true" : null, on: { mousedown: press } });
  const chips = make("div", { class: "qc-picker-chips", hidden: true });
  const el = make("div", { class: "qc-labelled qc-picker" }, make("label", { for: field.id, text: label }), chips, field, list);

  function rowsToPick() {
    const found = [];
    const several_ = tree.facets.length > 1;
    const put = (ids, depth) => {
      for (const each of ids) {
        const { code, children } = tree.nodes.get(each);
        if (left.has(each)) continue;
        if (only(code)) found.push({ value: each, code, depth });
        put(children, depth + 1);
      }
    };
    for (const { id: facet, name, roots } of tree.facets) {
      if (places) found.push({ value: `facet:${facet}`, name: several_ ? name : "At the top", depth: 0 });
      put(roots, places || several_ ? 1 : 0);
    }
    return found;
  }

  function typed(event) {
    event.stopPropagation(); // finding is no change of the form
    const text = field.value.trim();
    if (text) {
      const fitting = rankCodes(entries, text, state.recent);
      const plain = text.toLowerCase();
      const tops = rows.filter(({ code, name }) => !code && name.toLowerCase().includes(plain));
      shown = [...fitting.map((code) => ({ value: code.id, code, depth: 0, path: true })), ...tops];
      const known = state.codebook.codes.some(({ name }) => name.toLowerCase() === plain);
      if (fresh && !known && !picked.some(isNew)) shown.push({ value: `new:${text}`, name: `New code “${text}”`, depth: 0 });
    } else shown = rows;
    at = text ? 0 : Math.max(shown.findIndex(({ value }) => value === picked[0]), 0);
    if (!several && text && shown[0]) pick(shown[0].value);
    draw();
  }

  const isNew = (value) => value.startsWith("new:");
  const nameOf = (value) => (isNew(value) ? `new: ${value.slice(4)}` : (store.codeOf(value)?.name ?? value));

  function pick(value) {
    if (several) picked = picked.includes(value) ? picked.filter((each) => each !== value) : [...picked, value];
    else if (picked[0] === value) return;
    else picked = [value];
    onChange?.(picked);
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function step(by) {
    if (shown.length === 0) return;
    at = Math.min(Math.max(at + by, 0), shown.length - 1);
    if (!several) pick(shown[at].value);
    draw();
  }

  function key(event) {
    const moves = { ArrowDown: 1, ArrowUp: -1, PageDown: 7, PageUp: -7 };
    if (moves[event.key]) step(moves[event.key]);
    else if (event.key === "Enter" && several && shown[at] && (field.value.trim() || !picked.includes(shown[at].value))) {
      pick(shown[at].value);
      field.value = "";
      shown = rows;
      draw();
    } else if (event.key === "Backspace" && several && !field.value && picked.length) {
      pick(picked.at(-1));
      draw();
    } else return;
    event.preventDefault();
  }

  function press(event) {
    event.preventDefault();
    const row = event.target.closest("[data-at]");
    if (!row) return;
    at = Number(row.dataset.at);
    pick(shown[at].value);
    draw();
    field.focus();
  }

  function draw() {
    list.replaceChildren(
      ...shown.map(({ value, code, name, depth, path }, index) =>
        make(
          "li",
          {
            role: "option",
            id: `${id}-${index}`,
            class: `qc-option${code ? "" : " qc-option-top"}${index === at ? " qc-at" : ""}`,
            "data-at": index,
            "data-value": value,
            "aria-selected": String(picked.includes(value)),
            style: { "--qc-depth": depth },
          },
          several ? make("span", { class: "qc-tick", "aria-hidden": "true" }) : null,
          code ? inkDot(code) : null,
          make("span", { class: "qc-option-name", text: code ? code.name : name }),
          path && code.path !== code.name ? make("span", { class: "qc-option-where", text: code.path }) : null,
          several && keyOfCode(store, value) ? make("kbd", { text: keyOfCode(store, value) }) : null,
        ),
      ),
      ...(shown.length ? [] : [make("li", { class: "qc-hint", role: "presentation", text: picked.some(isNew) ? "No code has such a name. One new code at a time." : "No code has such a name." })]),
    );
    if (shown.length) field.setAttribute("aria-activedescendant", `${id}-${at}`);
    else field.removeAttribute("aria-activedescendant");
    list.children[at]?.scrollIntoView({ block: "nearest" });
    chips.hidden = !several || picked.length === 0;
    chips.replaceChildren(
      ...(several ? picked : []).map((value) =>
        make(
          "button",
          { type: "button", class: "qc-chip", "aria-label": `Leave out ${nameOf(value)}`, on: { click: () => (pick(value), draw(), field.focus()) } },
          inkDot(store.codeOf(value)),
          make("span", { text: nameOf(value) }),
          make("span", { "aria-hidden": "true", text: "×" }),
        ),
      ),
    );
  }

  draw();
  return {
    el,
    field,
    chosen: () => picked.filter((value) => value.startsWith("facet:") || isNew(value) || state.codes.has(value)),
    /** The list is only laid out once it is on the page. */
    reveal: () => list.children[at]?.scrollIntoView({ block: "nearest" }),
  };
}

/** A value of a picker with `places` as arguments of an intent. @returns {{parent: string|null, facet?: string}} */
export function placeOfValue(value) {
  return value?.startsWith("facet:") ? { parent: null, facet: value.slice(6) } : { parent: value || null };
}
