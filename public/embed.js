/**
 * Shows the V Cloud console in a frame of another site's page. One file, nothing else needed; docs/EMBEDDING.md is the manual.
 *
 *     import { mount } from "https://console.example/embed.js";
 *     const console = mount(document.getElementById("console"), { theme: "dark", onSession: (session) => … });
 *
 * @module
 */

/** The version of the protocol that this file speaks. */
export const VERSION = 1;

const MARK = "vCloudConsole";

/**
 * What signs for the portal's account: `window.vsys` of the extension "V Wallet", or anything with its requests and answers.
 * @typedef {{ request(request: { method: string, params?: Record<string, string> }): Promise<unknown> }} Signer
 */

/**
 * Who is signed in. `by` is what they signed in with, and null where nobody is; `address` is the account's and `service` the
 * access token's.
 * @typedef {{ state: "signed-out" | "locked" | "open", by: "wallet" | "signer" | "token" | null, address: string | null, service: string | null }} Session
 */

/**
 * @typedef {object} Options
 * @property {string} [src] Where the console is; the folder of this file if left out.
 * @property {string} [title] What the frame is called for who cannot see it; "V Cloud console" if left out.
 * @property {"system" | "light" | "dark"} [theme] The looks.
 * @property {string} [locale] The language, such as "en" or "zh-CN".
 * @property {string} [route] The first page, such as "/services/running".
 * @property {string} [token] An access token to sign in with, in Base58.
 * @property {Signer} [signer] What signs, so that no key is in the frame.
 * @property {boolean} [compact] Whether the console leaves its name and menu column to the portal; true if left out.
 * @property {boolean} [autoHeight] Whether the frame gets the height of the page in it; true if left out.
 * @property {() => void} [onReady] The console is there.
 * @property {(route: string) => void} [onRoute] The person went to a page.
 * @property {(session: Session) => void} [onSession] Somebody signed in, locked the console, or signed out.
 * @property {(height: number) => void} [onHeight] The page has another height, in CSS pixels.
 * @property {(refusal: { what: string, why: string }) => void} [onRefused] Something that was handed in was not taken.
 */

/**
 * @typedef {object} Embedded
 * @property {HTMLIFrameElement} frame The frame.
 * @property {(theme: "system" | "light" | "dark") => void} setTheme Changes the looks.
 * @property {(locale: string) => void} setLocale Changes the language.
 * @property {(route: string) => void} go Shows a page.
 * @property {(token: string) => void} signIn Hands in an access token; it counts where nobody is signed in.
 * @property {(signer: Signer | null) => void} setSigner Offers to sign, or no longer.
 * @property {() => void} signOut Ends the session, or locks the console where its wallet is kept.
 * @property {() => void} unmount Takes the frame away.
 */

/**
 * Shows the console in an element.
 * @param {Element} element What the frame is put into.
 * @param {Options} [options]
 * @returns {Embedded}
 */
export function mount(element, options = {}) {
  const address = new URL(options.src ?? new URL(".", import.meta.url));
  if (options.compact !== false) address.searchParams.set("embed", "1");
  const frame = document.createElement("iframe");
  let signer = options.signer ?? null;

  /** @param {string} type @param {Record<string, unknown>} [fields] */
  const say = (type, fields = {}) => {
    // To the console's origin and to nobody else, wherever the frame may have gone.
    frame.contentWindow?.postMessage({ [MARK]: VERSION, type, ...fields }, address.origin);
  };

  const welcome = () => {
    const { theme, locale, route, token } = options;
    const given = Object.entries({ theme, locale, route, token }).filter(([, value]) => value !== undefined);
    say("welcome", { ...Object.fromEntries(given), signer: signer !== null });
  };

  /** @param {{ id: number, request: any }} asked */
  const sign = async ({ id, request }) => {
    try {
      if (!signer) throw new Error("account is locked");
      say("answer", { id, result: await signer.request(request) });
    } catch (error) {
      say("answer", { id, error: String(error?.message ?? error) });
    }
  };

  /** @param {MessageEvent} event */
  const hear = (event) => {
    const said = event.data;
    if (event.source !== frame.contentWindow || event.origin !== address.origin || said?.[MARK] !== VERSION) return;
    switch (said.type) {
      case "hello":
        return welcome();
      case "ready":
        return options.onReady?.();
      case "route":
        return options.onRoute?.(said.route);
      case "session":
        return options.onSession?.({ state: said.state, by: said.by, address: said.address, service: said.service });
      case "height":
        if (options.autoHeight !== false) frame.height = String(said.height);
        return options.onHeight?.(said.height);
      case "refused":
        return options.onRefused?.({ what: said.what, why: said.why });
      case "ask":
        return void sign(said);
    }
  };

  window.addEventListener("message", hear);
  frame.title = options.title ?? "V Cloud console";
  frame.width = "100%";
  frame.height = "640";
  frame.setAttribute("frameborder", "0");
  frame.allow = "clipboard-write";
  frame.src = address.href;
  element.append(frame);

  return {
    frame,
    setTheme: (theme) => say("theme", { theme }),
    setLocale: (locale) => say("locale", { locale }),
    go: (route) => say("route", { route }),
    signIn: (token) => say("token", { token }),
    setSigner: (offered) => {
      signer = offered;
      say("signer", { offered: signer !== null });
    },
    signOut: () => say("sign-out"),
    unmount: () => {
      window.removeEventListener("message", hear);
      frame.remove();
    },
  };
}
