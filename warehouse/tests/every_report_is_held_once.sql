-- Manifests of the ledger that the marts lack, or hold twice. Ledger numbers become visible in rising order, and a
-- build reads above the number where the last one ended; were that ever untrue, reports would be missing here.
with held as (
    select manifest_id from {{ ref('report_summary') }}
    {%- if incremental() %}
    union all
    select manifest_id from {{ published('report_summary') }}
    {%- endif %}
),

counted as (
    select
        (select count(*) from {{ source('ll', 'manifests') }} where id <= {{ var('to_ledger') }}) as in_ledger,
        (select count(*) from held) as in_marts
)

select in_ledger, in_marts from counted where in_ledger <> in_marts
