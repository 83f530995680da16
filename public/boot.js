// Starts the console: fetches the WebAssembly and hands over to it. Nothing runs but what has the digest that the page names.

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

async function program() {
  const address = new URL("./console_bg.wasm", import.meta.url);
  // The browser knows no digest of such a hint, but one of a request.
  const integrity = document.querySelector('link[rel="preload"][as="fetch"]')?.dataset.integrity ?? "";
  const response = await fetch(address, { integrity }).catch((error) => {
    throw new Error(`${address.pathname}: ${error.message}`);
  });
  if (!response.ok) throw new Error(`${address.pathname}: HTTP ${response.status}`);
  return response;
}

async function start() {
  guard();
  const [{ default: init }, response] = await Promise.all([glue(), program()]);
  await init({ module_or_path: response });
  document.getElementById("boot")?.remove();
}

start().catch((error) => {
  document.getElementById("boot-progress").hidden = true;
  message.setAttribute("role", "alert");
  message.textContent = `The console could not start (${error.message}). Reload the page; if it stays, its files are incomplete or were changed, or the browser does not support WebAssembly.`;
});
