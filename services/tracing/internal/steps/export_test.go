package steps

// Share is share, for tests.
func Share(replicas []string, name string) []int { return share(replicas, name) }
