/**
 * Ports: how a page reaches its session. A message goes out as a plain object and comes back as one; with an answer may
 * come bytes.
 *
 * @typedef {{send: (message: object) => void, onMessage: (fn: (message: object, buffers?: DataView[]) => void) => () => void,
 *   close?: () => void}} Port
 */

function listenersOf() {
  const fns = new Set();
  return {
    tell: (message, buffers) => fns.forEach((fn) => fn(message, buffers)),
    onMessage(fn) {
      fns.add(fn);
      return () => fns.delete(fn);
    },
  };
}

/** The model of a notebook widget (anywidget). Custom messages only: nothing of a text is kept in the notebook's file. */
export function modelPort(model) {
  const { tell, onMessage } = listenersOf();
  const receive = (message, buffers) => tell(message, buffers);
  model.on("msg:custom", receive);
  return {
    send(message) {
      try {
        model.send(message);
      } catch (error) {
        console.warn("qualcode:", error); // a kernel that is gone; the store notices the silence
      }
    },
    onMessage,
    close: () => model.off("msg:custom", receive),
  };
}

/**
 * The small server of `qualcode open`. One message at a time, so that they arrive in order.
 * @param {string} url @param {string} token
 */
export function httpPort(url, token) {
  const { tell, onMessage } = listenersOf();
  let line = Promise.resolve();

  async function post(message) {
    try {
      const response = await fetch(url, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-Qualcode-Token": token },
        body: JSON.stringify(message),
      });
      if (!response.ok) return;
      if ((response.headers.get("Content-Type") ?? "").startsWith("application/json")) return tell(await response.json());
      // Bytes: the answer stands in a header, the bytes are the body.
      const reply = JSON.parse(decodeURIComponent(response.headers.get("X-Qualcode-Reply") ?? "null"));
      return tell(reply, [new DataView(await response.arrayBuffer())]);
    } catch (error) {
      console.warn("qualcode:", error); // the server was stopped; the store notices the silence
    }
  }

  return { send: (message) => void (line = line.then(() => post(message))), onMessage };
}

/** A function that answers a message, in this browser: the offline hand-out, and tests. */
export function functionPort(answer) {
  const { tell, onMessage } = listenersOf();
  return {
    send: (message) =>
      void Promise.resolve(answer(message)).then((reply) => {
        if (reply) tell(...(Array.isArray(reply) ? reply : [reply]));
      }),
    onMessage,
  };
}
