// Full screen: the whole radar page, or the map alone.

import { MAP } from "./texts";

/** Switches full screen of an element on, or whatever is full off. Says why when the browser refuses. */
export async function toggleFullscreen(element: Element, refused: (why: string) => void): Promise<void> {
  try {
    if (document.fullscreenElement) await document.exitFullscreen();
    else await element.requestFullscreen();
  } catch {
    refused(MAP.refused);
  }
}

/** Keeps a button's state true, however full screen was left. */
export function showFullscreen(button: HTMLElement): void {
  document.addEventListener("fullscreenchange", () => button.setAttribute("aria-pressed", String(document.fullscreenElement !== null)));
}
