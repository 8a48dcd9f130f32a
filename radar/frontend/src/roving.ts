// One stop for Tab in a long list of buttons; arrows move within it.

export function rove(list: HTMLElement, selector: string): void {
  list.addEventListener("keydown", (event) => {
    const stops = [...list.querySelectorAll<HTMLElement>(selector)];
    const here = stops.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: stops.length - 1 }[event.key];
    const next = here < 0 || to === undefined ? undefined : stops[to];
    if (!next) return;
    event.preventDefault();
    settle(list, selector, next);
    next.focus();
  });
}

/** Lets Tab enter the list at one of its buttons, or at the first. */
export function settle(list: HTMLElement, selector: string, at: HTMLElement | null): void {
  const stops = [...list.querySelectorAll<HTMLElement>(selector)];
  for (const stop of stops) stop.tabIndex = stop === (at ?? stops[0]) ? 0 : -1;
}
