"""The page /analytics/: the fleet's figures, and planets, captains and ships compared, out of the marts."""
