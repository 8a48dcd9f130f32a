{#- The registry's columns, in the order of the table; a change of any of them makes the row anew. -#}
{% set registry = ['ship_name', 'captain', 'target', 'report_freq_min', 'status', 'started_at', 'finished_at', 'updated_at', 'expected_ticks'] %}

with registry as (
    select
        mission_id, ship_name::text as ship_name, captain::text as captain, target::text as target,
        report_freq_min, status::text as status, started_at, finished_at, updated_at, final_seq + 1 as expected_ticks
    from {{ source('params', 'missions') }}
),

{% if incremental() -%}
-- With new reports, or new or changed in the registry. Compared by value, since a clock would miss what commits late.
touched as materialized (
    select mission_id from {{ ref('report_summary') }}
    union
    select m.mission_id
    from registry as m
    left join {{ published('mission_summary') }} as standing using (mission_id)
    where standing.mission_id is null
        or (
            {%- for column in registry %}m.{{ column }}{{ ', ' if not loop.last }}{% endfor %}
        ) is distinct from (
            {%- for column in registry %}standing.{{ column }}{{ ', ' if not loop.last }}{% endfor %}
        )
),
{%- else -%}
touched as (select mission_id from registry),
{%- endif %}

reports as (
    {{ reports_of('select mission_id from touched') }}
),

told as (
    select
        mission_id,
        sum(ticks)::bigint as total_ticks,
        sum(health_sum) as health_sum,
        min(min_fuel_prc) as min_fuel_prc,
        max(max_temp_c) as max_temp_c,
        sum(radiation_sum) as radiation_sum,
        sum(cargo_int_sum) as cargo_int_sum,
        sum(good_ticks)::bigint as good_ticks,
        sum(repair_ticks)::bigint as repair_ticks
    from reports
    group by mission_id
)

select
    m.mission_id,
    {%- for column in registry if column != 'expected_ticks' %}
    m.{{ column }},
    {%- endfor %}
    extract(epoch from m.finished_at - m.started_at)::double precision / 3600 as mission_duration_hr,
    coalesce(told.total_ticks, 0) as total_ticks,
    m.expected_ticks,
    {{ at_most('told.health_sum / nullif(told.total_ticks, 0)', 1) }} as avg_health,
    told.min_fuel_prc,
    told.max_temp_c,
    told.radiation_sum / nullif(told.total_ticks, 0) as avg_radiation_usv,
    {{ at_most('told.cargo_int_sum / nullif(told.total_ticks, 0)', 100) }} as avg_cargo_int_prc,
    told.good_ticks::double precision / nullif(told.total_ticks, 0) as uptime_ratio,
    -- A repair takes 5 ticks; one that was cut short counts as well.
    coalesce(ceil(told.repair_ticks / 5.0), 0)::bigint as nb_repairs,
    {{ built_at() }} as computed_at
from registry as m
{% if incremental() %}inner join touched using (mission_id){% endif %}
left join told using (mission_id)
