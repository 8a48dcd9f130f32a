"""Names of all metrics that the site's processes serve, each defined once."""

from prometheus_client import Counter, Gauge, Histogram

MISSIONS_REGISTERED = Counter("missions_registered_total", "Missions registered by this process.")
MISSIONS_COMPLETED = Counter("missions_completed_total", "Missions ended by this process.", ["status"])

REQUESTS_LIMITED = Counter("requests_limited_total", "API requests that came too often, by kind of asker.", ["kind"])
REQUESTS_REFUSED = Counter("requests_refused_total", "Requests that found no place in time, or too many before them.")
SIGN_INS_LIMITED = Counter("sign_ins_limited_total", "Sign-ins that were not tried after too many wrong passwords.")

RADAR_LOOP = Gauge("radar_loop_timestamp_seconds", "Unix time at which radar's loop last turned.")
RADAR_MESSAGES = Counter("radar_messages_total", "Telemetry messages that the radar read.")
RADAR_INVALID = Counter("radar_invalid_total", "Telemetry messages that the radar refused.", ["reason"])
RADAR_FRAMES = Counter("radar_frames_total", "Delta frames that the radar sent.")
RADAR_FRAME_SECONDS = Histogram("radar_frame_seconds", "Time to build and send one frame, in s.")
RADAR_SHIPS = Gauge("radar_ships", "Ships that the radar knows, by their link.", ["link"])

TRACKER_LOOP = Gauge("tracker_loop_timestamp_seconds", "Unix time at which the tracker's loop last turned.")
TRACKER_MESSAGES = Counter("tracker_messages_total", "Telemetry messages that the tracker read.")
TRACKER_INVALID = Counter("tracker_invalid_total", "Messages sent to the dead letters.", ["reason"])
TRACKER_BATCH_SECONDS = Histogram("tracker_batch_seconds", "Time to work off one batch, in s.")

LAKE_QUERIES = Counter("lake_queries_total", "Queries of the lake over HTTP, by outcome.", ["outcome"])
LAKE_QUERY_SECONDS = Histogram("lake_query_seconds", "Time that an answered query of the lake took, in s.")

WORKER_TASKS = Counter("worker_tasks_total", "Tasks that the worker ran, and how they ended.", ["task", "outcome"])
WORKER_TASK_SECONDS = Histogram(
    "worker_task_seconds",
    "Time that a task took, in s.",
    ["task"],
    buckets=(0.01, 0.1, 0.5, 1, 5, 15, 60, 300, 1800),
)
