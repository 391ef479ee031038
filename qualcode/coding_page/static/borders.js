/**
 * The borders mode: move the begin or the end of a coding, by keys or by its two handles, and see it before it is
 * kept. The keys go to one border at a time, for a finger knows what it moves.
 */
import { make } from "./dom.js";
import { moveBorder } from "./cursor.js";
import { placeIntent } from "./actions.js";
import { tidyRange } from "./offsets.js";

/**
 * @param {HTMLElement} scroll @param {ReturnType<import("./store.js").createStore>} store
 * @param {ReturnType<import("./text_view.js").createTextView>} view
 * @param {{caretPlace: (event: MouseEvent) => number|null}} mouse @param {() => void} onChange
 */
export function createBorders(scroll, store, view, mouse, onChange) {
  const { state } = store;
  let coding = null;
  let range = null;
  let border = "end";

  const handles = Object.fromEntries(
    ["start", "end"].map((side) => [
      side,
      make("div", { class: `qc-handle qc-handle-${side}`, hidden: true, "aria-hidden": "true", on: { mousedown: (event) => drag(event, side) } }),
    ]),
  );
  scroll.append(handles.start, handles.end);

  function show() {
    store.select(range, "borders");
    const dom = view.domRange(range.start, range.end);
    const rects = [...(dom?.getClientRects() ?? [])].filter(({ width }) => width > 0);
    const box = scroll.getBoundingClientRect();
    for (const [side, rect] of [["start", rects[0]], ["end", rects.at(-1)]]) {
      const el = handles[side];
      el.hidden = !rect;
      el.classList.toggle("qc-now", side === border);
      if (!rect) continue;
      el.style.left = `${(side === "start" ? rect.left : rect.right) - box.left + scroll.scrollLeft}px`;
      el.style.top = `${rect.top - box.top + scroll.scrollTop}px`;
      el.style.height = `${rect.height}px`;
    }
    const place = border === "start" ? { start: range.start, end: range.start + 1 } : { start: Math.max(range.end - 1, range.start), end: range.end };
    view.scrollTo(place);
    onChange();
  }

  function begin(which) {
    coding = which;
    range = { start: which.start, end: which.end };
    border = "end";
    store.activate(which.id);
    show();
  }

  function move(unit, step) {
    range = moveBorder(state.source.blocks, range, border, unit, step, state.source.language ?? "");
    show();
  }

  function drag(event, side) {
    event.preventDefault();
    event.stopPropagation();
    border = side;
    const follow = (moved) => {
      const place = mouse.caretPlace(moved);
      if (place === null) return;
      const next = { ...range, [side]: place };
      const tidy = next.start < next.end && tidyRange(state.source.blocks, next, { words: !moved.altKey, language: state.source.language ?? "" });
      if (!tidy) return;
      range = { ...range, [side]: tidy[side] };
      show();
    };
    const stop = () => {
      window.removeEventListener("mousemove", follow, true);
      window.removeEventListener("mouseup", stop, true);
    };
    window.addEventListener("mousemove", follow, true);
    window.addEventListener("mouseup", stop, true);
  }

  function end() {
    coding = null;
    handles.start.hidden = true;
    handles.end.hidden = true;
    store.select(null, "borders");
    onChange();
  }

  function keep() {
    const [changed, to] = [coding, range];
    end();
    if (changed.start === to.start && changed.end === to.end) return;
    store.attempt({ do: "resize", coding: changed.id, start: to.start, end: to.end, quote: placeIntent(store, to).quote });
    store.say("Borders moved", "done");
  }

  const KEY_MOVES = {
    ArrowRight: ["word", 1],
    ArrowLeft: ["word", -1],
    "Alt+ArrowRight": ["character", 1],
    "Alt+ArrowLeft": ["character", -1],
    ArrowDown: ["sentence", 1],
    ArrowUp: ["sentence", -1],
    "Shift+ArrowRight": ["sentence", 1],
    "Shift+ArrowLeft": ["sentence", -1],
  };

  return {
    begin,
    keep,
    end,
    isOn: () => coding !== null,
    border: () => border,
    /** Handles every key while it is on, so that none does something else meanwhile. */
    key(key) {
      if (KEY_MOVES[key]) move(...KEY_MOVES[key]);
      else if (key === "Tab" || key === "Shift+Tab") {
        border = border === "end" ? "start" : "end";
        show();
      } else if (key === "Enter" || key === "b") keep();
      else if (key === "Escape") end();
      else return false;
      return true;
    },
    /** A selection made with the mouse gives both borders. */
    take(selected) {
      range = { ...selected };
      show();
    },
  };
}
