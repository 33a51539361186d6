package line

// MissingError means that the static data lacks a figure. What names it.
type MissingError struct{ What string }

// Error implements error.
func (e *MissingError) Error() string { return "no " + e.What }
