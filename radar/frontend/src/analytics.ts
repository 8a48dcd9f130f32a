// The page of the marts: sorting, band and period are drawn in place, with focus and scrolling kept, and said.
// Without this script their links load the page.
import { need, say } from "./dom";

const PATIENCE_MS = 10_000;
const main = need<HTMLElement>("#main");

function follow(event: MouseEvent): void {
  const link = (event.target as Element).closest<HTMLAnchorElement>("a[data-swap]");
  if (!link || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  void show(link);
}

async function show(link: HTMLAnchorElement): Promise<void> {
  const name = link.dataset["swap"] ?? "";
  const place = swaps(name).indexOf(link);
  main.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(link.href, { signal: AbortSignal.timeout(PATIENCE_MS) });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("#main");
    if (!answer.ok || answer.redirected || !fresh) throw new Error(`No page in the answer ${answer.status}.`);
    const voice = need("#voice");
    main.replaceChildren(...[...fresh.children].filter((part) => part.id !== "voice"), voice);
    main.removeAttribute("aria-busy");
    (swaps(name)[place] ?? main.querySelector<HTMLElement>(`#${name} .scroll`))?.focus({ preventScroll: true });
    history.pushState(null, "", link.href.replace(/#.*/, ""));
    say(voice, `${main.querySelector(`#${name} caption`)?.textContent ?? link.textContent ?? ""}.`);
  } catch {
    location.assign(link.href);
  }
}

/** The links of one panel that are drawn in place, in their order. */
function swaps(name: string): HTMLAnchorElement[] {
  return [...main.querySelectorAll<HTMLAnchorElement>("a[data-swap]")].filter((one) => one.dataset["swap"] === name);
}

main.addEventListener("click", follow);
addEventListener("popstate", () => location.reload());
