// A panel that another part of the site serves as a piece of HTML. When it fails, the page goes on without it.
import { h } from "../dom";

const EVERY_MS = 10_000;
const PATIENCE_MS = 40_000;

export class Panel {
  private static readonly all = new WeakMap<HTMLElement, Panel>();
  private url: URL;
  private asked = 0;

  constructor(private readonly element: HTMLElement) {
    this.url = new URL(element.dataset["panel"] ?? "", location.href);
    Panel.all.set(element, this);
  }

  static of(element: HTMLElement): Panel | undefined {
    return Panel.all.get(element);
  }

  /** Show it, and again every EVERY_MS while the mission runs and somebody looks. */
  async keep(): Promise<void> {
    await this.show();
    while (this.element.hasAttribute("data-running")) {
      await pause();
      await this.show();
    }
  }

  /** Ask with these values from now on; an empty one is left out. */
  ask(values: Record<string, string>): void {
    for (const [name, value] of Object.entries(values)) {
      if (value) this.url.searchParams.set(name, value);
      else this.url.searchParams.delete(name);
    }
    void this.show();
  }

  /** Fetch and show; on failure the old values stay, greyed, under a sentence. An answer that was overtaken is left. */
  private async show(): Promise<void> {
    const turn = ++this.asked;
    try {
      const answer = await fetch(this.url, { signal: AbortSignal.timeout(PATIENCE_MS) });
      if (!answer.ok) throw new Error(`It answered ${answer.status}.`);
      const parsed = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (turn !== this.asked) return;
      place(parsed.body);
      replace(this.element, [...parsed.body.childNodes]);
      this.element.classList.remove("cpl-stale");
      this.element.querySelector("[data-again]")?.addEventListener("click", () => void this.show());
    } catch (error) {
      if (turn !== this.asked) return;
      this.fail(error instanceof Error && error.name !== "TypeError" ? error.message : "It does not answer.");
    }
    this.element.setAttribute("aria-busy", "false");
  }

  private fail(why: string): void {
    this.element.querySelector(".cpl-wait")?.remove();
    this.element.querySelector("[data-failed]")?.remove();
    const button = h("button", { class: "btn", type: "button" }, "Try again");
    button.addEventListener("click", () => void this.show());
    const said = h("span", {}, h("b", {}, `${this.element.dataset["what"]} can't be shown now.`), ` ${why}`);
    if (this.element.querySelector(".pb, .panel")) this.element.classList.add("cpl-stale");
    const classes = this.element.classList.contains("panel") ? "pb cpl-problem" : "panel pb cpl-problem";
    this.element.append(h("p", { class: classes, role: "alert", "data-failed": true }, said, button));
  }
}

/** Parts of the answer that have a place of their own on the page. */
function place(answer: HTMLElement): void {
  for (const part of answer.querySelectorAll<HTMLElement>("[data-part]")) {
    const place = document.querySelector<HTMLElement>(`[data-place="${part.dataset["part"]}"]`);
    if (!place) continue;
    replace(place, [part]);
  }
}

/** New content, with focus and scrolling where they were. */
function replace(panel: HTMLElement, nodes: Node[]): void {
  const regions = [...panel.querySelectorAll<HTMLElement>(".scroll, .cpl-events")];
  const scrolled = regions.map((region) => [region.scrollLeft, region.scrollTop] as const);
  const links = (): HTMLElement[] => [...panel.querySelectorAll<HTMLElement>("a, button, .scroll")];
  const focused = links().findIndex((one) => one === document.activeElement);
  panel.replaceChildren(...nodes);
  panel.querySelectorAll<HTMLElement>(".scroll, .cpl-events").forEach((region, number) => {
    const [left, top] = scrolled[number] ?? [0, 0];
    region.scrollTo(left, top);
  });
  if (focused >= 0) links()[focused]?.focus({ preventScroll: true });
}

/** Until it is time to ask again, and somebody looks. */
async function pause(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  if (!document.hidden) return;
  await new Promise((resolve) => document.addEventListener("visibilitychange", resolve, { once: true }));
}
