package lease

import "errors"

// The reasons why a lease ends. The context that Gained got has one of them as its cause (context.Cause).
var (
	ErrGiven   = errors.New("lease given")                                   // by Give, Want, a wish for another replica or the end of Run
	ErrLapsed  = errors.New("lease lapsed: no renewal was answered in time") // Postgres was away, or this process was stopped
	ErrRefused = errors.New("lease refused: its row is another's or has expired")
)
