select
    (f.finished_at at time zone 'UTC')::date as day,
    {{ outcomes() }},
    {{ health() }},
    sum(f.value_poko)::bigint as total_value_poko,
    {{ ticks_kept() }} as ticks_kept_pct,
    {{ built_at() }} as computed_at
from {{ ref('flights') }} as f
where f.finished_at is not null
group by day
order by day desc
limit 400
