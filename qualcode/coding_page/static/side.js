/** The side with its panels as tabs. In a narrow page it lies folded over the text until it is asked for. */
import { iconButton, make } from "./dom.js";

/**
 * @param {HTMLElement} body @param {HTMLElement} root @param {ReturnType<import("./store.js").createStore>} store
 * @param {{id: string, title: string, mount: (el: HTMLElement, store: object) => ({show?: () => void, close?: () => void}|void)}[]} panels
 */
export function createSide(body, root, store, panels) {
  if (panels.length === 0) return { toggle() {}, isOpen: () => false, close() {} };
  const uid = `qc-side-${(globalThis.__qualcodeIds = (globalThis.__qualcodeIds ?? 0) + 1)}`;
  const mounted = new Map();
  const tabs = make("div", { class: "qc-tabs", role: "tablist", "aria-label": "Panels", on: { keydown: turn } });
  const holder = make("div", { class: "qc-panels" });
  const side = make("section", { class: "qc-side", "aria-labelledby": `${uid}-head` }, make("h2", { class: "qc-unseen", id: `${uid}-head`, text: "Codes and more" }), make("div", { class: "qc-side-head" }, tabs, iconButton("close", "Fold the panel away", () => fold(), { class: "qc-button qc-icon-only qc-side-close" })), holder);
  body.append(side);

  for (const { id, title } of panels) {
    tabs.append(make("button", { type: "button", class: "qc-tab", role: "tab", id: `${uid}-tab-${id}`, "aria-controls": `${uid}-${id}`, "data-panel": id, text: title, on: { click: () => store.showPanel(id) } }));
    holder.append(make("div", { class: `qc-panel qc-panel-${id}`, role: "tabpanel", id: `${uid}-${id}`, "aria-labelledby": `${uid}-tab-${id}`, "data-panel": id, hidden: true }));
  }

  function turn(event) {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const at = panels.findIndex(({ id }) => id === store.state.panel);
    store.showPanel(panels[(at + by + panels.length) % panels.length].id);
    tabs.querySelector("[aria-selected=true]")?.focus();
  }

  const isOpen = () => side.getClientRects().length > 0;
  const fold = () => {
    root.dataset.side = "closed";
  };
  const unfold = () => {
    if (!isOpen()) root.dataset.side = "open";
  };

  function draw() {
    const { panel } = store.state;
    for (const tab of tabs.children) {
      const now = tab.dataset.panel === panel;
      tab.setAttribute("aria-selected", String(now));
      tab.tabIndex = now ? 0 : -1;
    }
    for (const el of holder.children) el.hidden = el.dataset.panel !== panel;
    const row = panels.find(({ id }) => id === panel);
    const el = row && holder.querySelector(`[data-panel="${CSS.escape(panel)}"]`);
    if (row && !mounted.has(panel)) mounted.set(panel, row.mount(el, store) ?? {});
    mounted.get(panel)?.show?.();
  }

  const off = store.on("panel", () => {
    draw();
    unfold();
  });
  const offOpen = store.on("open", () => {
    store.state.panel ??= panels[0].id; // without a word: opening the study must not unfold the side
    draw();
  });

  return {
    toggle: () => (isOpen() ? fold() : unfold()),
    isOpen,
    close() {
      off();
      offOpen();
      for (const panel of mounted.values()) panel.close?.();
    },
  };
}
