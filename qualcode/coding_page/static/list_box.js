/**
 * A list of passages in groups: one stop of Tab, arrows inside, Enter goes to the passage. With `several`, Space and the
 * boxes choose some of them.
 */
import { make } from "./dom.js";
import { freshId } from "./panel_parts.js";

/**
 * @param {{label: string, several?: boolean, empty?: string, onGo: (id: string, how: {pointer: boolean}) => void, onPick?: (chosen: Set<string>) => void,
 *   onMove?: (id: string) => void, onKey?: (event: KeyboardEvent, id: string|null) => boolean}} how
 */
export function createListBox({ label, several = false, empty = "", onGo, onPick = null, onMove = null, onKey = null }) {
  const uid = freshId("qc-list");
  const el = make("div", { class: "qc-list", role: "listbox", tabindex: "0", "aria-label": label, "aria-multiselectable": several ? "true" : null, on: { keydown: key, click: click } });
  const nothing = make("p", { class: "qc-empty", text: empty, hidden: true });
  const box = make("div", { class: "qc-list-box" }, el, nothing);
  let picking = several;
  let order = []; // {id, el, fixed}
  let at = -1;
  let anchor = -1;
  const chosen = new Set();

  /** @param {{title: string, note?: string, items: {id: string, parts: Node[], fixed?: boolean, about?: string}[]}[]} groups */
  function draw(groups) {
    const here = order[at]?.id;
    order = [];
    el.replaceChildren(
      ...groups.map(({ title, note, items }, number) => {
        const head = make("div", { class: "qc-list-head", id: `${uid}-g${number}`, role: "presentation" }, make("span", { text: title }), note ? make("span", { class: "qc-quiet", text: note }) : null);
        return make("div", { role: "group", "aria-labelledby": title ? head.id : null }, ...(title ? [head] : []), ...items.map((item) => itemOf(item)));
      }),
    );
    el.hidden = order.length === 0;
    nothing.hidden = order.length > 0;
    for (const id of [...chosen]) if (!order.some((one) => one.id === id)) chosen.delete(id);
    at = order.findIndex(({ id }) => id === here);
    mark(false);
  }

  function itemOf({ id, parts, fixed = false, about = null }) {
    const row = make("div", { class: "qc-item", role: "option", id: `${uid}-${order.length}`, "data-index": order.length, title: about }, make("span", { class: "qc-tick", "aria-hidden": "true" }), make("div", { class: "qc-item-main" }, ...parts));
    if (fixed) row.classList.add("qc-fixed");
    order.push({ id, el: row, fixed });
    return row;
  }

  function mark(scroll = true) {
    el.classList.toggle("qc-picking", picking);
    order.forEach(({ id, el: row }, index) => {
      row.classList.toggle("qc-at", index === at);
      row.setAttribute("aria-selected", String(picking ? chosen.has(id) : index === at));
    });
    if (at >= 0) {
      el.setAttribute("aria-activedescendant", order[at].el.id);
      if (scroll) order[at].el.scrollIntoView({ block: "nearest" });
    } else el.removeAttribute("aria-activedescendant");
  }

  function moveTo(index, { stretch = false } = {}) {
    if (order.length === 0) return;
    at = Math.min(Math.max(index, 0), order.length - 1);
    if (stretch && picking) pickRange(anchor < 0 ? at : anchor, at);
    else anchor = at;
    mark();
    onMove?.(order[at].id);
  }

  function pickRange(from, to) {
    for (let index = Math.min(from, to); index <= Math.max(from, to); index += 1) if (!order[index].fixed) chosen.add(order[index].id);
    onPick?.(chosen);
  }

  function toggle(index) {
    const one = order[index];
    if (!picking || !one || one.fixed) return;
    if (!chosen.delete(one.id)) chosen.add(one.id);
    anchor = index;
    mark(false);
    onPick?.(chosen);
  }

  function key(event) {
    if (event.target !== el || event.isComposing) return;
    const moves = { ArrowDown: at + 1, ArrowUp: at < 0 ? order.length - 1 : at - 1, Home: 0, End: order.length - 1, PageDown: at + 6, PageUp: at - 6 };
    if (event.key in moves && !event.altKey && !event.ctrlKey && !event.metaKey) moveTo(moves[event.key], { stretch: event.shiftKey });
    else if (event.key === " " && picking) toggle(at);
    else if (event.key.toLowerCase() === "a" && (event.ctrlKey || event.metaKey) && picking) chooseAll();
    else if (event.key === "Enter" && at >= 0) onGo(order[at].id, { pointer: false });
    else if (!onKey?.(event, order[at]?.id ?? null)) return;
    event.preventDefault();
  }

  function click(event) {
    const row = event.target.closest("[data-index]");
    if (!row) return;
    const index = Number(row.dataset.index);
    const box = event.target.closest(".qc-tick");
    if (picking && event.shiftKey) return moveTo(index, { stretch: true });
    at = index;
    if (picking && (box || event.ctrlKey || event.metaKey)) return toggle(index);
    anchor = index;
    mark(false);
    return onGo(order[index].id, { pointer: true });
  }

  function chooseAll() {
    const able = order.filter(({ fixed }) => !fixed);
    const all = able.every(({ id }) => chosen.has(id));
    for (const { id } of able) {
      if (all) chosen.delete(id);
      else chosen.add(id);
    }
    mark(false);
    onPick?.(chosen);
  }

  return {
    el: box,
    list: el,
    draw,
    /** What is said where there is nothing. */
    setEmpty: (text) => (nothing.textContent = text),
    focus: () => el.focus(),
    chosen,
    chooseAll,
    clear() {
      chosen.clear();
      mark(false);
      onPick?.(chosen);
    },
    /** Choose these and no others. */
    choose(ids) {
      chosen.clear();
      for (const id of ids) chosen.add(id);
      mark(false);
      onPick?.(chosen);
    },
    /** Show boxes, or only places to go to. */
    setSeveral(on) {
      picking = on;
      el.setAttribute("aria-multiselectable", String(on));
      mark(false);
    },
    at: () => order[at]?.id ?? null,
    setAt(id, { scroll = true } = {}) {
      at = order.findIndex((one) => one.id === id);
      mark(scroll);
    },
    step: (by) => moveTo(at + by),
    ids: () => order.map(({ id }) => id),
  };
}
