package message

// AppendRequest appends a provider's message in the Current version. If ParseRequest would refuse the message, it returns a *Fault
// that names the field, and b unchanged.
func AppendRequest(b []byte, m Request) ([]byte, error) {
	return written(b, m, m.Head().walk)
}

// AppendAnswer appends a message of the core in the Current version. It fails like AppendRequest.
func AppendAnswer(b []byte, m Answer) ([]byte, error) {
	return written(b, m, m.Head().walk)
}

func written(b []byte, m Message, head func(*fields)) ([]byte, error) {
	f := &fields{mode: writing, buf: b}
	walk(f, m, head)
	if f.fault != nil {
		f.fault.Type, f.fault.Version = m.Type(), Current
		return b, f.fault
	}
	return f.buf, nil
}

// walk visits all fields of a message, to write or to describe it.
func walk(f *fields, m Message, head func(*fields)) {
	t, version := m.Type(), Current
	octet(f, "type", &t)
	octet(f, "version", &version)
	head(f)
	m.fields(f)
}
