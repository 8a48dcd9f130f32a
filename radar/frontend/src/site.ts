// What every page has: the clock and the theme switch.
import { clock } from "./format";

function isDark(): boolean {
  const chosen = document.documentElement.dataset["theme"];
  return chosen ? chosen === "dark" : !matchMedia("(prefers-color-scheme: light)").matches;
}

function switchTheme(button: HTMLElement): void {
  const next = isDark() ? "light" : "dark";
  document.documentElement.dataset["theme"] = next;
  try {
    localStorage.setItem("theme", next);
  } catch {
    // Kept for this page only.
  }
  name(button);
  dispatchEvent(new Event("themechange"));
}

function name(button: HTMLElement): void {
  button.setAttribute("aria-label", `Switch to ${isDark() ? "light" : "dark"} theme`);
}

const time = document.querySelector<HTMLElement>("[data-clock] .clock-time");
if (time) {
  const tick = (): void => {
    time.textContent = clock(Date.now());
    setTimeout(tick, 1000 - (Date.now() % 1000));
  };
  tick();
}
for (const button of document.querySelectorAll<HTMLElement>("[data-theme-switch]")) {
  name(button);
  button.addEventListener("click", () => switchTheme(button));
}
