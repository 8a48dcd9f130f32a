// A panel under a button of the toolbar: opens, closes by Esc or a click elsewhere, and gives the focus back.

const GAP_PX = 6;
const EDGE_PX = 12;

export class Menu {
  constructor(
    private readonly button: HTMLElement,
    private readonly panel: HTMLElement,
    private readonly opening: () => void = () => undefined,
  ) {
    button.addEventListener("click", () => (this.isOpen ? this.close() : this.open()));
    document.addEventListener("keydown", (event) => this.escape(event), { capture: true });
    document.addEventListener("pointerdown", (event) => {
      const target = event.target as Node;
      if (this.isOpen && !panel.contains(target) && !button.contains(target)) this.close(false);
    });
    addEventListener("resize", () => this.isOpen && this.place());
  }

  get isOpen(): boolean {
    return this.button.getAttribute("aria-expanded") === "true";
  }

  open(): void {
    this.opening();
    this.set(true);
    this.place();
    this.panel.querySelector<HTMLElement>("button, input, select")?.focus();
  }

  close(giveBack = true): void {
    this.set(false);
    if (giveBack) this.button.focus();
  }

  private set(open: boolean): void {
    this.button.setAttribute("aria-expanded", String(open));
    this.panel.classList.toggle("open", open);
  }

  /** Under its button, but within the window; a phone's style sheet puts it at the lower edge instead. */
  private place(): void {
    const box = this.button.getBoundingClientRect();
    const left = Math.max(EDGE_PX, Math.min(box.left, innerWidth - this.panel.offsetWidth - EDGE_PX));
    this.panel.style.setProperty("--menu-x", `${left}px`);
    this.panel.style.setProperty("--menu-y", `${box.bottom + GAP_PX}px`);
  }

  private escape(event: KeyboardEvent): void {
    if (event.key !== "Escape" || !this.isOpen) return;
    event.stopPropagation();
    event.preventDefault();
    this.close();
  }
}
