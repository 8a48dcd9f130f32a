-- Each ended mission is of one planet, one captain and one ship: by all three the fleet comes to the same.
with fleet as (
    select period, nb_missions, nb_success, total_value_poko from {{ ref('mart_fleet_kpis') }}
),

told as (
    {%- for mart in ['mart_planet_performance', 'mart_captain_performance', 'mart_ship_performance'] %}
    select
        '{{ mart }}' as mart, period, sum(nb_missions) as nb_missions, sum(nb_success) as nb_success,
        sum(total_value_poko) as total_value_poko
    from {{ ref(mart) }}
    group by period
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select told.mart, period, fleet.nb_missions, told.nb_missions as told_missions, told.total_value_poko
from fleet
left join told using (period)
where (fleet.nb_missions, fleet.nb_success, fleet.total_value_poko)
    is distinct from (told.nb_missions, told.nb_success, told.total_value_poko)
