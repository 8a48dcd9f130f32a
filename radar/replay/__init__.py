"""The fleet as it was: windows of the lake's record, in the form in which the radar tells the present."""
