// The console's address is the page's own `?console=` here; a real portal has it written down.
const address = new URL(location.href).searchParams.get("console") ?? "http://localhost:8080/";
const { mount } = await import(new URL("embed.js", address).href);

const said = document.getElementById("said");
const log = (name, value) => {
  const line = document.createElement("li");
  line.textContent = `${name} ${JSON.stringify(value)}`;
  said.append(line);
};

const embedded = mount(document.getElementById("console"), {
  src: address,
  theme: "light",
  locale: "en",
  // The extension "V Wallet" is in the portal's page and not in frames: the portal passes on what it is asked.
  signer: window.vsys,
  onReady: () => log("ready"),
  onRoute: (route) => log("route", route),
  onSession: (session) => log("session", session),
  onHeight: (height) => log("height", height),
  onRefused: (refusal) => log("refused", refusal),
});

for (const button of document.querySelectorAll("[data-route]")) {
  button.addEventListener("click", () => embedded.go(button.dataset.route));
}
document.getElementById("theme").addEventListener("change", (event) => embedded.setTheme(event.target.value));
document.getElementById("locale").addEventListener("change", (event) => embedded.setLocale(event.target.value));
document.getElementById("sign-out").addEventListener("click", () => embedded.signOut());
document.getElementById("token-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const field = document.getElementById("token");
  embedded.signIn(field.value);
  field.value = "";
});
