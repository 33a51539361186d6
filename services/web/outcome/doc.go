// Package outcome tells callers who wait when the outcome of their request is known.
package outcome
