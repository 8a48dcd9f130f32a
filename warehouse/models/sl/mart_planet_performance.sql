select
    periods.period,
    planets.planet,
    planets.band,
    planets.distance_m_km,
    {{ outcomes() }},
    {{ wilson_bounds() }},
    {{ health() }},
    avg(f.value_poko)::double precision as avg_value_poko,
    coalesce(sum(f.value_poko), 0)::bigint as total_value_poko,
    avg(f.mission_duration_hr) as avg_duration_hr,
    {{ built_at() }} as computed_at
from {{ periods() }}
cross join {{ ref('planets') }} as planets
left join {{ ref('flights') }} as f on f.planet = planets.planet and {{ within_period() }}
where planets.band <> 'home'
group by periods.period, planets.planet, planets.band, planets.distance_m_km
