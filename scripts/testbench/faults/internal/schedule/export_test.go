package schedule

// Scenarios returns the names of all scenarios.
func Scenarios() []string {
	var all []string
	for _, s := range scenarios() {
		all = append(all, s.name)
	}
	return append(all, eyes, starved)
}
