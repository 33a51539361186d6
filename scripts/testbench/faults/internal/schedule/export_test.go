package schedule

// Scenarios are the names of all.
func Scenarios() []string {
	var all []string
	for _, s := range scenarios() {
		all = append(all, s.name)
	}
	return all
}
