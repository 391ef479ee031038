/**
 * Moving a code in the tree: by dragging it, or with Alt and the arrows. Nothing is sent before it is dropped or kept;
 * meanwhile a strip under the tree tells where it would come and what that would change.
 */
import { make } from "./dom.js";
import { dropPlace, moveIntent, placeInWords, placeOfCode, samePlace, stepPlace } from "./code_tree.js";
import { createPreview } from "./dialog.js";

const WAYS = { ArrowUp: "up", ArrowDown: "down", ArrowLeft: "left", ArrowRight: "right" };
const OPEN_AFTER = 650;
const DRAGGED = "application/x-qualcode-code";

/**
 * @param {HTMLElement} list the tree @param {ReturnType<import("./store.js").createStore>} store
 * @param {{tree: () => import("./code_tree.js").CodeTree, isOpen: (id: string) => boolean, redraw: () => void,
 *   reveal: (id: string) => void, open: (id: string) => void}} panel
 */
export function createMoves(list, store, { tree, isOpen, redraw, reveal, open }) {
  let draft = null; // {code, place} while moved with keys
  let dragged = null; // {code, place} while dragged; place null where it cannot be dropped
  let marked = null;
  let opening = null;

  const words = make("p", { class: "qc-moves-words", role: "status" });
  const preview = createPreview(store, { title: "" });
  const buttons = make(
    "div",
    { class: "qc-moves-buttons" },
    make("span", { class: "qc-quiet qc-moves-keys" }, make("kbd", { text: "↑ ↓ ← →" })),
    make("button", { type: "button", class: "qc-button", text: "Leave", on: { click: () => cancel() } }),
    make("button", { type: "button", class: "qc-button qc-primary", text: "Keep", on: { click: keep } }),
  );
  const strip = make("div", { class: "qc-moves", hidden: true }, words, preview.el, buttons);

  function tell(code, place) {
    strip.hidden = false;
    buttons.hidden = dragged !== null;
    const name = store.codeOf(code)?.name ?? "";
    const still = place && samePlace(place, placeOfCode(tree(), code));
    words.textContent = !place ? `“${name}” cannot come here.` : still ? `“${name}” stands here now.` : `“${name}” comes ${placeInWords(tree(), place)}.`;
    preview.update(place && !still ? moveIntent(code, place) : null);
  }

  function hide() {
    strip.hidden = true;
    preview.update(null);
  }

  function send(code, place) {
    if (!place || samePlace(place, placeOfCode(tree(), code))) return;
    const name = store.codeOf(code)?.name ?? "";
    const where = placeInWords(tree(), place);
    store.attempt(moveIntent(code, place)).then((result) => {
      if (result === null) return;
      store.say(`Moved: “${name}” stands ${where}`, "done");
      if (list.contains(list.getRootNode().activeElement)) reveal(code);
    });
  }

  // --------------------------------------------------------------------------------------------------------------- keys

  function begin(code) {
    draft = { code, place: placeOfCode(tree(), code) };
    tell(code, draft.place);
    redraw();
  }

  function step(code, way) {
    if (draft?.code !== code) draft = { code, place: placeOfCode(tree(), code) };
    draft.place = stepPlace(tree(), code, draft.place, way);
    if (draft.place.parent) open(draft.place.parent);
    open(`facet:${draft.place.facet}`);
    tell(code, draft.place);
    list.querySelector(`[data-id="${CSS.escape(code)}"]`)?.scrollIntoView({ block: "nearest" });
  }

  function keep() {
    if (!draft) return;
    const { code, place } = draft;
    draft = null;
    hide();
    redraw();
    list.querySelector(`[data-id="${CSS.escape(code)}"]`)?.focus({ preventScroll: true });
    send(code, place);
  }

  function cancel() {
    if (!draft) return;
    const { code } = draft;
    draft = null;
    hide();
    redraw();
    list.querySelector(`[data-id="${CSS.escape(code)}"]`)?.focus({ preventScroll: true });
  }

  /** @returns {boolean} whether the key was about moving */
  function key(event) {
    const id = event.target.closest?.("[data-id]")?.dataset.id;
    const way = WAYS[event.key];
    if (draft) {
      if (event.key === "Enter") keep();
      else if (event.key === "Escape") cancel();
      else if (way) step(draft.code, way);
      else return event.key === "Tab" ? false : !event.ctrlKey && !event.metaKey;
      return true;
    }
    if (!event.altKey || event.ctrlKey || event.metaKey || !way || !tree().nodes.has(id) || store.codeOf(id)?.retired) return false;
    const why = store.whyNot("move_code");
    if (why) store.say(why, "error");
    else step(id, way);
    return true;
  }

  // ------------------------------------------------------------------------------------------------------------ dragging

  function unmark() {
    clearTimeout(opening);
    if (marked) delete marked.el.dataset.drop;
    marked = null;
  }

  function partUnder(row, event) {
    const { top, height } = row.getBoundingClientRect();
    const share = (event.clientY - top) / height;
    if (row.dataset.id.startsWith("facet:")) return "on";
    return share < 0.28 ? "before" : share > 0.72 ? "after" : "on";
  }

  function over(event) {
    const row = event.target.closest("[data-id]");
    if (!dragged || !row) return;
    const part = partUnder(row, event);
    if (!marked || marked.el !== row || marked.part !== part) {
      unmark();
      const shut = row.getAttribute("aria-expanded") === "false";
      dragged.place = dropPlace(tree(), dragged.code, row.dataset.id, part, isOpen(row.dataset.id));
      marked = { el: row, part };
      if (dragged.place) row.dataset.drop = part;
      if (shut && part === "on") opening = setTimeout(() => dragged && (open(row.dataset.id), unmark()), OPEN_AFTER);
      tell(dragged.code, dragged.place);
    }
    if (!dragged.place) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "move";
  }

  list.addEventListener("dragstart", (event) => {
    const row = event.target.closest?.("[data-id][draggable]");
    if (!row) return;
    event.stopPropagation();
    cancel();
    dragged = { code: row.dataset.id, place: null };
    event.dataTransfer.setData(DRAGGED, row.dataset.id);
    event.dataTransfer.effectAllowed = "move";
    row.classList.add("qc-moving");
  });
  list.addEventListener("dragover", over);
  list.addEventListener("dragleave", (event) => !list.contains(event.relatedTarget) && (unmark(), dragged && (dragged.place = null)));
  list.addEventListener("drop", (event) => {
    if (!dragged) return;
    event.preventDefault();
    event.stopPropagation();
    send(dragged.code, dragged.place);
  });
  list.addEventListener("dragend", () => {
    unmark();
    dragged = null;
    hide();
    for (const row of list.querySelectorAll(".qc-moving")) row.classList.remove("qc-moving");
  });

  return { strip, begin, key, cancel, draft: () => draft, dragged: () => dragged?.code ?? null };
}
