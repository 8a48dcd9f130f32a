// Queries to begin with; each is offered where its tables are.

export interface Example {
  readonly title: string;
  readonly needs: readonly string[];
  readonly sql: string;
}

export const EXAMPLES: readonly Example[] = [
  {
    title: "Heat by distance",
    needs: ["telemetry.raw"],
    sql: `-- Where do ships run hot? Motor temperature by distance, last six hours
SELECT
  floor(distance_from_hocotate_km / 1e8) * 100    AS distance_m_km,
  round(avg(motor_temp_c), 1)                     AS motor_avg_c,
  round(quantile_cont(motor_temp_c, 0.95), 1)     AS motor_p95_c,
  count(*)                                        AS messages,
  count(DISTINCT ship_id)                         AS ships
FROM telemetry.raw
WHERE event_time >= now() - INTERVAL 6 HOURS
GROUP BY 1
ORDER BY 1;`,
  },
  {
    title: "Messages a minute",
    needs: ["telemetry.raw"],
    sql: `-- How much came in, minute by minute, in the last hour?
SELECT
  time_bucket(INTERVAL 1 MINUTE, event_time)      AS minute,
  count(*)                                        AS messages
FROM telemetry.raw
WHERE event_time >= now() - INTERVAL 1 HOUR
GROUP BY 1
ORDER BY 1;`,
  },
  {
    title: "Gaps in seq by mission",
    needs: ["telemetry.raw"],
    sql: `-- Which missions lack messages? A mission's seq runs 0, 1, 2 and so on
SELECT
  mission_id,
  any_value(ship_id)                              AS ship_id,
  max(seq) + 1 - count(DISTINCT seq)              AS missing,
  count(seq) - count(DISTINCT seq)                AS sent_again,
  max(seq)                                        AS last_seq
FROM telemetry.raw
WHERE event_time >= now() - INTERVAL 1 DAY
GROUP BY mission_id
ORDER BY missing DESC, mission_id
LIMIT 100;`,
  },
  {
    title: "Time in repair by ship",
    needs: ["telemetry.raw"],
    sql: `-- Who stands still most? Share of messages in repair, last day
SELECT
  ship_id,
  round(100.0 * avg((status = 'REPAIR')::INT), 2) AS repair_pct,
  count(*)                                        AS messages
FROM telemetry.raw
WHERE event_time >= now() - INTERVAL 1 DAY
GROUP BY ship_id
ORDER BY repair_pct DESC, ship_id
LIMIT 40;`,
  },
  {
    title: "Dead letters by reason",
    needs: ["telemetry.dead_letters"],
    sql: `-- What was refused in the last day, and why?
SELECT
  reason,
  field,
  count(*)                                        AS messages,
  max(kafka_time)                                 AS newest
FROM telemetry.dead_letters
WHERE kafka_time >= now() - INTERVAL 1 DAY
GROUP BY ALL
ORDER BY messages DESC;`,
  },
];
