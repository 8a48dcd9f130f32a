// What this browser keeps of the radar. One that keeps nothing has it for this visit only.

export interface Store {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

export function kept(store: Store, key: string): string | null {
  try {
    return store.getItem(key);
  } catch {
    return null;
  }
}

export function keep(store: Store, key: string, value: string): void {
  try {
    store.setItem(key, value);
  } catch {
    // For this visit only.
  }
}

/** The browser's own store; asking for it may already be refused. */
export function browserStore(): Store {
  try {
    return localStorage;
  } catch {
    return { getItem: () => null, setItem: () => undefined };
  }
}
