// A part of a page that is kept current: it is fetched anew every 15 s while somebody looks.
// Without this script the page shows what it was loaded with.
import { need, say } from "./dom";

const EVERY_MS = 15_000;
const PATIENCE_MS = 10_000;

async function keep(part: HTMLElement): Promise<void> {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    if (document.hidden) await new Promise((resolve) => document.addEventListener("visibilitychange", resolve, { once: true }));
    await renew(part);
  }
}

async function renew(part: HTMLElement): Promise<void> {
  try {
    const answer = await fetch(part.dataset["live"] ?? "", { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (answer.redirected) return location.reload();
    if (!answer.ok) throw new Error(`It answered ${answer.status}.`);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const said = verdict(part);
    put(part, [...fresh.body.childNodes]);
    part.classList.remove("stale");
    if (verdict(part) !== said) say(need("#voice"), verdict(part));
  } catch {
    part.classList.add("stale");
    say(need("#voice"), "This page can't be brought up to date now; it is tried again every 15 s.");
  }
}

/** New content; focus, scrolling and what was opened stay. */
function put(part: HTMLElement, nodes: readonly Node[]): void {
  const frames = [...part.querySelectorAll<HTMLElement>(".scroll")];
  const focused = frames.findIndex((frame) => frame === document.activeElement);
  const places = frames.map((frame) => [frame.scrollLeft, frame.scrollTop] as const);
  const open = [...part.querySelectorAll("details")].map((one) => one.open);
  part.replaceChildren(...nodes);
  part.querySelectorAll("details").forEach((one, index) => (one.open = open[index] ?? false));
  part.querySelectorAll<HTMLElement>(".scroll").forEach((frame, index) => {
    [frame.scrollLeft, frame.scrollTop] = places[index] ?? [0, 0];
    if (index === focused) frame.focus({ preventScroll: true });
  });
}

function verdict(part: HTMLElement): string {
  return part.querySelector<HTMLElement>("[data-verdict]")?.dataset["verdict"] ?? "";
}

for (const part of document.querySelectorAll<HTMLElement>("[data-live]")) void keep(part);
