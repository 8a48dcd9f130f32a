with stretches as (
    select
        period, days,
        case when days is null then '-infinity' else {{ built_at() }} - make_interval(days => days) end as since,
        case when days is not null then {{ built_at() }} - make_interval(days => 2 * days) end as since_before
    from {{ periods() }}
),

this as (
    select
        s.period,
        {{ outcomes() }},
        {{ health() }},
        {{ values_brought() }},
        coalesce(sum(f.total_ticks), 0)::bigint as total_ticks,
        coalesce(sum(f.expected_ticks), 0)::bigint as expected_ticks,
        {{ ticks_kept() }} as ticks_kept_pct,
        avg(f.mission_duration_hr) as avg_duration_hr,
        coalesce(sum(f.nb_repairs), 0)::bigint as nb_repairs
    from stretches as s
    left join {{ ref('flights') }} as f on f.finished_at > s.since
    group by s.period
),

before as (
    select
        s.period,
        {{ outcomes() }},
        {{ health() }},
        {{ values_brought() }},
        {{ ticks_kept() }} as ticks_kept_pct
    from stretches as s
    left join {{ ref('flights') }} as f on f.finished_at > s.since_before and f.finished_at <= s.since
    where s.days is not null
    group by s.period
)

select
    this.period,
    this.nb_missions,
    this.nb_success,
    this.nb_failure,
    this.success_rate_pct,
    this.avg_health,
    this.avg_uptime_pct,
    this.total_value_poko,
    this.avg_value_poko,
    this.total_ticks,
    this.expected_ticks,
    this.ticks_kept_pct,
    this.avg_duration_hr,
    this.nb_repairs,
    before.nb_missions as prev_nb_missions,
    before.success_rate_pct as prev_success_rate_pct,
    before.avg_health as prev_avg_health,
    before.avg_uptime_pct as prev_avg_uptime_pct,
    before.total_value_poko as prev_total_value_poko,
    before.ticks_kept_pct as prev_ticks_kept_pct,
    (select count(*) from {{ ref('flights') }} where finished_at is null) as nb_running,
    {{ built_at() }} as computed_at
from this
left join before using (period)
