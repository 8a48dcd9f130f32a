with missions as (
    {{ current('mission_summary', 'mission_id') }}
),

cargo as (
    {{ current('cargo_summary', 'mission_id') }}
)

select
    missions.mission_id,
    missions.ship_name,
    missions.captain,
    missions.target as planet,
    missions.finished_at,
    case when missions.finished_at is not null then missions.status = 'SUCCESS' end as success,
    missions.mission_duration_hr,
    missions.avg_health,
    100 * missions.uptime_ratio as uptime_pct,
    coalesce(cargo.total_value_poko, 0) as value_poko,
    missions.total_ticks,
    missions.expected_ticks,
    missions.nb_repairs
from missions
left join cargo using (mission_id)
