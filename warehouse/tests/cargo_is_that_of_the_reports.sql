-- Missions of this build whose items or value are not those of their rows in ll.
select c.mission_id, c.nb_items, c.total_value_poko, rows.items, rows.value_poko
from {{ ref('cargo_summary') }} as c
cross join lateral (
    select count(*) as items, sum(value) as value_poko from {{ source('ll', 'mission_reports') }} as r
    where r.mission_id = c.mission_id and r.manifest_id <= {{ var('to_ledger') }}
) as rows
where (c.nb_items, c.total_value_poko) is distinct from (rows.items, rows.value_poko)
