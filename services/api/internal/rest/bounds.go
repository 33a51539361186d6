package rest

// Bounds say how much of a kind may be under way at one replica at a time; 0: no bound. A caller may use as many replicas as there are.
type Bounds struct {
	WhatIfs int `env:"API_WHAT_IFS" envDefault:"8"` // and other questions about lines, of one user
	Streams int `env:"API_STREAMS" envDefault:"20"` // of one user
	Waits   int `env:"API_WAITS" envDefault:"2000"` // requests of one user that wait for their outcome
}
