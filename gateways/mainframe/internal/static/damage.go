package static

import (
	"fmt"
	"strings"
)

// namedFaults bounds how many bad rows, and how many records, the text of a damage names.
const namedFaults = 5

// damage is what is wrong with the rows of a set. The zero damage is none.
type damage struct {
	taken int      // rows that came
	bad   int      // rows that were left out
	first []string // what is wrong with the first of them
	ids   []string // of records that were left out with them, in order
}

func (d *damage) note(err error) {
	d.bad++
	if len(d.first) < namedFaults {
		d.first = append(d.first, err.Error())
	}
}

// String names what is left out; it is "" if nothing is.
func (d *damage) String() string {
	if d.bad == 0 {
		return ""
	}
	text := fmt.Sprintf("%d of %d rows are bad and left out: %s", d.bad, d.taken, strings.Join(d.first, "; "))
	if len(d.ids) > 0 {
		text += fmt.Sprintf("; with them records are left out that cannot do without, %d: %s", len(d.ids), strings.Join(d.ids[:min(len(d.ids), namedFaults)], ", "))
	}
	return text
}
