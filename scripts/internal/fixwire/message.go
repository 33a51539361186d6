package fixwire

import (
	"bytes"
	"fmt"
	"time"
)

// Field is one tag and its value.
type Field struct {
	Tag   int
	Value []byte
}

// Message is one received message. Its values point into the reader's buffer: copy what must outlive the next read.
type Message struct {
	Kind   string // MsgType (35)
	Seq    int    // MsgSeqNum (34)
	Fields []Field
}

// Get returns the value of the first field with the tag; nil if there is none.
func (m *Message) Get(tag int) []byte {
	for _, f := range m.Fields {
		if f.Tag == tag {
			return f.Value
		}
	}
	return nil
}

// Text returns the value of the first field with the tag as a string; empty if there is none.
func (m *Message) Text(tag int) string { return string(m.Get(tag)) }

// Int returns the first field with the tag as a whole number; false if there is none or it is not a number.
func (m *Message) Int(tag int) (int, bool) { return number(m.Get(tag)) }

// Time returns the first field with the tag as a UTCTimestamp; false if there is none or it is not a time.
func (m *Message) Time(tag int) (time.Time, bool) {
	t, err := time.Parse("20060102-15:04:05", m.Text(tag)) // accepts any fraction
	return t, err == nil
}

func (m *Message) flag(tag int) bool { return m.Text(tag) == "Y" }

// parse splits a message whose frame is already checked. Kind and Seq do not point into raw.
func (m *Message) parse(raw []byte) error {
	m.Fields = m.Fields[:0]
	for len(raw) > 0 {
		end := bytes.IndexByte(raw, separator)
		if end < 0 {
			return fmt.Errorf("%w: field without end", ErrGarbled)
		}
		digits, value, found := bytes.Cut(raw[:end], []byte{'='})
		tag, ok := number(digits)
		if !found || !ok || digits[0] == '0' || len(value) == 0 { // a tag has no leading zero
			return fmt.Errorf("%w: field %q", ErrGarbled, raw[:end])
		}
		m.Fields = append(m.Fields, Field{tag, value})
		raw = raw[end+1:]
	}
	// The first three fields are 8, 9 and 35, in this order (FIX 4.4, volume 1).
	if len(m.Fields) < 4 || m.Fields[2].Tag != tagMsgType {
		return fmt.Errorf("%w: MsgType is not the third field", ErrGarbled)
	}
	m.Kind = string(m.Fields[2].Value)
	var ok bool
	if m.Seq, ok = m.Int(tagMsgSeqNum); !ok {
		return fmt.Errorf("%w: MsgSeqNum %q", ErrGarbled, m.Get(tagMsgSeqNum))
	}
	return nil
}
