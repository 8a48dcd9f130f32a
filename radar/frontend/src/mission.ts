// A mission's page: fetches the panel of phases and messages, and keeps it current while the mission runs.
import { h } from "./dom";

const EVERY_MS = 10_000;
const PATIENCE_MS = 40_000;

const panel = document.querySelector<HTMLElement>("[data-completeness]");
if (panel) void keep(panel, panel.dataset["completeness"] ?? "");

async function keep(panel: HTMLElement, url: string): Promise<void> {
  const running = panel.hasAttribute("data-running");
  for (;;) {
    await show(panel, url);
    if (!running) return;
    await pause();
  }
}

/** Fetch and show; on failure the old values stay, greyed, under a sentence. */
async function show(panel: HTMLElement, url: string): Promise<void> {
  const again = (): void => {
    void show(panel, url);
  };
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (!answer.ok) throw new Error(`It answered ${answer.status}.`);
    const parsed = new DOMParser().parseFromString(await answer.text(), "text/html");
    replace(panel, [...parsed.body.childNodes]);
    panel.classList.remove("cpl-stale");
    panel.querySelector("[data-again]")?.addEventListener("click", again);
  } catch (error) {
    fail(panel, error instanceof Error && error.name !== "TypeError" ? error.message : "It does not answer.", again);
  }
  panel.setAttribute("aria-busy", "false");
}

/** New content, with focus and scrolling where they were. */
function replace(panel: HTMLElement, nodes: Node[]): void {
  const regions = [...panel.querySelectorAll<HTMLElement>(".scroll")];
  const focused = regions.findIndex((region) => region === document.activeElement);
  const scrolled = regions.map((region) => region.scrollLeft);
  panel.replaceChildren(...nodes);
  panel.querySelectorAll<HTMLElement>(".scroll").forEach((region, place) => {
    region.scrollLeft = scrolled[place] ?? 0;
    if (place === focused) region.focus({ preventScroll: true });
  });
}

function fail(panel: HTMLElement, why: string, again: () => void): void {
  panel.querySelector(".cpl-wait")?.remove();
  panel.querySelector("[data-failed]")?.remove();
  const button = h("button", { class: "btn", type: "button" }, "Try again");
  button.addEventListener("click", again);
  const said = h("span", {}, h("b", {}, "The messages of this mission can't be shown now."), ` ${why}`);
  const body = panel.querySelector(".pb");
  if (body) panel.classList.add("cpl-stale");
  panel.append(h("p", { class: "pb cpl-problem", role: "alert", "data-failed": true }, said, button));
}

/** Until it is time to ask again, and somebody looks. */
async function pause(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  if (!document.hidden) return;
  await new Promise((resolve) => document.addEventListener("visibilitychange", resolve, { once: true }));
}
