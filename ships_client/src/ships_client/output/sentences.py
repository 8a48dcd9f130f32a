"""A fleet's status and summary in sentences."""

from ships_client.client import Status, Summary


def status_sentence(status: Status) -> str:
    """How the fleet does."""
    phases = ", ".join(f"{count:,} {phase}" for phase, count in status.phases.items()) or "none"
    return (
        f"{status.aloft:,} in flight ({phases}); {status.sent:,} sent, {status.acknowledged:,} acknowledged, "
        f"{status.behind:,} ticks behind; {status.home:,} home, {status.lost:,} lost, {status.landing:,} landing; "
        f"{status.reports:,} reports; flight recorder {status.recorder_bytes / 1e6:,.0f} MB."
    )


def _missions(count: int) -> str:
    return f"{count:,} mission{'' if count == 1 else 's'}"


def summary_sentence(summary: Summary) -> str:
    """What the fleet did."""
    totals = summary.totals
    left = ""
    if summary.unfinished:
        left = f" {_missions(summary.unfinished)} {'is' if summary.unfinished == 1 else 'are'} left to resume."
    return (
        f"{_missions(totals.missions)} flown, {totals.success:,} home, {totals.failure:,} lost; "
        f"{totals.messages:,} messages acknowledged, {summary.refused:,} refused; "
        f"{totals.reports:,} reports with {totals.items:,} items.{left} Seed {summary.seed}."
    )
