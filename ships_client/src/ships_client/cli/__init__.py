"""The commands `hocotate-ship` and `hocotate-fleet`; imports nothing, so that `entry` comes before pyarrow."""
