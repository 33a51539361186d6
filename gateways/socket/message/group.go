package message

import "fmt"

// group is a count in one byte and then that many entries, each with its length before it in two bytes. A newer minor version may
// append fields to an entry; by the length an older reader finds the next entry.
func group[E any](f *fields, name string, entries *[]E, most int, each func(*E)) {
	f.describe(name, "1", upTo(most))
	count := int(f.fixed(name, []byte{byte(min(len(*entries), most+1))})[0])
	if count > most {
		f.fail(name, fmt.Sprintf("at most %d", most))
		return
	}
	switch f.mode {
	case reading:
		*entries = make([]E, count)
	case describing:
		*entries = make([]E, 1)
	case writing:
	}
	for i := range *entries {
		f.entry(fmt.Sprintf("%s[%d]", name, i), func() { each(&(*entries)[i]) })
	}
	if f.mode == reading && count == 0 {
		*entries = nil
	}
}

// upTo describes the form of a count.
type upTo int

func (u upTo) String() string { return fmt.Sprintf("count, up to %d", int(u)) }

// entry visits the fields of one entry, on the entry's own bytes.
func (f *fields) entry(name string, walk func()) {
	f.describe(name, "2", plain("length of the entry"))
	around, outside := f.within, f.buf
	inner := f.entryBytes(name)
	rest := f.buf
	f.within, f.buf = around+name+".", inner
	walk()
	f.end()
	f.within = around
	if f.mode != writing {
		f.buf = rest
		return
	}
	written := f.buf
	f.buf = outside
	f.counted(name, 2, written)
}

// entryBytes returns the entry's bytes when reading.
func (f *fields) entryBytes(name string) []byte {
	if f.mode != reading {
		return nil
	}
	return f.counted(name, 2, nil)
}
