// The planets, asked for until the server has told them.
import { fetchPlanets, type Planet } from "./world";

const AGAIN_MS = 3_000;

export function loadPlanets(into: Map<string, Planet>, loaded: () => void): void {
  fetchPlanets().then(
    (planets) => {
      for (const planet of planets) into.set(planet.name, planet);
      loaded();
    },
    () => setTimeout(() => loadPlanets(into, loaded), AGAIN_MS),
  );
}
