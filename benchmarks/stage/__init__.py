"""What the benchmarks of the whole service stand on: servers in processes of their own, a Slack, a load."""
