// Package payload prepares the data of messages for the journal: it masks secrets, seals personal data, and finds the client,
// the reference and the reason of a refusal. It reads JSON that was decoded before, so it is valid.
package payload

// member is one member of an object: its name and where its value begins.
type member struct {
	name []byte // without quotes, as it is written
	from int    // where the value begins
	text []byte // the whole text
}

// to returns where the value ends. It reads the value, so only those who need it ask.
func (m member) to() int { return end(m.text, m.from) }

// value returns the value as it is written.
func (m member) value() []byte { return m.text[m.from:m.to()] }

// walk calls visit for every member of every object of a valid JSON text, an outer one before those within. If visit returns
// true, walk does not look into the value.
func walk(text []byte, visit func(member) (done bool)) {
	w := walker{text: text, visit: visit}
	w.value(0)
}

type walker struct {
	text  []byte
	visit func(member) bool
}

// value walks through the value that begins at i, and returns where it ends.
func (w walker) value(i int) int {
	i = w.blank(i)
	if i >= len(w.text) {
		return i
	}
	switch w.text[i] {
	case '{':
		return w.object(i)
	case '[':
		return w.array(i)
	}
	return end(w.text, i)
}

func (w walker) object(i int) int {
	for i++; ; {
		i = w.blank(i)
		if i >= len(w.text) || w.text[i] == '}' {
			return i + 1
		}
		if w.text[i] == ',' {
			i++
			continue
		}
		after := end(w.text, i)
		if w.text[i] != '"' || after <= i+1 {
			return len(w.text)
		}
		name := w.text[i+1 : after-1]
		from := w.blank(w.blank(after) + 1) // behind the colon
		if from >= len(w.text) {
			return from
		}
		if m := (member{name, from, w.text}); w.visit(m) {
			i = m.to()
		} else {
			i = w.value(from)
		}
	}
}

func (w walker) array(i int) int {
	for i++; ; {
		i = w.blank(i)
		switch {
		case i >= len(w.text):
			return i
		case w.text[i] == ']':
			return i + 1
		case w.text[i] == ',':
			i++
		default:
			i = max(w.value(i), i+1)
		}
	}
}

func (w walker) blank(i int) int {
	for i < len(w.text) && (w.text[i] == ' ' || w.text[i] == '\n' || w.text[i] == '\t' || w.text[i] == '\r') {
		i++
	}
	return i
}

// end returns where the value that begins at i ends.
func end(text []byte, i int) int {
	depth := 0
	for ; i < len(text); i++ {
		switch text[i] {
		case '"':
			if i = closing(text, i); depth == 0 {
				return min(i+1, len(text))
			}
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1
			}
			if depth < 0 {
				return i
			}
		case ',', ' ', '\n', '\t', '\r', ':':
			if depth == 0 {
				return i
			}
		}
	}
	return i
}

// closing returns where the string that begins at i has its closing quote.
func closing(text []byte, i int) int {
	for i++; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i
		}
	}
	return i
}
