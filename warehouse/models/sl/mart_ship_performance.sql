select
    periods.period,
    ships.ship_name,
    {{ outcomes() }},
    {{ wilson_bounds() }},
    {{ health() }},
    {{ values_brought() }},
    coalesce(sum(f.nb_repairs), 0)::bigint as nb_repairs,
    avg(f.nb_repairs)::double precision as avg_repairs,
    mode() within group (order by f.planet) as favourite_planet,
    {{ built_at() }} as computed_at
from {{ periods() }}
cross join (select distinct ship_name from {{ ref('flights') }}) as ships
left join {{ ref('flights') }} as f on f.ship_name = ships.ship_name and {{ within_period() }}
group by periods.period, ships.ship_name
