package message

import (
	"encoding/binary"
	"fmt"
)

type mode int

const (
	reading mode = iota
	writing
	describing
)

// fields walks through a message's fields in their order and reads, writes or describes each. Whatever the mode, a
// value is checked by the same lines. The first fault stays; after it, what is read is zero.
type fields struct {
	mode   mode
	buf    []byte // reading: what is left; writing: what is there
	newer  bool   // reading: the sender may know fields that we do not
	within string // the entry of a group that is walked: "legs[1]."
	fault  *Fault
	layout []Field // describing
}

// Field is one line of a message's layout.
type Field struct {
	Name string
	Size string // bytes
	Form string
}

const ruleNeeded = "needed"

// fail notes a fault of a field of this message.
func (f *fields) fail(name, rule string) {
	if f.fault == nil && f.mode != describing {
		f.fault = &Fault{Reason: Malformed, Field: f.within + name, Rule: rule}
	}
}

// describe notes a line of the layout.
func (f *fields) describe(name, size string, form fmt.Stringer) {
	if f.mode == describing {
		f.layout = append(f.layout, Field{Name: f.within + name, Size: size, Form: form.String()})
	}
}

// plain is a form without bounds of its own.
type plain string

func (p plain) String() string { return string(p) }

// fixed passes on a field of a fixed size: what is given when writing, what comes when reading.
func (f *fields) fixed(name string, given []byte) []byte {
	switch {
	case f.mode == writing:
		f.buf = append(f.buf, given...)
		return given
	case f.mode == describing:
		return given
	case len(f.buf) < len(given):
		f.fail(name, "the message ends before it")
		f.buf = nil
		return make([]byte, len(given))
	}
	taken := f.buf[:len(given)]
	f.buf = f.buf[len(given):]
	return taken
}

// counted passes on a field that its length goes before, in width bytes.
func (f *fields) counted(name string, width int, given []byte) []byte {
	var length [8]byte
	binary.BigEndian.PutUint64(length[:], uint64(len(given)))
	copy(length[8-width:], f.fixed(name, length[8-width:]))
	size := int(binary.BigEndian.Uint64(length[:]))
	if f.mode != reading {
		return f.fixed(name, given)
	}
	if size > len(f.buf) {
		f.fail(name, "the message ends within it")
		size = 0
	}
	return f.fixed(name, f.buf[:size])
}

// end checks that nothing follows that we should have understood.
func (f *fields) end() {
	if f.mode == reading && len(f.buf) > 0 && !f.newer {
		f.fail("end", "bytes follow the last field")
	}
}
