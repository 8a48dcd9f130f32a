select
    periods.period,
    captains.captain,
    {{ outcomes() }},
    {{ wilson_bounds() }},
    {{ health() }},
    {{ values_brought() }},
    mode() within group (order by f.ship_name) as favourite_ship,
    {{ built_at() }} as computed_at
from {{ periods() }}
cross join (select distinct captain from {{ ref('flights') }}) as captains
left join {{ ref('flights') }} as f on f.captain = captains.captain and {{ within_period() }}
group by periods.period, captains.captain
