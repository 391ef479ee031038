/**
 * The store: what the page knows, who wants to hear of it, and how anything is changed.
 *
 * Python holds the truth. The page never changes a study: it sends an *intent* (`{do: "code", ...}`) and applies the
 * *changes* that come back. What is sent and not yet answered is shown as pending and never dropped (see queue.js).
 *
 * ## For panels
 *
 * A panel is a row of the literal list in panels.js: `{id, title, mount(el, store) -> {show?(), close?()} | void}`.
 * `mount` is called once, when the panel is first shown; `el` is empty and belongs to the panel.
 *
 * ```
 * store.state                      what is known now; read it, never write it (shape: `State` below)
 * store.on(topic, fn) -> off       fn(detail) is called after the state has changed; off() ends it
 * store.send(intent) -> Promise    the reply's result. Rejects with `Refused` (its message is the sentence for the person).
 *                                  Changes wait in order until the kernel answers; questions give up after 20 s.
 * store.attempt(intent) -> Promise as send, but a refusal is said where the person looks, and the result is then null
 * store.select(range|null, how?)   {start, end} is what the next code goes on; how: "keys" | "mouse" | "code"
 * store.activate(codingId|null)    the coding that the coding bar and the keys x r b s m act on
 * store.go(source|null, place?)    open a source and/or scroll to a place {start, end} | {turn} | {coding};
 *                                  a place with start and end is lit up for a moment. Promise
 * store.say(text, kind?)           "note" (default), "done" or "error": shown in the page and read out
 * store.ask(what, args?) -> bool   "please open that dialog or panel"; true if a listener of topic "ask" took it
 * store.showPanel(id)              bring a panel of the side to the front
 * store.showCoder(id, shown)       show or hide another coder's codings
 * store.setHits(ranges, current?)  places of a search to paint in the open source
 * store.hover(codeId|null)         light up all codings of a code while the pointer is over its name
 * store.codeOf(id)                 the code, or undefined
 * store.quote(start, end)          the words of a range, as the page shows them (blocks joined by "\n")
 * store.shownCodings()             codings that are to be seen now (mine, and those of coders shown), unordered
 * store.codingsAt(start, end)      the same, touching a range, in text order
 * store.isMine(coding)             whether the person at the page may change it
 * ```
 *
 * Higher verbs that panels and keys share (code the selection, repeat, uncode, ...) are functions of actions.js.
 *
 * | topic | when | detail |
 * |---|---|---|
 * | `open` | the study was opened or opened again | state |
 * | `source` | another source, or its text changed | `{moved: bool}` true when it is another source |
 * | `codings` | codings came, changed or went (also while pending) | `{put: [coding], gone: [id]}` |
 * | `codebook` `counts` `sources` `memos` `undo` `waiting` | that part of the state changed | |
 * | `selection` | `state.selection` | `{how}` |
 * | `active` | `state.active` | |
 * | `hover` `hits` `coders` | what is to be painted changed | |
 * | `place` | scroll there | `{start, end, flash}` |
 * | `say` | something to tell | `{text, kind}` |
 * | `ask` | a dialog is wanted; call `detail.take()` if it is yours | `{what, take, ...args}` |
 * | `panel` | `state.panel` | |
 * | `script` | another line in `state.script` | |
 * | `status` | `state.status` | |
 *
 * What `ask` is asked for: `new_code {name, range}`, `memo {targets, range}`, `code_card {code}`, `search {text, in}`.
 *
 * @typedef {object} State
 * @property {{title: string, id: string}|null} study
 * @property {string} coder            who is coding
 * @property {{id: string, name: string, kind: string}[]} coders
 * @property {boolean} blind           other coders' work is not sent at all
 * @property {object|null} source      the open source; `source.blocks` are measured (see offsets.js)
 * @property {Map<string, object>} codings  of the open source, by id; `pending: true` while not saved
 * @property {object} codebook         `{version, facets, codes}`
 * @property {Map<string, object>} codes    codes by id
 * @property {Map<string, string>} keys     "1"..."9" and the codes' own keys -> id of the code
 * @property {Object<string, [number, number]>} counts  codings of each code: here, in all
 * @property {object[]} sources        rows of all sources
 * @property {Map<string, object>} memos
 * @property {{undo: string|null, redo: string|null}} undo  what undo and redo would do
 * @property {number} waiting          codings to review after a text changed
 * @property {{start: number, end: number}|null} selection
 * @property {string|null} active      id of a coding
 * @property {string[]} recent         ids of codes, the last used first
 * @property {string[]} last           ids of the codes of the last coding step (for repeat)
 * @property {Set<string>} shown       other coders that are shown
 * @property {string|null} hovered     id of a code
 * @property {{ranges: object[], current: number}} hits
 * @property {string|null} panel       id of the panel in front
 * @property {string[]} script         lines of Python that did the same
 * @property {{pending: number, late: boolean, silent: boolean, stranded: number}} status
 */
