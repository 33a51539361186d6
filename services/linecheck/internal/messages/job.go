package messages

import "time"

// Job is the data of job.due.
type Job struct {
	Job  string    `json:"job"`  // which one: a reader takes only those that it knows
	Due  time.Time `json:"due"`  // full second
	Part int       `json:"part"` // of a job that is done in several messages, each of which leads to the next
}

// ExpireReservations is the job that ends reservations whose time is up.
const ExpireReservations = "expire reservations"
