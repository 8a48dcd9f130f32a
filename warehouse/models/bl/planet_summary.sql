select
    planets.planet,
    {{ outcomes() }},
    {{ health() }},
    avg(f.value_poko)::double precision as avg_value_poko,
    {{ built_at() }} as computed_at
from {{ ref('planets') }} as planets
left join {{ ref('flights') }} as f on f.planet = planets.planet and f.finished_at is not null
where planets.band <> 'home'
group by planets.planet
