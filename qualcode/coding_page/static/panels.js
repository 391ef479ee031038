/**
 * The panels at the side, in the order of their tabs: `{id, title, mount(el, store) -> {show?(), close?()} | void}`.
 * What a panel can ask of the store stands at the top of store.js.
 */
export const PANELS = [];
