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

// fields visits a message's fields in order and reads, writes or describes each of them. The same code checks a value in all three
// modes. It keeps the first fault; after a fault it reads zero values.
type fields struct {
	mode   mode
	buf    []byte // reading: the bytes that are left; writing: the bytes so far
	newer  bool   // reading: the sender's version may have fields that we do not know
	minor  int    // reading: the sender's minor version
	within string // the present entry of a group: "legs[1]."
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

// plain describes a form without bounds.
type plain string

func (p plain) String() string { return string(p) }

// fixed handles a field of a fixed size: it writes the given bytes, or returns those that it reads.
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

// counted handles a field that begins with its length, in width bytes.
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

// since reports whether the message has the fields that a minor version appended. Without them they are zero.
func (f *fields) since(minor int) bool {
	return f.mode != reading || f.minor >= minor
}

// end checks that no bytes are left, unless a newer version may have more fields.
func (f *fields) end() {
	if f.mode == reading && len(f.buf) > 0 && !f.newer {
		f.fail("end", "bytes follow the last field")
	}
}
