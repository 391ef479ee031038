/** What can be done with a code, as a menu: in the tree, on the card and above the quotes. */
import { icon } from "./dom.js";
import { codeSelection } from "./actions.js";
import { openMenu } from "./menu.js";
import { focusTranscript, sign } from "./panel_parts.js";

/**
 * @param {ReturnType<import("./store.js").createStore>} store @param {string} id of the code
 * @param {HTMLElement} root the page @param {DOMRect|object} box where the menu belongs
 * @param {{move?: () => void, onClose?: () => void}} [more] `move`: begin to move it with the keys
 */
export function openCodeMenu(store, id, root, box, { move = null, onClose = null } = {}) {
  const code = store.codeOf(id);
  if (!code) return;
  const { state } = store;
  const ask = (what, args) => () => store.ask(what, args);
  const why = store.whyNot("change_code");
  const living = !code.retired;
  const items = [
    living && code.codable && state.selection ? { text: "Put it on the selection", key: "↵", icon: icon("check"), run: () => (codeSelection(store, [id]), focusTranscript(root)) } : null,
    { text: "Quotes", icon: sign("quotes"), run: ask("quotes", { code: id }) },
    { text: "Definition", icon: sign("eye"), run: ask("code_card", { code: id }) },
    { text: "Memo on the code …", icon: icon("memo"), run: ask("memo", { targets: [`code:${id}`] }) },
    null,
  ];
  if (living && why) {
    items.push(
      { text: "New code below …", icon: icon("plus"), run: ask("new_code", { parent: id, range: state.selection }) },
      { text: why, disabled: true, run() {} },
    );
  } else if (living) {
    items.push(
      { text: "Rename …", key: "F2", icon: sign("edit"), run: ask("rename_code", { code: id }) },
      { text: "New code below …", icon: icon("plus"), run: ask("new_code", { parent: id, range: state.selection }) },
      move ? { text: "Move with the arrows", key: "Alt ↑", icon: sign("move"), run: move } : null,
      { text: "Move to …", icon: sign("move"), run: ask("move_code", { code: id }) },
      null,
      { text: "Merge into …", icon: sign("merge"), run: ask("merge_codes", { codes: [id] }) },
      { text: "Split by dealing its quotes …", icon: sign("split"), run: ask("split_code", { code: id }) },
      { text: "Can be put on passages", checked: code.codable, run: () => store.attempt({ do: "change_code", code: id, fields: { codable: !code.codable } }) },
      { text: "Take out of use …", icon: sign("retire"), run: ask("retire_code", { code: id }) },
    );
  }
  openMenu(root, box, items.filter((item, index) => item !== null || index < items.length - 1), { label: `Code ${code.name}`, onClose });
}
