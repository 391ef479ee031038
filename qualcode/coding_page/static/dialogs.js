/**
 * Who answers when something on the page wants a dialog or a panel (`store.ask`). One row for each thing that can be
 * asked for; keys, cards and panels know none of the dialogs.
 */
import { mergeDialog, moveDialog, newCodeDialog, newFacetDialog, recodeDialog, renameDialog, retireDialog } from "./code_dialogs.js";
import { correctDialog, memoDialog } from "./text_dialogs.js";
import { dealDialog } from "./deal.js";
import { callPanel } from "./panel_parts.js";

const DIALOGS = {
  new_code: newCodeDialog,
  new_facet: newFacetDialog,
  rename_code: renameDialog,
  move_code: moveDialog,
  merge_codes: mergeDialog,
  split_code: dealDialog,
  retire_code: retireDialog,
  recode: recodeDialog,
  memo: memoDialog,
  correct: correctDialog,
};

const PANEL_OF = { codes: "codes", code_card: "codes", quotes: "quotes", search: "search", memos: "memos" };

/**
 * @param {HTMLElement} root the page @param {ReturnType<import("./store.js").createStore>} store
 * @returns {() => void} ends it
 */
export function createDialogs(root, store) {
  return store.on("ask", ({ what, take, ...args }) => {
    const why = store.whyNot(what);
    if (why) store.say(why, "error");
    else if (PANEL_OF[what]) callPanel(store, PANEL_OF[what], args);
    else if (DIALOGS[what]) DIALOGS[what](root, store, args);
    else return;
    take();
  });
}
