/** The overlay with all keys, drawn from the table in keys.js. */
import { iconButton, make } from "./dom.js";
import { KEYS, keyShown, onMac, sharedKeys } from "./keys.js";

/** The table without what this page cannot do. @param {ReturnType<import("./store.js").createStore>} store */
export function keysOf(store) {
  const able = ({ 3: intent }) => !intent || !store.whyNot(intent);
  return KEYS.filter(({ needs }) => !needs || !store.whyNot(needs)).map((group) => ({ ...group, rows: group.rows.filter(able) }));
}

/** @param {HTMLElement} root @param {ReturnType<import("./store.js").createStore>} store @param {() => void} focusText */
export function createHelp(root, store, focusText) {
  const mac = onMac();
  const body = make("div", { class: "qc-help-columns" });
  const dialog = make(
    "dialog",
    { class: "qc-card qc-help", "aria-label": "Keys" },
    make("header", { class: "qc-help-head" }, make("h2", { text: "Keys" }), make("p", { class: "qc-quiet", text: "They act when the text has the focus." }), iconButton("close", "Close", () => dialog.close(), { key: "Esc" })),
    body,
  );
  // Keys pressed in the overlay belong to it.
  dialog.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "?") dialog.close();
  });
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", focusText);
  root.append(dialog);

  const row = (keys, what) =>
    make("div", { class: "qc-help-row" }, make("dt", {}, ...keys.map((key) => make("kbd", { text: keyShown(key, mac) }))), make("dd", { text: what }));

  function draw() {
    const { keys, codebook } = store.state;
    const codes = [...keys].map(([key, id]) => [key, store.codeOf(id)?.name ?? ""]);
    const shared = sharedKeys(codebook.codes);
    body.replaceChildren(
      ...keysOf(store).map(({ title, rows }) => make("section", {}, make("h3", { text: title }), make("dl", {}, ...rows.map(([names, , what]) => row(names, what))))),
      make(
        "section",
        {},
        make("h3", { text: "Codes" }),
        make("dl", {}, ...codes.filter(([, name]) => name).sort().map(([key, name]) => row([key], name))),
        shared.length ? make("p", { class: "qc-quiet", text: `${shared.map(({ key }) => key).join(", ")}: ${shared.length === 1 ? "this key belongs" : "these keys belong"} to codes here. What else ${shared.length === 1 ? "it does" : "they do"} works with Alt.` }) : null,
      ),
    );
  }

  return {
    open() {
      draw();
      dialog.showModal();
    },
  };
}
