{{ config(indexes=[{'columns': ['manifest_id'], 'unique': true}, {'columns': ['mission_id']}]) }}

{% set measures %}
        count(*) as ticks,
        sum(s.normalized_health_total) as health_sum,
        min(s.fuel_prc) as min_fuel_prc,
        max(s.temperature_c) as max_temp_c,
        sum(s.radiation_usv) as radiation_sum,
        sum(s.cargo_integrity_prc) as cargo_int_sum,
        count(*) filter (where s.ship_condition = 'GOOD') as good_ticks,
        count(*) filter (where s.status = 'REPAIR') as repair_ticks
{% endset %}
{% set states = ['ticks', 'health_sum', 'min_fuel_prc', 'max_temp_c', 'radiation_sum', 'cargo_int_sum', 'good_ticks', 'repair_ticks'] %}
{% set counts = ['ticks', 'good_ticks', 'repair_ticks'] %}
{% set keeping = var('full') and var('published') %}

with reports as (
    select id, mission_id, upload_time, status, ship_state_file, rows_ship_state, first_tick_at, last_tick_at
    from {{ source('ll', 'manifests') }}
    where id <= {{ var('to_ledger') }}{% if incremental() %} and id > {{ var('from_ledger') }}{% endif %}
),

-- A full build reads every month once, in order. Else each new report's rows are found by the table's own key.
states as (
    {%- if incremental() %}
    select r.ship_state_file as source_file, s.*
    from reports as r
    cross join lateral (
        select {{ measures }}
        from {{ source('ll', 'ship_state') }} as s
        where s.mission_id = r.mission_id
            and s.timestamp >= coalesce(r.first_tick_at, '-infinity')
            and s.timestamp <= coalesce(r.last_tick_at, 'infinity')
            and s.source_file = r.ship_state_file
    ) as s
    where r.rows_ship_state > 0
    {%- else %}
    select s.source_file, {{ measures }}
    from {{ source('ll', 'ship_state') }} as s
    group by s.source_file
    {%- endif %}
),

items as (
    select
        manifest_id, count(*) as items, sum(value)::bigint as value_poko, max(value) as max_item_value,
        jsonb_agg(distinct item) as item_names
    from {{ source('ll', 'mission_reports') }}
    where manifest_id <= {{ var('to_ledger') }}{% if incremental() %} and manifest_id > {{ var('from_ledger') }}{% endif %}
    group by manifest_id
),

treasures as (
    select manifest_id, sum(value)::bigint as value_poko
    from {{ source('ll', 'treasure_reports') }}
    where manifest_id <= {{ var('to_ledger') }}{% if incremental() %} and manifest_id > {{ var('from_ledger') }}{% endif %}
    group by manifest_id
)

select
    r.id as manifest_id,
    r.mission_id,
    r.upload_time,
    r.status,
    {%- for column in states %}
    {%- set found = 'coalesce(s.' ~ column ~ ', 0)' if column in counts else 's.' ~ column %}
    {% if keeping -%}
    case when kept.manifest_id is not null then kept.{{ column }} else {{ found }} end as {{ column }},
    {%- else -%}
    {{ found }} as {{ column }},
    {%- endif %}
    {%- endfor %}
    coalesce(i.items, 0) as items,
    coalesce(i.value_poko, 0) as value_poko,
    coalesce(t.value_poko, 0) as treasure_value_poko,
    i.max_item_value,
    coalesce(i.item_names, '[]') as item_names
from reports as r
left join states as s on s.source_file = r.ship_state_file
left join items as i on i.manifest_id = r.id
left join treasures as t on t.manifest_id = r.id
{%- if keeping %}
-- Months that retention has dropped stay in the marts: no rows are left to count them again.
left join {{ published('report_summary') }} as kept
    on kept.manifest_id = r.id and kept.mission_id = r.mission_id and kept.upload_time = r.upload_time
    and coalesce(s.ticks, 0) < r.rows_ship_state and kept.ticks > coalesce(s.ticks, 0)
{%- endif %}
