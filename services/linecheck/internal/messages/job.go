package messages

import "time"

// Job is the data of job.due.
type Job struct {
	Job  string    `json:"job"`  // name of the job; a reader ignores names that it does not know
	Due  time.Time `json:"due"`  // a whole second
	Part int       `json:"part"` // number of this message, from 0; a large job takes several, and each one causes the next

	// Thorough asks for all open reservations, not only for those that have lapsed just now. It is so on the full minute, and
	// when seconds may have been left out: after a start, and after a jump of the clock.
	Thorough bool `json:"thorough,omitempty"`
}

// ExpireReservations is the name of the job that expires reservations.
const ExpireReservations = "expire reservations"

// Compared is the data of lines.compared.
type Compared struct {
	Day         string    `json:"day"` // the one that has ended before the run was due, in Frankfurt: YYYY-MM-DD
	MadeAt      time.Time `json:"made_at"`
	Differences int       `json:"differences"`
	Named       []string  `json:"named"` // the first ones, for a person
}
