package daily

import (
	"slices"
	"strings"
)

// Span returns the lowest and the highest of ids, which are UUIDs, for "where id = any ($1) and id between $2 and $3". Of
// none it returns the lowest UUID twice.
func Span(ids []string) (lowest, highest string) {
	if len(ids) == 0 {
		const zero = "00000000-0000-0000-0000-000000000000"
		return zero, zero
	}
	byValue := func(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) }
	return slices.MinFunc(ids, byValue), slices.MaxFunc(ids, byValue)
}
