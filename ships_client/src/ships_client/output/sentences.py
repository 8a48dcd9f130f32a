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


def summary_sentence(summary: Summary) -> str:
    """What the fleet did."""
    totals = summary.totals
    left = f" {summary.unfinished:,} missions are left to resume." if summary.unfinished else ""
    return (
        f"{totals.missions:,} missions flown, {totals.success:,} home, {totals.failure:,} lost; "
        f"{totals.messages:,} messages acknowledged, {summary.refused:,} refused; "
        f"{totals.reports:,} reports with {totals.items:,} items.{left} Seed {summary.seed}."
    )
