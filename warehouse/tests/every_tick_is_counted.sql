-- Reports of this build of which other ticks were counted than their manifest names; months that retention has dropped
-- can't be counted again.
select m.id, m.rows_ship_state, r.ticks
from {{ ref('report_summary') }} as r
inner join {{ source('ll', 'manifests') }} as m on m.id = r.manifest_id
where m.rows_ship_state <> r.ticks and (m.first_tick_at is null or m.first_tick_at >= '{{ var("oldest_tick") }}')
