{#- The marts' periods: whole days before the build; null for all time. -#}
{% macro periods() -%}
    (values ('7d', 7), ('30d', 30), ('90d', 90), ('all', null::integer)) as periods (period, days)
{%- endmacro %}

{#- Condition that a flight ended within its period. -#}
{% macro within_period(flight='f', periods='periods') -%}
    {{ flight }}.finished_at is not null
    and ({{ periods }}.days is null or {{ flight }}.finished_at > {{ built_at() }} - make_interval(days => {{ periods }}.days))
{%- endmacro %}

{#- Percent of `part` in `whole`; null when the whole is 0. -#}
{% macro percent(part, whole) -%}
    100.0::double precision * ({{ part }}) / nullif({{ whole }}, 0)
{%- endmacro %}

{#- The value, or `bound` where it is above: a mean of many ones may come out a trifle above one. Null stays null, which
    least() would make the bound. -#}
{% macro at_most(value, bound) -%}
    case when {{ value }} > {{ bound }} then {{ bound }} else {{ value }} end
{%- endmacro %}

{#- Bound of the 95 % Wilson score interval of a share, in percent; null of nothing. E. B. Wilson, JASA 22 (1927). -#}
{% macro wilson(successes, trials, sign) -%}
    {%- set p = '(' ~ successes ~ ')::double precision / nullif(' ~ trials ~ ', 0)' -%}
    {%- set n = 'nullif(' ~ trials ~ ', 0)' -%}
    {%- set zz = '3.841458820694124' -%}
    case when {{ trials }} > 0 then greatest(0, least(100, 100 * (
        {{ p }} + {{ zz }} / (2 * {{ n }})
        {{ sign }} sqrt({{ zz }}::double precision * ({{ p }} * (1 - {{ p }}) + {{ zz }} / (4 * {{ n }})) / {{ n }})
    ) / (1 + {{ zz }} / {{ n }}))) end
{%- endmacro %}

{#- Counts and rates that every mart of `flights as f` shares, one a group. -#}
{% macro outcomes() -%}
    count(f.mission_id) as nb_missions,
    count(*) filter (where f.success) as nb_success,
    count(*) filter (where not f.success) as nb_failure,
    {{ percent('count(*) filter (where f.success)', 'count(f.mission_id)') }} as success_rate_pct
{%- endmacro %}

{% macro wilson_bounds() -%}
    {{ wilson('count(*) filter (where f.success)', 'count(f.mission_id)', '-') }} as success_low_pct,
    {{ wilson('count(*) filter (where f.success)', 'count(f.mission_id)', '+') }} as success_high_pct
{%- endmacro %}

{% macro health() -%}
    {{ at_most('avg(f.avg_health)', 1) }} as avg_health,
    {{ at_most('avg(f.uptime_pct)', 100) }} as avg_uptime_pct
{%- endmacro %}

{% macro values_brought() -%}
    coalesce(sum(f.value_poko), 0)::bigint as total_value_poko,
    avg(f.value_poko)::double precision as avg_value_poko
{%- endmacro %}

{% macro ticks_kept() -%}
    {{ percent('sum(f.total_ticks) filter (where f.expected_ticks is not null)', 'sum(f.expected_ticks)') }}
{%- endmacro %}
