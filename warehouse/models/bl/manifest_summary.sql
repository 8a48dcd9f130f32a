with reports as (
    {{ reports_of('select mission_id from ' ~ ref('report_summary')) }}
)

select
    mission_id,
    count(*) as nb_manifests,
    max(upload_time) as last_upload_time,
    (array_agg(status order by upload_time desc, manifest_id desc))[1] as last_status,
    {{ built_at() }} as computed_at
from reports
group by mission_id
