// Keeps the page's address and the view in step: going back undoes a selection, and nothing else.
import { read, write, type Shared } from "./address";

/** Browsers take only so many changes of the address a minute. */
const SOON_MS = 500;

export class AddressBar {
  private timer = 0;

  constructor(
    private readonly view: () => Shared,
    private readonly take: (shared: Shared) => void,
  ) {
    addEventListener("popstate", () => this.restore());
  }

  /** Take the view over that the address tells. */
  restore(): void {
    this.take(read(location.search));
  }

  /** Bring the address up to date soon. */
  remember(): void {
    this.timer ||= window.setTimeout(() => this.rememberNow(), SOON_MS);
  }

  rememberNow(): void {
    clearTimeout(this.timer);
    this.timer = 0;
    const address = write(this.view());
    if (address !== location.search) history.replaceState(null, "", address || location.pathname);
  }

  /** A step that going back undoes. */
  push(): void {
    history.pushState(null, "", write(this.view()) || location.pathname);
  }
}
