// Queries of the warehouse to begin with, in PostgreSQL's words; each is offered where its tables are.
import type { Example } from "./examples";

export const WAREHOUSE_EXAMPLES: readonly Example[] = [
  {
    title: "Planets by success",
    needs: ["sl.mart_planet_performance"],
    sql: `-- Which planets do ships come home from?
SELECT planet, band, nb_missions, success_rate_pct, success_low_pct, success_high_pct
FROM sl.mart_planet_performance
WHERE period = '30d'
ORDER BY success_rate_pct DESC NULLS LAST, planet;`,
  },
  {
    title: "Value a day",
    needs: ["sl.mart_fleet_daily"],
    sql: `-- What did the fleet bring home, day by day?
SELECT day, total_value_poko, nb_missions
FROM sl.mart_fleet_daily
ORDER BY day;`,
  },
  {
    title: "Treasures by captain",
    needs: ["bl.mission_summary", "bl.cargo_summary"],
    sql: `-- Who brings treasures home?
SELECT m.captain, count(*) AS missions, sum(c.treasure_value_poko) AS treasure_poko
FROM bl.mission_summary m
JOIN bl.cargo_summary c USING (mission_id)
GROUP BY m.captain
ORDER BY treasure_poko DESC NULLS LAST
LIMIT 40;`,
  },
  {
    title: "Items by worth",
    needs: ["ll.mission_reports"],
    sql: `-- What do ships carry, and what is it worth?
SELECT item, count(*) AS items, sum(value) AS poko
FROM ll.mission_reports
GROUP BY item
ORDER BY poko DESC;`,
  },
  {
    title: "Reports a day",
    needs: ["ll.manifests"],
    sql: `-- How many reports came in, and how many rows?
SELECT mission_date, count(*) AS reports, sum(rows_ship_state) AS ticks, sum(rows_mission) AS items
FROM ll.manifests
GROUP BY mission_date
ORDER BY mission_date DESC
LIMIT 60;`,
  },
];
