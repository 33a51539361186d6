package message

// Layout describes a request or an answer, field by field.
func Layout(m Message) []Field {
	f := &fields{mode: describing}
	walk(f, m, headOf(m))
	return f.layout
}

// Raw writes a message as it is, whatever is wrong with it.
func Raw(m Message) []byte {
	f := &fields{mode: writing}
	walk(f, m, headOf(m))
	return f.buf
}

func headOf(m Message) func(*fields) {
	if r, ok := m.(Request); ok {
		return r.Head().walk
	}
	return m.(Answer).Head().walk
}
