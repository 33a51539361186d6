package jobs

import (
	"errors"

	"fxcore/lambda/amqp"
)

// Later marks an error of [Part.Do] as temporary, such as static data that is too old. The run stays open. The part's message
// comes back after a delay, and again until the part is done.
func Later(err error) error { return &laterError{amqp.Retry(err)} }

type laterError struct{ error }

func (e *laterError) Unwrap() error { return e.error }

func isLater(err error) bool {
	var later *laterError
	return errors.As(err, &later)
}
