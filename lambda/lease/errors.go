package lease

import "errors"

// Why a lease is over: the cause (context.Cause) of the context that Gained got.
var (
	ErrGiven   = errors.New("lease given")                                   // by Give, Want, a wish for another replica or the end of Run
	ErrLapsed  = errors.New("lease lapsed: no renewal was answered in time") // Postgres was away, or this process was stopped
	ErrRefused = errors.New("lease refused: its row is another's or has expired")
)
