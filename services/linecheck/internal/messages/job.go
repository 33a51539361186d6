package messages

import "time"

// Job is the data of job.due.
type Job struct {
	Job  string    `json:"job"`  // name of the job; a reader ignores names that it does not know
	Due  time.Time `json:"due"`  // a whole second
	Part int       `json:"part"` // number of this message, from 0; a large job takes several, and each one causes the next
}

// ExpireReservations is the name of the job that expires reservations.
const ExpireReservations = "expire reservations"
