package message

import (
	"encoding/binary"
	"fmt"
	"time"
)

// number is an unsigned number of eight bytes.
func (f *fields) number(name string, v *uint64) {
	f.describe(name, "8", plain("number"))
	raw := f.fixed(name, binary.BigEndian.AppendUint64(nil, *v))
	if f.mode == reading {
		*v = binary.BigEndian.Uint64(raw)
	}
}

// octet is one byte of any value.
func octet[B ~uint8](f *fields, name string, v *B) {
	f.describe(name, "1", plain("byte"))
	raw := f.fixed(name, []byte{byte(*v)})
	if f.mode == reading {
		*v = B(raw[0])
	}
}

// code is one byte with a meaning for each value. 0 means that there is none.
func code[C ~uint8](f *fields, name string, v *C, known words) {
	f.describe(name, "1", known)
	raw := f.fixed(name, []byte{byte(*v)})
	if int(raw[0]) > len(known) {
		f.fail(name, "no such code")
	}
	if f.mode == reading {
		*v = C(raw[0])
	}
}

// oneOf is a code that must not be 0.
func oneOf[C ~uint8](f *fields, name string, v *C, known words) {
	code(f, name, v, known)
	if *v == 0 {
		f.fail(name, ruleNeeded)
	}
}

// The years of valid instants. A value outside was probably not in microseconds.
var (
	earliest = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	latest   = time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)
)

// instant is a time in microseconds since 1970 UTC. 0 means none: the zero time.
func (f *fields) instant(name string, v *time.Time) {
	f.describe(name, "8", plain("instant"))
	var micros int64
	if !v.IsZero() {
		micros = v.UnixMicro()
	}
	raw := f.fixed(name, binary.BigEndian.AppendUint64(nil, uint64(micros)))
	micros = int64(binary.BigEndian.Uint64(raw))
	at := time.UnixMicro(micros).UTC()
	if micros != 0 && (at.Before(earliest) || !at.Before(latest)) {
		f.fail(name, "microseconds since 1970 UTC, from 2000 to 2099")
		return
	}
	if f.mode != reading {
		return
	}
	*v = time.Time{}
	if micros != 0 {
		*v = at
	}
}

// needInstant is an instant that must not be missing.
func (f *fields) needInstant(name string, v *time.Time) {
	f.instant(name, v)
	if v.IsZero() {
		f.fail(name, ruleNeeded)
	}
}

const dateLayout = "2006-01-02"

// date is a day as the number YYYYMMDD in four bytes; 0 means none. In Go it is the text YYYY-MM-DD, or empty.
func (f *fields) date(name string, v *string) {
	f.describe(name, "4", plain("date"))
	var given uint32
	if *v != "" {
		day, err := time.Parse(dateLayout, *v)
		if err != nil {
			f.fail(name, "YYYY-MM-DD")
		}
		given = uint32(day.Year()*10000 + int(day.Month())*100 + day.Day())
	}
	n := binary.BigEndian.Uint32(f.fixed(name, binary.BigEndian.AppendUint32(nil, given)))
	text := fmt.Sprintf("%04d-%02d-%02d", n/10000, n/100%100, n%100)
	if _, err := time.Parse(dateLayout, text); n != 0 && (err != nil || n/10000 < 2000 || n/10000 > 2099) {
		f.fail(name, "a day as YYYYMMDD, from 2000 to 2099")
		return
	}
	if f.mode != reading {
		return
	}
	*v = ""
	if n != 0 {
		*v = text
	}
}
