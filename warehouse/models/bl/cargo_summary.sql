with reports as (
    {{ reports_of('select mission_id from ' ~ ref('report_summary')) }}
),

names as (
    select mission_id, count(distinct name) as nb_unique_items
    from reports cross join jsonb_array_elements_text(item_names) as name
    group by mission_id
)

select
    reports.mission_id,
    sum(reports.items)::bigint as nb_items,
    names.nb_unique_items,
    sum(reports.value_poko)::bigint as total_value_poko,
    sum(reports.value_poko)::double precision / sum(reports.items)::double precision as avg_value,
    max(reports.max_item_value) as max_item_value,
    sum(reports.treasure_value_poko)::bigint as treasure_value_poko,
    {{ built_at() }} as computed_at
from reports
inner join names using (mission_id)
group by reports.mission_id, names.nb_unique_items
