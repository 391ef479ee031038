/**
 * Selecting with the mouse. The browser's own selection is used while the button is down, then taken over by the
 * store and cleared: a drag that begins inside a browser's selection would drag the words away instead of selecting
 * anew, and a selection in a field (the chooser) would end it.
 */
import { turnAround } from "./cursor.js";
import { tidyRange } from "./offsets.js";

/** The browser's selection as a static range, also from inside a shadow root, where getRangeAt gives the host. */
function browserRange(root) {
  const selection = (root.getSelection ?? document.getSelection).call(root.getSelection ? root : document);
  if (!selection || selection.rangeCount === 0) return null;
  if (root instanceof ShadowRoot) {
    const outer = document.getSelection();
    if (outer.getComposedRanges) {
      try {
        return outer.getComposedRanges({ shadowRoots: [root] })[0] ?? null;
      } catch {
        return outer.getComposedRanges(root)[0] ?? null; // Safari's first form of the call
      }
    }
  }
  return selection.getRangeAt(0);
}

function clearBrowserSelection(root) {
  document.getSelection()?.removeAllRanges();
  if (root.getSelection) root.getSelection()?.removeAllRanges();
}

/**
 * @param {HTMLElement} scroll @param {ReturnType<import("./store.js").createStore>} store
 * @param {ReturnType<import("./text_view.js").createTextView>} view
 * @param {{onSelect: (range: {start: number, end: number}) => void, onPoint: (place: number|null) => void}} hooks
 *   after a drag, a double or a triple click; after a click
 */
export function watchMouse(scroll, store, view, { onSelect, onPoint }) {
  const root = scroll.getRootNode();
  const { state } = store;
  let pressed = null; // where the button went down, while it is down

  const language = () => state.source?.language ?? "";

  function placeUnder(event) {
    const path = event.composedPath();
    const row = path.find((el) => el.classList?.contains("qc-turn"));
    return row ? state.source.blocks[Number(row.dataset.index)] : null;
  }

  function down(event) {
    if (event.button !== 0 || !state.source) return;
    if (event.target.closest(".qc-name, .qc-stripe")) {
      event.preventDefault(); // keep the focus in the text: these are drawn anew
      return;
    }
    if (event.target.closest(".qc-who")) return;
    pressed = { x: event.clientX, y: event.clientY };
    if (event.shiftKey && state.selection) event.preventDefault();
    else clearBrowserSelection(root);
  }

  function up(event) {
    if (!pressed || event.button !== 0) return;
    const start = pressed;
    pressed = null;
    settle(event, start);
  }

  function settle(event, start) {
    const block = placeUnder(event);
    if (event.detail >= 3 && block) return take(turnAround(state.source.blocks, block.start), event);
    const still = Math.hypot(event.clientX - start.x, event.clientY - start.y) < 4;
    if (event.shiftKey && state.selection && still) return stretchTo(event);
    const range = browserRange(root);
    if (!range) return point(null);
    let from = view.placeOfPoint(range.startContainer, range.startOffset);
    let to = view.placeOfPoint(range.endContainer, range.endOffset);
    // A drag may end beside the transcript, over a panel: it then goes as far as the turn at that height.
    if (!still && from !== null && to === null) to = nearestPlace(event);
    else if (!still && to !== null && from === null) from = nearestPlace(event);
    if (from === null || to === null || from === to) return point(still ? (from ?? to) : null);
    return take({ start: Math.min(from, to), end: Math.max(from, to) }, event);
  }

  function take(range, event) {
    const tidy = range && tidyRange(state.source.blocks, range, { words: !event.altKey, language: language() });
    clearBrowserSelection(root);
    if (!tidy) return point(null);
    scroll.focus({ preventScroll: true });
    onSelect(tidy);
    return undefined;
  }

  function point(place) {
    clearBrowserSelection(root);
    scroll.focus({ preventScroll: true });
    onPoint(place);
  }

  function caretPlace(event) {
    const at = document.caretPositionFromPoint
      ? document.caretPositionFromPoint(event.clientX, event.clientY, root instanceof ShadowRoot ? { shadowRoots: [root] } : {})
      : null;
    if (at) return view.placeOfPoint(at.offsetNode, at.offset);
    const old = document.caretRangeFromPoint?.(event.clientX, event.clientY);
    return old ? view.placeOfPoint(old.startContainer, old.startOffset) : null;
  }

  function nearestPlace(event) {
    const within = (value, low, high) => Math.max(low + 1, Math.min(value, high - 1));
    const box = scroll.getBoundingClientRect();
    const column = scroll.querySelector(".qc-text")?.getBoundingClientRect();
    const y = within(event.clientY, box.top, box.bottom);
    const row = column && root.elementFromPoint((column.left + column.right) / 2, y)?.closest(".qc-turn");
    if (!row) return null;
    const text = row.querySelector(".qc-text").getBoundingClientRect();
    const block = state.source.blocks[Number(row.dataset.index)];
    if (event.clientX > text.right) return block.end; // as in the margin
    if (event.clientX < text.left) return block.start;
    return caretPlace({ clientX: within(event.clientX, text.left, text.right), clientY: within(y, text.top, text.bottom) });
  }

  function stretchTo(event) {
    const place = caretPlace(event);
    if (place === null) return;
    const { start, end } = state.selection;
    const nearStart = Math.abs(place - start) < Math.abs(place - end) && place < end;
    take(place < start || nearStart ? { start: place, end } : { start, end: Math.max(place, start + 1) }, event);
  }

  function click(event) {
    const marked = event.target.closest("[data-coding]");
    if (marked) {
      store.activate(marked.dataset.coding);
      scroll.focus({ preventScroll: true });
      return;
    }
    if (!event.target.closest(".qc-speaker")) return;
    const block = placeUnder(event);
    if (block) take(turnAround(state.source.blocks, block.start), event);
  }

  const stopDrag = (event) => event.preventDefault();
  scroll.addEventListener("mousedown", down);
  scroll.addEventListener("click", click);
  scroll.addEventListener("dragstart", stopDrag);
  window.addEventListener("mouseup", up, true);

  return {
    caretPlace,
    close: () => window.removeEventListener("mouseup", up, true),
  };
}
