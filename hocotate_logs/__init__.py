"""How every program of headquarters writes its log: one format, one set of ids. Needs neither Django nor an SDK.

The site, Celery and the lake writer use it. Ships stand alone, and keep their own small log.
"""

from hocotate_logs.context import bind, bound, current, unbound
from hocotate_logs.setup import FORMATS, LEVELS, LogSettingInvalid, configuration, from_environment

__all__ = [
    "FORMATS",
    "LEVELS",
    "LogSettingInvalid",
    "bind",
    "bound",
    "configuration",
    "current",
    "from_environment",
    "unbound",
]
