package steps

// Share is share, for tests.
func Share(replicas []string, name string, active int) []int { return share(replicas, name, active) }
