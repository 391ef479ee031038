/** Dialogs about the codebook: new code, rename, move, merge, retire, new facet. Each is one step that undo takes back. */
import { make } from "./dom.js";
import { facetsForNew, placeIntent } from "./actions.js";
import { createCodePicker, placeOfValue } from "./code_picker.js";
import { placeOfCode, siblingsAt, treeOf } from "./code_tree.js";
import { labelled, lineField, openForm, quoteCard, textField, tickField } from "./dialog.js";
import { afterQuiet, callPanel, codeSign } from "./panel_parts.js";
import { fitOf, plainOf, searchable } from "./ranking.js";

const LONGEST_NAME_OF_WORDS = 80;
const drafts = new WeakMap(); // store -> what was typed for a new code that could not be made

/** Show a code in the tree. */
function reveal(store, code) {
  if (code) callPanel(store, "codes", { reveal: code });
}

/**
 * @param {HTMLElement} root @param {ReturnType<import("./store.js").createStore>} store
 * @param {{name?: string, range?: {start: number, end: number}|null, parent?: string|null}} asked
 */
export function newCodeDialog(root, store, { name = "", range = null, parent = null } = {}) {
  const { state } = store;
  const words = range ? store.quote(range.start, range.end).replace(/\s+/g, " ").trim() : "";
  const source = range ? placeIntent(store, range) : null;
  const draft = drafts.get(store) ?? {};
  const title = lineField(name || draft.name || "", { autofocus: true, maxlength: 200 });
  const [first] = facetsForNew(state);
  const where = createCodePicker(store, { label: "Where it stands", places: true, chosen: [parent ?? (first ? `facet:${first.id}` : "")] });
  const fields = { definition: textField(draft.definition ?? ""), include: textField(draft.include ?? ""), exclude: textField(draft.exclude ?? ""), key: lineField("", { maxlength: 1, class: "qc-field qc-key-field" }) };
  const put = tickField("Put it on the selected words", true);
  const own = tickField("The name is in the participant's own words (in vivo)", false);
  const alike = make("p", { class: "qc-field-hint", "aria-live": "polite" });
  const entries = searchable(state.codebook.codes.filter(({ retired }) => !retired));
  let sent = false;

  const noteAlike = afterQuiet(150, () => {
    const typed = title.value.trim();
    const near = typed.length < 3 ? [] : entries.filter((entry) => (fitOf(entry, typed) ?? 9) <= 1).slice(0, 3);
    alike.textContent = near.length ? `There is already: ${near.map(({ code }) => code.path ?? code.name).join(", ")}` : "";
  });
  title.addEventListener("input", () => {
    noteAlike();
    if (words) own.input.checked = plainOf(words).includes(plainOf(title.value.trim())) && title.value.trim().length > 0 && words.length <= LONGEST_NAME_OF_WORDS;
  });

  openForm(root, store, {
    title: "New code",
    submit: "Make the code",
    fields: [
      range ? quoteCard(words, { most: 160 }) : null,
      labelled("Name", title),
      alike,
      labelled("Definition", fields.definition, { hint: "What it means, in a sentence that another coder can follow." }),
      where.el,
      store.whyNot("change_code")
        ? null
        : make(
            "details",
            { class: "qc-more" },
            make("summary", { text: "When to use it, and its key" }),
            labelled("Use it when", fields.include),
            labelled("Not when", fields.exclude),
            labelled("Key", fields.key, { hint: "One character that puts the code on the selection." }),
          ),
      range ? put.el : null,
      range ? own.el : null,
    ],
    intent() {
      const typed = title.value.trim();
      if (!typed) return "Give the code a name.";
      const given = Object.fromEntries(Object.entries(fields).map(([field, el]) => [field, el.value.trim()]).filter(([, value]) => value));
      const code = { name: typed, ...placeOfValue(where.chosen()[0]), ...(own.input.checked && range ? { in_vivo: true } : {}), fields: given };
      return range && put.input.checked ? { do: "code_new", ...code, ...source } : { do: "new_code", ...code };
    },
    act(wanted) {
      sent = true;
      return store.send(wanted);
    },
    done(result) {
      drafts.delete(store); // it is closed by now, maybe long before the answer came
      const made = store.codeOf(result.code) ?? state.codebook.codes.find((code) => code.name === name);
      if (made && result.codings) store.noteUsed([made.id]);
      if (made) {
        store.say(`New code: ${made.name}`, "done");
        if (!range) reveal(store, made.id);
      }
    },
    onClose() {
      const typed = { name: title.value.trim(), definition: fields.definition.value, include: fields.include.value, exclude: fields.exclude.value };
      if (sent) drafts.set(store, typed);
      else drafts.delete(store);
    },
  });
  where.reveal();
}

export function newFacetDialog(root, store) {
  const name = lineField("", { autofocus: true });
  const one = tickField("At most one of its codes on a passage");
  openForm(root, store, {
    title: "New facet",
    submit: "Make the facet",
    fields: [make("p", { class: "qc-dialog-words", text: "A facet is a tree of codes of one sort, for example themes, or places of work." }), labelled("Name", name), one.el],
    intent: () => (name.value.trim() ? { do: "new_facet", name: name.value.trim(), ...(one.input.checked ? { exclusive: true } : {}) } : "Give the facet a name."),
    done: () => store.say(`New facet: ${name.value.trim()}`, "done"),
  });
}

export function renameDialog(root, store, { code: id }) {
  const code = store.codeOf(id);
  if (!code) return;
  const name = lineField(code.name, { autofocus: true, maxlength: 200 });
  openForm(root, store, {
    title: "Rename a code",
    submit: "Rename",
    preview: true,
    fields: [codeSign(code, "qc-dialog-code"), labelled("New name", name)],
    intent() {
      const typed = name.value.trim();
      if (!typed) return "Give the code a name.";
      return typed === code.name ? null : { do: "rename_code", code: id, name: typed };
    },
    done: () => store.say(`Renamed: “${code.name}” is now “${name.value.trim()}”`, "done"),
  });
  name.select();
}

/** Move a code by choosing where it comes: what dragging does, for whoever does not drag. */
export function moveDialog(root, store, { code: id }) {
  const { state } = store;
  const tree = treeOf(state.codebook);
  const node = tree.nodes.get(id);
  if (!node) return;
  const now = placeOfCode(tree, id);
  const before = make("select", { class: "qc-field" });
  const where = createCodePicker(store, { label: "Put it below", places: true, without: [id], chosen: [now.parent ?? `facet:${now.facet}`], onChange: listPlaces });

  function listPlaces() {
    const { parent, facet } = placeOfValue(where.chosen()[0]);
    const here = parent === now.parent && (parent !== null || facet === now.facet);
    const others = siblingsAt(tree, facet ?? tree.nodes.get(parent)?.facet, parent).filter((other) => other !== id);
    before.replaceChildren(make("option", { value: "", text: "first" }), ...others.map((other) => make("option", { value: other, text: `after ${tree.nodes.get(other).code.name}` })));
    before.value = here ? now.after : (others.at(-1) ?? "");
  }

  listPlaces();
  openForm(root, store, {
    title: "Move a code",
    submit: "Move",
    preview: true,
    fields: [codeSign(node.code, "qc-dialog-code"), where.el, labelled("Order", before)],
    intent() {
      const place = placeOfValue(where.chosen()[0]);
      const same = place.parent === now.parent && (place.parent !== null || place.facet === now.facet) && before.value === now.after;
      return same ? null : { do: "move_code", code: id, ...place, after: before.value };
    },
    done() {
      store.say(`Moved: ${node.code.name}`, "done");
      reveal(store, id);
    },
  });
  where.reveal();
}

/** Merge one code, or several, into another. */
export function mergeDialog(root, store, { codes }) {
  const merged = codes.filter((id) => store.codeOf(id));
  if (merged.length === 0) return;
  const into = createCodePicker(store, { label: "Into", without: merged, chosen: [] });
  const names = merged.map((id) => store.codeOf(id).name).join(", ");
  openForm(root, store, {
    title: merged.length === 1 ? "Merge a code into another" : `Merge ${merged.length} codes into another`,
    submit: "Merge",
    preview: true,
    fields: [make("div", { class: "qc-dialog-codes" }, ...merged.map((id) => codeSign(store.codeOf(id), "qc-dialog-code"))), into.el],
    intent() {
      const target = into.chosen()[0];
      return target ? { do: "merge_codes", codes: merged, into: target } : "Choose the code that stays.";
    },
    done() {
      const target = into.chosen()[0];
      store.say(`Merged: ${names} now counts as ${store.codeOf(target)?.name ?? "the other"}`, "done");
      reveal(store, target);
    },
  });
}

export function retireDialog(root, store, { code: id }) {
  const code = store.codeOf(id);
  if (!code) return;
  openForm(root, store, {
    title: "Take a code out of use",
    submit: "Retire the code",
    preview: true,
    fields: [codeSign(code, "qc-dialog-code")],
    intent: () => ({ do: "retire_code", code: id }),
    done: () => store.say(`Out of use: ${code.name}`, "done"),
  });
}

/** Put codings on another code, in one step. */
export function recodeDialog(root, store, { codings, from = null, done = null }) {
  const to = createCodePicker(store, { label: "Change to", only: (code) => code.codable });
  openForm(root, store, {
    title: codings.length === 1 ? "Recode a coding" : `Recode ${codings.length} codings`,
    submit: "Recode",
    fields: [from ? codeSign(store.codeOf(from), "qc-dialog-code") : null, to.el],
    intent() {
      const code = to.chosen()[0];
      if (!code) return "Choose a code.";
      return code === from ? "They have this code already. Choose another." : { do: "recode", codings, code };
    },
    done() {
      const code = to.chosen()[0];
      store.noteUsed([code]);
      store.say(`Recoded to ${store.codeOf(code)?.name}`, "done");
      done?.();
    },
  });
}
