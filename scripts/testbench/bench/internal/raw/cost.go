package raw

// Cost is what one trade costs the servers, from the entry of its request to its last delivery.
type Cost struct {
	Published, Delivered, Committed int
}

// PerTrade counts the messages and the commits of a trade on its way through the chain.
func PerTrade() Cost {
	c := Cost{Published: 1, Committed: 1} // the entry's
	for _, s := range services() {
		for _, to := range s.leads {
			if to != none {
				c.Published++
			}
		}
		for _, q := range s.queues {
			c.Delivered += len(q.keys)
			if s.stores {
				c.Committed += len(q.keys)
			}
		}
	}
	return c
}
