// What the page says beside its numbers, in one place.
import type { KindSort } from "./eventfilter";
import type { Feed } from "./honesty";
import type { Column, Group } from "./order";
import type { Phase } from "./protocol";
import type { Condition, Seen } from "./records";

export const PHASE_WORDS: Record<Phase, string> = { OUTBOUND: "Outbound", ON_PLANET: "On planet", RETURNING: "Returning", HOME: "Home", LOST: "Lost" };
export const CONDITION_WORDS: Record<Condition, string> = { GOOD: "Good", MID: "Mid", BAD: "Bad", CRITICAL: "Critical", REPAIRING: "Repairing", UNOPERATIONAL: "Unoperational" };

export const FILTERS = {
  all: "All",
  find: "Find ship, captain or planet",
  favourites: "Favourites",
  phase: "Phase",
  cond: "Condition",
  planet: "Planet",
  fuel: "Fuel, %",
  health: "Health, 0 to 1",
  from: "from",
  to: "to",
  out: "out",
  back: "back",
  clear: "Clear all filters",
  count: (filters: number) => `${filters} chosen`,
  fuelRange: (low: string, high: string) => `Fuel ${low} to ${high} %`,
  healthRange: (low: string, high: string) => `Health ${low} to ${high}`,
  remove: (filter: string) => `Remove filter ${filter}`,
} as const;

export const FEED = {
  words: { live: "Live", late: "Late", disconnected: "Disconnected" } satisfies Record<Feed, string>,
  current: (live: string, active: string) => `${live} of ${active} active ships current`,
  sentence: (feed: Feed, trouble: string) => `Feed: ${FEED.words[feed]}. ${trouble}`,
  noMessage: "no message yet",
  newest: (age: string) => `newest message ${age} ago`,
  since: (at: string) => `since ${at} UTC`,
  trying: "Trying now.",
  nextTry: (seconds: number) => `Next try in ${seconds} s.`,
  remedy: "Ships are shown where they were last seen.",
} as const;

/** The one fact that stands by a ship on the map. */
export const SIGHT = {
  repair: (ticks: number) => `repair ${ticks} of 5`,
  failed: (age: string) => `lost ${age} ago`,
  seen: (age: string) => `last seen ${age}`,
  home: "home",
  health: (health: string, arrives: string | null) => `health ${health}${arrives === null ? "" : `, arrives in ${arrives}`}`,
} as const;

export const TABLE = {
  groups: { attention: "Needs attention", course: "On course", home: "Home" } satisfies Record<Group, string>,
  columns: { state: "state", ship: "ship", target: "target", health: "health", eta: "time of arrival", seen: "last seen" } satisfies Record<Column, string>,
  landed: "landed",
  route: (landed: boolean, back: boolean, part: number) => (landed ? "on the planet" : `${back ? "returning" : "outbound"} ${part} %`),
  favourite: "Favourite",
  favouriteOf: (ship: string) => `Favourite ${ship}`,
  waiting: (rows: string) => `${rows} new`,
  sorted: (column: string, down: boolean) => `Sorted by ${column}, ${down ? "descending" : "ascending"}.`,
  some: (shown: string, all: string) => `${shown} of ${all} ships`,
  whole: (all: string, one: boolean, byState: boolean) => `${all} ${one ? "ship" : "ships"}${byState ? ", needs attention first" : ""}`,
  notRecorded: "No ship is known at this moment of the record.",
  nonePasses: "No ship passes the filters. Esc clears them.",
  notConnected: "No connection to headquarters yet.",
  noShip: "No ship is in flight. `make run` flies a demo fleet; `hocotate-ship --help` says how to fly one.",
} as const;

const PARTS: Record<NonNullable<Seen["fault"]>, string> = { motor_temp_c: "motor", engine_pressure_kpa: "engine", power_core_temp_c: "power core", navigation_signal_db: "navigation" };

export const PANEL = {
  parts: PARTS,
  terms: { captain: "Captain", state: "State", phase: "Phase", arrives: "Arrives", fuel: "Fuel ahead", seen: "Last seen" },
  readings: { fuel: "Fuel", motor: "Motor", engine: "Engine", core: "Power core", signal: "Signal", dist: "Distance", total: "Health", speed: "Speed" },
  health: "Health",
  homePlanet: "Hocotate",
  minutes: "3 min",
  span: (low: string, high: string) => `${low} to ${high}`,
  way: (part: number, target: string | null) => `${part} % of the way ${target === null ? "home" : `to ${target}`}`,
  repair: (part: string, ticks: number) => `Repair ${ticks} of 5 ticks${part && `, ${part}`}`,
  failed: (part: string) => `Lost, mission failed${part && `, ${part}`}`,
  outbound: (target: string, part: number) => `Outbound to ${target}, ${part} %`,
  returning: (target: string, part: number) => `Returning from ${target}, ${part} %`,
  landed: (target: string) => `On planet ${target}`,
  arrives: (span: string, at: string) => `in ${span}, ${at} UTC`,
  unknown: "unknown",
  fuelAhead: (fuel: string, home: boolean) => `${fuel} %, ${home ? "reaches home" : "short of home"}`,
  ago: (age: string) => `${age} ago`,
  seq: (seq: string) => `, seq ${seq}`,
  follow: "Follow",
  following: "Following",
  mission: "Mission",
  history: "History",
  reports: "Reports",
  gone: "This ship is not on the radar. It may have come home, or not have left yet.",
} as const;

export const FLEET = {
  title: "Fleet",
  choose: "Choose a ship on the map or in the table.",
  titles: { current: "Current", outbound: "Outbound", returning: "Returning", health: "Health", messages: "Messages", hidden: "Not shown" },
  current: (live: string, active: string) => `${live} of ${active}`,
  currentNote: "active ships seen within 5 s",
  outboundNote: "on the way to their targets",
  returningNote: (landed: string) => `${landed} on planets`,
  healthNote: "mean of active ships",
  messagesNote: (old: string) => `since the radar started; ${old} came out of order`,
  hiddenNote: (invalid: string, unknown: string, merged: string) => `${invalid} invalid, ${unknown} of unknown missions; ${merged} updates merged`,
} as const;

export const EVENTS = {
  sorts: { all: "All kinds", malfunctions: "Malfunctions", losses: "Losses", signals: "Lost signals", arrivals: "Arrivals", departures: "Departures" } satisfies Record<KindSort, string>,
  none: "Nothing has happened yet.",
  replay: "Replay from 10 s before",
  nonePasses: "No event passes the filters.",
  sentence: (ship: string | undefined, text: string) => (ship ? `${ship} ${text}` : text),
} as const;

export const MAP = {
  estimated: "No update has come; flown on at its pace, for 5 s at most",
  position: "position estimated",
  estimate: "estimated",
  health: (health: string) => `health ${health}`,
  seen: (age: string) => `seen ${age} ago`,
  pause: "Pause",
  goOn: "Go on",
  paused: (at: string) => `Paused at ${at} UTC`,
  goesOn: "The picture goes on.",
  failed: (ships: string) => `+${ships} failed`,
  refused: "The browser does not allow full screen here.",
} as const;

export const KEYS = {
  singles: "Single keys are on",
  groups: [
    ["Find and move", [["/", "Find"], ["J K", "Next, previous ship"], ["A", "Next that needs attention"], ["Enter", "Open its mission"], ["S", "Star it as a favourite"], ["Esc", "Let go"]]],
    ["Map", [["F", "Follow"], ["Arrows", "Pan"], ["+ −", "Zoom"], ["0", "Fit fleet"], ["H", "Inner band"], ["Z", "Fit selected ship"], ["G", "Go to a place"], ["P", "Plan or tilted view"], ["Space", "Pause, go on"], ["X", "Full screen"], ["Shift X", "Full screen of the map alone"]]],
    ["Table", [["T", "To the table"], ["↑ ↓ J K", "Move"], ["Space", "Select"], ["Home End", "First, last"], ["Enter", "Open its mission"]]],
    ["Replay", [["R", "Replay"], ["L", "Return to live"], ["Space", "Play, pause"], [", .", "Step 1 s back, on"]]],
    ["Help", [["?", "This sheet"]]],
  ] satisfies [string, [string, string][]][],
} as const;
