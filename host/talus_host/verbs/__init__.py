"""What the command line's verbs do, one file each. The twin and the dashboards are imported only where a verb starts
them, so that a host without them still collects."""
