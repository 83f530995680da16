// Starts the console: fetches the WebAssembly and hands over to it. Nothing runs but what has the digest that the page names.

const bar = document.getElementById("boot-progress");
const message = document.getElementById("boot-message");

// What a page never changes Leptos writes as markup, into a template: elements that do nothing, as they stand in the program.
// They are these, with these attributes. Names and identifiers are not among them, as those could hide properties of the document.
const ELEMENT =
  "(?:br|circle|code|dd|div|dl|dt|em|hr|img|kbd|li|line|ol|p|path|rect|small|span|strong|td|th|tr|ul)";
const ATTRIBUTE =
  '(?: (?:alt|aria-[a-z]+|class|colspan|d|height|lang|role|scope|width)="[^"<>&]*"| src="icon\\.svg")';
const INERT = new RegExp(`^(?:<${ELEMENT}${ATTRIBUTE}*>|</${ELEMENT}>|[^<>&])*$`);

/** Takes such markup alone; all other text that would become markup, code or a script's address is refused and reported. */
function guard() {
  globalThis.trustedTypes?.createPolicy("default", { createHTML: (markup) => (INERT.test(markup) ? markup : null) });
}

/** Waits for a module that the page names with its digest: an import gets what was loaded here, or nothing. */
function checked(link) {
  if (!link.relList.supports("modulepreload")) return undefined;
  return new Promise((resolve, reject) => {
    const again = link.cloneNode();
    again.onload = resolve;
    again.onerror = () => reject(new Error(`${new URL(link.href).pathname}: not there, or not what the page says`));
    document.head.append(again);
  });
}

async function glue() {
  await Promise.all([...document.querySelectorAll('link[rel="modulepreload"]')].map(checked));
  return import("./console.js");
}

/** What arrives, with visible progress. */
function counted(body, size) {
  let received = 0;
  const count = new TransformStream({
    transform(chunk, controller) {
      received += chunk.byteLength;
      if (size) bar.value = Math.min(received / size, 1);
      controller.enqueue(chunk);
    },
  });
  return body.pipeThrough(count);
}

/** The program. It is compiled while it arrives, and not run before it has turned out to be the one that the page names. */
async function program() {
  const address = new URL("./console_bg.wasm", import.meta.url);
  const { integrity = "", size = "0" } = document.querySelector('link[rel="preload"][as="fetch"]')?.dataset ?? {};
  // Without TLS pages have no digests of their own: the browser checks then, and hands over nothing before it has.
  const checks = integrity && globalThis.crypto?.subtle;
  const response = await fetch(address, checks ? {} : { integrity }).catch((error) => {
    throw new Error(`${address.pathname}: ${error.message}`);
  });
  if (!response.ok) throw new Error(`${address.pathname}: HTTP ${response.status}`);
  if (!checks) return response;
  const [compiled, kept] = counted(response.body, Number(size)).tee();
  const headers = { "content-type": "application/wasm" };
  const compiling = WebAssembly.compileStreaming(new Response(compiled, { headers }));
  // What is no program is not what the page names either, which is the better thing to say.
  compiling.catch(() => {});
  const digest = await crypto.subtle.digest("SHA-384", await new Response(kept).arrayBuffer());
  if (integrity !== `sha384-${btoa(String.fromCharCode(...new Uint8Array(digest)))}`) {
    throw new Error(`${address.pathname}: not what the page says`);
  }
  return compiling;
}

async function start() {
  guard();
  const [{ default: init }, wasm] = await Promise.all([glue(), program()]);
  await init({ module_or_path: wasm });
  document.getElementById("boot")?.remove();
}

start().catch((error) => {
  bar.hidden = true;
  message.setAttribute("role", "alert");
  message.textContent = `The console could not start (${error.message}). Reload the page; if it stays, its files are incomplete or were changed, or the browser does not support WebAssembly.`;
});
