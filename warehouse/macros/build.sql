{#- Every model of a build lies in one schema, whatever its folder; the site publishes from there into bl and sl. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ target.schema }}
{%- endmacro %}

{#- Whether only what changed since the published marts is computed. -#}
{% macro incremental() -%}
    {{ return(var('published') and not var('full')) }}
{%- endmacro %}

{#- The moment that the marts are as of. -#}
{% macro built_at() -%}
    {% if var('built_at') %}'{{ var('built_at') }}'::timestamptz{% else %}now(){% endif %}
{%- endmacro %}

{#- What stands of a model of `bl` since the last build; only to be read when something does. -#}
{% macro published(name) -%}
    bl.{{ adapter.quote(name) }}
{%- endmacro %}

{#- All rows of a model of `bl` as they stand once this build is published: its new rows, and the others as they are. -#}
{% macro current(model, key) -%}
    select * from {{ ref(model) }}
    {%- if incremental() %}
    union all
    select standing.* from {{ published(model) }} as standing
    where not exists (select from {{ ref(model) }} as made where made.{{ key }} = standing.{{ key }})
    {%- endif %}
{%- endmacro %}

{#- Every report, new or published, of the missions in `missions`, a query with the one column mission_id. -#}
{% macro reports_of(missions) -%}
    select * from {{ ref('report_summary') }}
    {%- if incremental() %}
    union all
    select standing.* from {{ published('report_summary') }} as standing
    where standing.mission_id in ({{ missions }})
    {%- endif %}
{%- endmacro %}
