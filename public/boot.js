// Starts the console: fetches the WebAssembly with visible progress, then hands over to it.
import init from "./console.js";

const wasm = new URL("./console_bg.wasm", import.meta.url);
const bar = document.getElementById("boot-progress");
const message = document.getElementById("boot-message");

/** The response, counting what has arrived; falls back to the plain response where it can't be counted. */
function counted(response) {
  const total = Number(response.headers.get("content-length"));
  // A compressed answer's length is not that of its content.
  if (!response.ok || !response.body || !total || response.headers.get("content-encoding")) return response;
  let received = 0;
  const counter = new TransformStream({
    transform(chunk, controller) {
      received += chunk.byteLength;
      bar.value = Math.min(received / total, 1);
      controller.enqueue(chunk);
    },
  });
  return new Response(response.body.pipeThrough(counter), { headers: response.headers });
}

async function start() {
  const response = await fetch(wasm);
  if (!response.ok) throw new Error(`${wasm.pathname}: HTTP ${response.status}`);
  await init({ module_or_path: counted(response) });
  document.getElementById("boot")?.remove();
}

start().catch((error) => {
  bar.hidden = true;
  message.setAttribute("role", "alert");
  message.textContent = `The console could not start (${error.message}). Reload the page; if it stays, its files are incomplete or the browser does not support WebAssembly.`;
});
