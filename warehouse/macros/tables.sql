{#- How a model becomes a table. A build writes into a schema that was just made, so that nothing is there to be kept
    aside, renamed and dropped, as dbt's own way with tables does; in marts_dev the table of an earlier run goes first.
    What costs a moment a model, and was done by the full build that every new version of this project begins with, is
    not done again while that version stands: comparing contracts with queries, and writing comments.
    The tables are unlogged: they are of this build only, and what is published from them is logged there. -#}
{% materialization table, adapter='postgres' %}
    {%- set made = this.incorporate(type='table') -%}
    {%- set earlier = load_cached_relation(this) -%}
    {%- if earlier is not none -%}{{ adapter.drop_relation(earlier) }}{%- endif -%}

    {%- call statement('main') -%}
        {{ get_create_table_as_sql(False, made, sql) }}
    {%- endcall -%}
    {%- do create_indexes(made) -%}
    {%- if not incremental() -%}{%- do persist_docs(made, model) -%}{%- endif -%}
    {%- do adapter.commit() -%}

    {{ return({'relations': [made]}) }}
{% endmaterialization %}

{% macro postgres__create_table_as(temporary, relation, sql) -%}
    {%- set contract = config.get('contract').enforced and not temporary -%}
    {%- if contract and not incremental() %}{{ get_assert_columns_equivalent(sql) }}{% endif %}
    create {{ 'temporary' if temporary else 'unlogged' }} table {{ relation }}
    {%- if contract %} {{ get_table_columns_and_constraints() }};
    insert into {{ relation }} ({{ adapter.dispatch('get_column_names', 'dbt')() }})
    {{ get_select_subquery(sql) }};
    {%- else %} as {{ sql }};
    {%- endif %}
{%- endmacro %}
