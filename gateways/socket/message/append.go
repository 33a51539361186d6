package message

// AppendRequest appends a provider's message in the Current version. It fails with a *Fault that names the field which
// ParseRequest would refuse; b is as it was then.
func AppendRequest(b []byte, m Request) ([]byte, error) {
	return written(b, m, m.Head().walk)
}

// AppendAnswer appends a message of the core's in the Current version. It fails as AppendRequest does.
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

// walk goes through the whole message, in whatever mode but reading.
func walk(f *fields, m Message, head func(*fields)) {
	t, version := m.Type(), Current
	octet(f, "type", &t)
	octet(f, "version", &version)
	head(f)
	m.fields(f)
}
